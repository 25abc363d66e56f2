import { ENTITIES, type SearchEntity } from "../entities.ts";
import type { Entity, Lookup, LookupKind } from "../entity.ts";
import { RivuletError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { FilterField } from "./filter.ts";

/** A field of the vocabulary, and how it compares. `any` takes numbers and text. */
export interface TypedField {
  readonly field: FilterField;
  readonly type: "text" | "number" | "any";
  readonly sortable: boolean;
}

/** Words that stand for the entity itself. */
const ITSELF: readonly string[] = ["attribute", "attributes", "attr"];

/**
 * Finds what `path` means in the searches of `entity`: `metrics.acc`, `attributes.run_name`, `name`.
 *
 * @throws RivuletError `invalid_argument` that lists what there is
 */
export function resolveField(entity: SearchEntity, path: readonly string[]): TypedField {
  const declared: Entity<SearchEntity, string> = ENTITIES[entity];
  const [head = "", ...rest] = path;
  if (rest.length === 0) return resolveAttribute(declared, head);
  const prefix = head.toLowerCase();
  const key = rest.join(".");
  if (key.length > LIMITS.name) throw unknownField(declared, path.join("."));
  if (ITSELF.includes(prefix) || declared.prefixes?.includes(prefix)) {
    return resolveAttribute(declared, key);
  }
  for (const [kind, lookup] of lookupsOf(declared)) {
    if (lookup.prefixes.includes(prefix)) return resolveKey(declared, kind, key);
  }
  throw unknownField(declared, path.join("."));
}

function lookupsOf({ lookups }: Entity): readonly (readonly [LookupKind, Lookup])[] {
  return Object.entries(lookups) as [LookupKind, Lookup][];
}

function resolveAttribute(entity: Entity, name: string): TypedField {
  const alias = name.toLowerCase();
  const given = Object.hasOwn(entity.aliases, alias) ? entity.aliases[alias] : name;
  const key = attributesOf(entity).find((field) => field.toLowerCase() === given?.toLowerCase());
  if (key === undefined) throw unknownField(entity, name);
  const isSpecial = (entity.texts as readonly string[] | undefined)?.includes(key) ?? false;
  const isText = isSpecial || entity.columns[key]?.startsWith("text");
  return {
    field: { kind: "attribute", key },
    type: isText ? "text" : "number",
    sortable: !isSpecial,
  };
}

/** What can be named without a key. */
function attributesOf({ searched, intervals = {}, texts = [] }: Entity): readonly string[] {
  return [...searched, ...Object.keys(intervals), ...texts];
}

function resolveKey(entity: Entity, kind: LookupKind, key: string): TypedField {
  const lookup = entity.lookups[kind];
  const known = lookup?.keys?.find((name) =>
    name.endsWith(".") ? key.startsWith(name) : key === name,
  );
  if (lookup === undefined || (lookup.keys !== undefined && known === undefined)) {
    throw unknownField(entity, `${kind}.${key}`);
  }
  const isFreeKey = known === undefined || known.endsWith(".");
  return {
    field: { kind, key },
    type: isFreeKey ? lookup.type : "text",
    // What may be a number or a text has no order.
    sortable: lookup.type !== "any",
  };
}

function unknownField(entity: Entity, name: string): RivuletError {
  const keyed = lookupsOf(entity).flatMap(([, { prefixes }]) => prefixes);
  const known = [...attributesOf(entity), ...keyed.map((prefix) => `${prefix}.<key>`)];
  return new RivuletError(
    "invalid_argument",
    `Unknown field "${name.slice(0, 100)}". Known are: ${known.join(", ")}.`,
    { details: { field: name.slice(0, 100) } },
  );
}
