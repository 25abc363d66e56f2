import { type FilterField, RivuletError } from "@rivulet/domain";
import type { Entity, LookupPlace } from "@rivulet/domain/entities";
import type { Dialect } from "../dialect.ts";
import { columnOf, expressionOf, fieldsOf } from "../kit/declared-table.ts";
import type { Compared } from "./compare.ts";
import type { SearchScope } from "./search-scope.ts";

/** A field of the entity itself, as an expression over its table `t`. */
export interface Attribute {
  readonly expression: string;
  /** Times are given in milliseconds and stored in microseconds. */
  readonly type: "text" | "number" | "time";
  readonly nullable: boolean;
}

/** A value that is looked up by a key. */
export interface KeyedValue {
  /** What stands behind FROM, with the alias `v`. */
  readonly table: string;
  /** The condition that a row of it belongs to a row of `t`. */
  readonly owned: string;
  /** What it is a value of: the key of a row of `t`. */
  readonly owner: string;
  /** The condition that it has the key, which is bound. */
  readonly keyed: string;
  readonly value: Compared;
  /** Its rows have an `experiment_id`, which leads an index with the key and the value. */
  readonly isScoped: boolean;
}

/** A subquery over a value, but for its SELECT; the key is bound. */
export function fromKeyed({ table, owned, keyed }: KeyedValue): string {
  return `FROM ${table} WHERE ${[owned, keyed].filter((part) => part !== "").join(" AND ")}`;
}

/** @throws RivuletError `invalid_argument` for a field that this list does not have */
export function attributeOf(entity: Entity, field: string): Attribute {
  if (Object.hasOwn(entity.intervals ?? {}, field)) {
    return { expression: expressionOf(entity, field, "t"), type: "number", nullable: true };
  }
  const type = entity.searched.includes(field) ? fieldsOf(entity)[field] : undefined;
  if (type === undefined) throw unknownField(entity, field);
  return {
    expression: `t.${columnOf(entity, field)}`,
    type: type.startsWith("text") ? "text" : type.startsWith("time") ? "time" : "number",
    nullable: type.endsWith("?"),
  };
}

/** @throws RivuletError `invalid_argument` for a look-up that this list does not have */
export function lookupOf({ entity, dialect }: SearchScope, field: FilterField): KeyedValue {
  const lookup = field.kind === "attribute" ? undefined : entity.lookups[field.kind];
  switch (lookup?.in.place) {
    case "member":
      return memberOf(entity, lookup.in.of, dialect);
    case "rows":
      return rowOf(entity, lookup.in, dialect);
    case "tags":
      return tagOf(entity, dialect);
    default:
      throw unknownField(entity, `${field.kind}.${field.key}`);
  }
}

/** The member of a JSON object. */
function memberOf(entity: Entity, field: string, { json }: Dialect): KeyedValue {
  const members = json.members(`t.${columnOf(entity, field)}`, "v");
  return {
    table: members.from,
    owned: "",
    owner: "",
    keyed: "v.key = ?",
    value: { type: "any", expression: members },
    isScoped: false,
  };
}

function tagOf(entity: Entity, dialect: Dialect): KeyedValue {
  const owner = columnOf(entity, entity.tagged ?? "");
  return {
    table: "tags v",
    owner: "v.owner",
    owned: `v.entity = '${entity.name}' AND v.owner = t.${owner}`,
    keyed: "v.key = ?",
    value: textOrNumber("v.value", dialect.number("v.value")),
    isScoped: false,
  };
}

function rowOf(
  entity: Entity,
  { table, owner, key, kind, json, number, scoped }: Extract<LookupPlace, { place: "rows" }>,
  dialect: Dialect,
): KeyedValue {
  const [id = ""] = entity.key;
  const owned = `v.${owner} = t.${columnOf(entity, id)}`;
  return {
    table: `${table} v`,
    owner: `v.${owner}`,
    owned: kind === undefined ? owned : `${owned} AND v.kind = '${kind}'`,
    keyed: `v.${key} = ?`,
    value:
      json === true
        ? { type: "any", expression: dialect.json.value("v.value") }
        : number === undefined
          ? { type: "real", expression: "v.value" }
          : textOrNumber("v.value", `v.${number}`),
    isScoped: scoped === true,
  };
}

function textOrNumber(text: string, number: string): Compared {
  return { type: "any", expression: { text, number } };
}

function unknownField(entity: Entity, field: string): RivuletError {
  const known = [
    ...entity.searched,
    ...Object.keys(entity.intervals ?? {}),
    ...(entity.texts ?? []),
    ...Object.keys(entity.lookups).map((kind) => `${kind}.<key>`),
  ];
  return new RivuletError(
    "invalid_argument",
    `There is no field "${field}". Fields: ${known.join(", ")}.`,
  );
}
