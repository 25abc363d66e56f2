import { RivuletError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { type FieldType, SEARCH_FIELDS, type SearchEntity, SPAN_FIELDS } from "./fields.ts";
import type { FilterField } from "./filter.ts";

/** A field of the vocabulary, and how it compares. `any` takes numbers and text. */
export interface TypedField {
  readonly field: FilterField;
  readonly type: FieldType | "any";
}

/**
 * Finds what `path` means in the searches of `entity`: `metrics.acc`, `attributes.run_name`, `name`.
 *
 * @throws RivuletError `invalid_argument` that lists what there is
 */
export function resolveField(entity: SearchEntity, path: readonly string[]): TypedField {
  const [head = "", ...rest] = path;
  if (rest.length === 0) return resolveAttribute(entity, head);
  const { prefixes } = SEARCH_FIELDS[entity];
  const prefix = head.toLowerCase();
  const kind = Object.hasOwn(prefixes, prefix) ? prefixes[prefix] : undefined;
  const key = rest.join(".");
  if (kind === undefined || key.length > LIMITS.name) throw unknownField(entity, path.join("."));
  if (kind === "attribute") return resolveAttribute(entity, key);
  if (kind === "span") return resolveSpanField(entity, key);
  return { field: { kind, key }, type: KEY_TYPES[kind] };
}

const KEY_TYPES: Readonly<Record<Exclude<FilterField["kind"], "attribute">, TypedField["type"]>> = {
  metric: "number",
  param: "text",
  tag: "text",
  metadata: "any",
  feedback: "any",
  expectation: "any",
  span: "any",
};

function resolveAttribute(entity: SearchEntity, name: string): TypedField {
  const { attributes, aliases } = SEARCH_FIELDS[entity];
  const alias = name.toLowerCase();
  const key = Object.hasOwn(aliases, alias) ? aliases[alias] : canonical(attributes, alias);
  const type = key === undefined ? undefined : attributes[key];
  if (key === undefined || type === undefined) throw unknownField(entity, name);
  return { field: { kind: "attribute", key }, type };
}

function canonical(
  attributes: Readonly<Record<string, FieldType>>,
  name: string,
): string | undefined {
  return Object.keys(attributes).find((attribute) => attribute.toLowerCase() === name);
}

function resolveSpanField(entity: SearchEntity, key: string): TypedField {
  const isKnown = SPAN_FIELDS.includes(key) || key.startsWith("attributes.");
  if (!isKnown) throw unknownField(entity, `span.${key}`);
  return { field: { kind: "span", key }, type: key.startsWith("attributes.") ? "any" : "text" };
}

function unknownField(entity: SearchEntity, name: string): RivuletError {
  const { attributes, prefixes } = SEARCH_FIELDS[entity];
  const dotted = Object.keys(prefixes).filter((prefix) => prefixes[prefix] !== "attribute");
  const known = [...Object.keys(attributes), ...dotted.map((prefix) => `${prefix}.<key>`)];
  return new RivuletError(
    "invalid_argument",
    `Unknown field "${name.slice(0, 100)}". Known are: ${known.join(", ")}.`,
    { details: { field: name.slice(0, 100) } },
  );
}
