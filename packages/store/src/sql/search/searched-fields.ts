import { type FilterField, RivuletError } from "@rivulet/domain";
import type { Entity, LookupPlace } from "@rivulet/domain/entities";
import type { Statement } from "../database.ts";
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
  /** Operand of FROM, with the alias `v`. */
  readonly table: string;
  /** The condition that a row of it belongs to a row of `t`. */
  readonly owned: string;
  /** The owner of the value: what `of` is in a row of `t`. */
  readonly owner: string;
  readonly of: string;
  /** The condition that it has the key. */
  readonly keyed: Statement;
  readonly value: Compared;
  /** One key may have several values. */
  readonly isMany: boolean;
  /** An index has the values of the key, each with its owner; only when a single experiment is searched. */
  readonly isIndexed: boolean;
}

/** A subquery over a value, without its SELECT. */
export function fromKeyed({ table, owned, keyed }: KeyedValue): Statement {
  const conditions = [owned, keyed.sql].filter((part) => part !== "");
  return { sql: `FROM ${table} WHERE ${conditions.join(" AND ")}`, values: keyed.values };
}

/** @throws RivuletError `invalid_argument` for an unknown field */
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

/** @throws RivuletError `invalid_argument` for an unknown lookup */
export function lookupOf(scope: SearchScope, field: FilterField): KeyedValue {
  const { entity } = scope;
  const lookup = field.kind === "attribute" ? undefined : entity.lookups[field.kind];
  switch (lookup?.in.place) {
    case "member":
      return memberOf(scope, lookup.in.of, field);
    case "rows":
      return rowOf(scope, lookup.in, field);
    case "columns":
      return columnOfRows(scope, lookup.in, field);
    case "tags":
      return tagOf(scope, field);
    default:
      throw unknownField(entity, `${field.kind}.${field.key}`);
  }
}

/** The member of a JSON object. */
function memberOf({ entity, dialect }: SearchScope, of: string, { key }: FilterField): KeyedValue {
  const members = dialect.json.members(`t.${columnOf(entity, of)}`, "v");
  return {
    table: members.from,
    owned: "",
    owner: "",
    of: "",
    keyed: { sql: "v.key = ?", values: [key] },
    value: { type: "any", expression: members },
    isMany: false,
    isIndexed: false,
  };
}

function tagOf({ entity, dialect }: SearchScope, { key }: FilterField): KeyedValue {
  const of = `t.${columnOf(entity, entity.tagged ?? "")}`;
  return {
    table: "tags v",
    owner: "v.owner",
    of,
    owned: `v.entity = '${entity.name}' AND v.owner = ${of}`,
    keyed: { sql: "v.key = ?", values: [key] },
    value: textOrNumber("v.value", dialect.number("v.value")),
    isMany: false,
    isIndexed: false,
  };
}

type ColumnsPlace = Extract<LookupPlace, { place: "columns" }>;

function columnOfRows(
  { entity }: SearchScope,
  place: ColumnsPlace,
  { key }: FilterField,
): KeyedValue {
  const of = `t.${columnOf(entity, entity.key[0] ?? "")}`;
  const expression = `v.${key}`;
  return {
    table: `${place.table} v`,
    owner: `v.${place.owner}`,
    of,
    owned: `v.${place.owner} = ${of}`,
    keyed: { sql: `${expression} <> ''`, values: [] },
    value: { type: "text", expression },
    isMany: true,
    isIndexed: false,
  };
}

type RowsPlace = Extract<LookupPlace, { place: "rows" }>;

function rowOf(scope: SearchScope, place: RowsPlace, { key }: FilterField): KeyedValue {
  const { entity, dialect, experimentIds } = scope;
  const of = `t.${columnOf(entity, place.of ?? entity.key[0] ?? "")}`;
  const owner = `v.${place.owner}`;
  const owned = `${owner} = ${of}`;
  return {
    table: `${place.table} v`,
    owner,
    of,
    owned: place.kind === undefined ? owned : `${owned} AND v.kind = '${place.kind}'`,
    keyed:
      place.keys === undefined
        ? keyedOn(place, key, scope)
        : numbered(place, { key, experimentIds, own: `t.${columnOf(entity, "experimentId")}` }),
    value: storedValue(place, dialect),
    isMany: place.json === true || place.many === true,
    isIndexed: place.keys !== undefined && experimentIds.length === 1,
  };
}

/** The rows of a key, of those datasets that the search is about. */
function keyedOn(
  { key: column, dataset }: RowsPlace,
  key: string,
  { datasets = [] }: SearchScope,
): Statement {
  const named = { sql: `v.${column} = ?`, values: [key] };
  if (dataset === undefined || datasets.length === 0) return named;
  const any = datasets.map(({ digest }) =>
    digest === undefined
      ? `v.${dataset.name} = ?`
      : `(v.${dataset.name} = ? AND v.${dataset.digest} = ?)`,
  );
  const values = datasets.flatMap(({ name, digest }) =>
    digest === undefined ? [name] : [name, digest],
  );
  return { sql: `${named.sql} AND (${any.join(" OR ")})`, values: [...named.values, ...values] };
}

interface NamedKey {
  readonly key: string;
  readonly experimentIds: readonly string[];
  /** The experiment of a row of `t`. */
  readonly own: string;
}

/** The number of a key is looked up once when a single experiment is searched, else for each row of `t`. */
function numbered(
  { key: column, keys = { table: "", kind: "" } }: RowsPlace,
  { key, experimentIds, own }: NamedKey,
): Statement {
  const [experiment, values] = experimentIds.length === 1 ? ["?", experimentIds] : [own, []];
  return {
    sql: `v.${column} = (SELECT k.id FROM ${keys.table} k
      WHERE k.experiment_id = ${experiment} AND k.kind = '${keys.kind}' AND k.key = ?)`,
    values: [...values, key],
  };
}

function storedValue({ json, number, value = "value" }: RowsPlace, dialect: Dialect): Compared {
  if (json === true) return { type: "any", expression: dialect.json.value("v.value") };
  return number === undefined
    ? { type: "real", expression: `v.${value}` }
    : textOrNumber("v.value", `v.${number}`);
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
