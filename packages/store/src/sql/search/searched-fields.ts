import { type FilterField, RivuletError } from "@rivulet/domain";
import type { Entity, LookupPlace } from "@rivulet/domain/entities";
import type { Dialect } from "../dialect.ts";
import { columnOf, fieldsOf } from "../kit/declared-table.ts";
import type { Compared } from "./compare.ts";

/** A field of the entity itself, as an expression over its table `t`. */
export interface Attribute {
  readonly expression: string;
  /** Times are given in milliseconds and stored in microseconds. */
  readonly type: "text" | "number" | "time";
  readonly nullable: boolean;
}

/** A value that is looked up by a key. */
export interface KeyedValue {
  /** A subquery over `v` that ends in a WHERE on the owner and the bound key. */
  readonly from: string;
  readonly value: Compared;
  /** A scalar subquery with the key bound, to sort by. */
  readonly sortValue?: string;
}

/** @throws RivuletError `invalid_argument` for a field that this list does not have */
export function attributeOf(entity: Entity, field: string): Attribute {
  const interval = entity.intervals?.[field];
  if (interval !== undefined && Object.hasOwn(entity.intervals ?? {}, field)) {
    const [from, to] = [columnOf(entity, interval.from), columnOf(entity, interval.to)];
    return { expression: `((t.${to} - t.${from}) / 1000.0)`, type: "number", nullable: true };
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
export function lookupOf(entity: Entity, field: FilterField, dialect: Dialect): KeyedValue {
  const lookup = field.kind === "attribute" ? undefined : entity.lookups[field.kind];
  if (lookup === undefined || lookup.in.place === "spans")
    throw unknownField(entity, `${field.kind}.${field.key}`);
  if (lookup.in.place === "member") return memberOf(entity, lookup.in.of, dialect);
  const from = fromOf(entity, lookup.in);
  if (lookup.type === "any") {
    return { from, value: { type: "json", expression: dialect.json.value("v.value") } };
  }
  return {
    from,
    value: { type: lookup.type, expression: "v.value" },
    sortValue: `(SELECT v.value ${from})`,
  };
}

/** The member of a JSON object. */
function memberOf(entity: Entity, field: string, { json }: Dialect): KeyedValue {
  const members = json.members(`t.${columnOf(entity, field)}`, "v");
  return {
    from: `FROM ${members.from} WHERE v.key = ?`,
    value: { type: "json", expression: members },
  };
}

function fromOf(entity: Entity, place: LookupPlace): string {
  if (place.place !== "rows") {
    const owner = columnOf(entity, entity.tagged ?? "");
    return `FROM tags v WHERE v.entity = '${entity.name}' AND v.owner = t.${owner} AND v.key = ?`;
  }
  const { table, owner, key, kind } = place;
  const only = kind === undefined ? "" : ` AND v.kind = '${kind}'`;
  const [id = ""] = entity.key;
  return `FROM ${table} v WHERE v.${owner} = t.${columnOf(entity, id)}${only} AND v.${key} = ?`;
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
