import { ENTITIES, type SearchEntity } from "../entities.ts";
import type { Entity, Lookup, LookupKind, SpecialText } from "../entity.ts";
import { RivuletError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { FilterField, FilterOperator } from "./filter.ts";

/** A field that filters may name, and how it compares. */
export interface TypedField {
  readonly field: FilterField;
  /** Its name in messages. */
  readonly name: string;
  /** `any` takes both numbers and text. */
  readonly type: "text" | "number" | "time" | "any";
  /** The only values it can have, in lower case. @default any text */
  readonly words?: readonly string[];
  /** The operators it takes. @default those that suit its type */
  readonly operators?: readonly FilterOperator[];
  readonly sortable: boolean;
}

/** Prefixes that stand for the entity itself. */
const ITSELF: readonly string[] = ["attribute", "attributes", "attr"];

const NAMES: readonly FilterOperator[] = ["=", "!=", "IN", "NOT IN"];
const PATTERNS: readonly FilterOperator[] = ["LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE"];

/** Operators of the special text filters. */
const SPECIAL: Readonly<Record<SpecialText, readonly FilterOperator[]>> = {
  alias: [...NAMES, ...PATTERNS],
  prompt: NAMES,
  text: ["MATCH", ...PATTERNS],
  anyText: PATTERNS,
  error: [...NAMES, ...PATTERNS],
  errorFingerprint: NAMES,
  experiment: [...NAMES, ...PATTERNS],
};

/**
 * Resolves a path such as `metrics.acc`, `attributes.run_name` or `name` in searches of `entity`.
 *
 * @throws RivuletError `invalid_argument` that lists the known fields
 */
export function resolveField(entity: SearchEntity, path: readonly string[]): TypedField {
  const declared: Entity<SearchEntity, string> = ENTITIES[entity];
  const [head = "", ...rest] = path;
  const whole = path.join(".");
  const tag = tagNamed(declared, whole);
  if (tag !== undefined) return { ...resolveKey(declared, "tag", tag), name: whole };
  if (rest.length === 0 || Object.hasOwn(declared.aliases, whole.toLowerCase())) {
    return resolveAttribute(declared, whole);
  }
  const prefix = head.toLowerCase();
  const key = rest.join(".");
  if (key.length > LIMITS.name) {
    throw new RivuletError(
      "invalid_argument",
      `the key has ${key.length} characters; ${LIMITS.name} is the most`,
    );
  }
  if (ITSELF.includes(prefix) || declared.prefixes?.includes(prefix)) {
    return resolveAttribute(declared, key);
  }
  for (const [kind, lookup] of lookupsOf(declared)) {
    if (lookup.prefixes.includes(prefix)) return resolveKey(declared, kind, key);
  }
  throw unknownField(declared, whole);
}

/** The key of the tag that needs no prefix. */
function tagNamed({ tagNames = {} }: Entity, name: string): string | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(tagNames, key) ? tagNames[key] : undefined;
}

function lookupsOf({ lookups }: Entity): readonly (readonly [LookupKind, Lookup])[] {
  return Object.entries(lookups) as [LookupKind, Lookup][];
}

function resolveAttribute(entity: Entity, name: string): TypedField {
  const alias = name.toLowerCase();
  const given = Object.hasOwn(entity.aliases, alias) ? entity.aliases[alias] : name;
  const key = attributesOf(entity).find((field) => field.toLowerCase() === given?.toLowerCase());
  if (key === undefined) throw unknownField(entity, name);
  const field: FilterField = { kind: "attribute", key };
  const special = entity.texts?.find((text) => text === key);
  if (special !== undefined) {
    return { field, name: key, type: "text", operators: SPECIAL[special], sortable: false };
  }
  const words = entity.words?.[key];
  return {
    field,
    name: key,
    type: typeOf(entity, key),
    ...(words === undefined ? {} : { words }),
    sortable: true,
  };
}

function typeOf({ columns }: Entity, field: string): TypedField["type"] {
  const type = columns[field];
  if (type?.startsWith("text")) return "text";
  return type?.startsWith("time") ? "time" : "number";
}

/** The fields that need no key. */
function attributesOf({ searched, intervals = {}, texts = [] }: Entity): readonly string[] {
  return [...searched, ...Object.keys(intervals), ...texts];
}

/** A trace has many spans and a run many datasets, so there is no single value to sort by. */
const SEVERAL: readonly LookupKind[] = ["span", "dataset"];

function resolveKey(entity: Entity, kind: LookupKind, key: string): TypedField {
  const lookup = entity.lookups[kind];
  const name = `${kind}.${key}`;
  const field = lookup?.fields?.[key];
  if (field !== undefined && Object.hasOwn(lookup?.fields ?? {}, key)) {
    return resolveAttribute(entity, field);
  }
  const known = lookup?.keys?.find((candidate) =>
    candidate.endsWith(".") ? key.startsWith(candidate) : key === candidate,
  );
  if (lookup === undefined || (lookup.keys !== undefined && known === undefined)) {
    throw unknownField(entity, name);
  }
  const isFreeKey = known === undefined || known.endsWith(".");
  const words = lookup.words?.[key];
  return {
    field: { kind, key },
    name,
    type: isFreeKey ? lookup.type : lookup.numbers?.includes(key) === true ? "number" : "text",
    ...(words === undefined ? {} : { words }),
    ...(known === "content" ? { operators: SPECIAL.text } : {}),
    sortable: !SEVERAL.includes(kind),
  };
}

function unknownField(entity: Entity, name: string): RivuletError {
  const keyed = lookupsOf(entity).flatMap(([, { prefixes, keys = [""] }]) =>
    prefixes.flatMap((prefix) =>
      keys.map((key) => `${prefix}.${key}${key === "" || key.endsWith(".") ? "<key>" : ""}`),
    ),
  );
  const known = [...attributesOf(entity), ...Object.keys(entity.tagNames ?? {}), ...keyed];
  return new RivuletError(
    "invalid_argument",
    `unknown field "${name.slice(0, 100)}"; known are ${known.join(", ")}`,
    { details: { field: name.slice(0, 100) } },
  );
}
