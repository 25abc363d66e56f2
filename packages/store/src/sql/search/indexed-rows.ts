import type { FilterField } from "@rivulet/domain";
import { type EntityIndex, PARTS, type StoredTable } from "@rivulet/domain/entities";
import type { Statement } from "../database.ts";
import { beginning, columnOf } from "../kit/declared-table.ts";
import { presence } from "./compare.ts";
import { tracesWithPrompt } from "./prompt-filter.ts";
import type { SearchScope } from "./search-scope.ts";
import { lookupOf } from "./searched-fields.ts";
import { tracesWithFingerprint } from "./special-texts.ts";

/** What an index has of an equality: SELECTs of `id` that together have its rows; undefined when none has it. */
export function rowsEqualTo(
  field: FilterField,
  value: string,
  scope: SearchScope,
): readonly Statement[] | undefined {
  const { entity } = scope;
  const [id = "", ...others] = entity.key;
  if (others.length > 0) return undefined;
  const { kind, key } = field;
  if (kind === "attribute") return rowsByAttribute({ field: key, value, id }, scope);
  const place = entity.lookups[kind]?.in.place;
  if (place === "spans") return rowsBySpan({ field: key, value });
  if (place === "tags" && entity.tagged === id) {
    return [rowsByTag({ field: key, value }, scope)];
  }
  return place === "rows" ? rowsByParam({ ...field, value }, scope) : undefined;
}

interface Sought {
  readonly field: string;
  readonly value: string;
}

/** By a column of the table; `id` identifies the rows. */
interface SoughtColumn extends Sought {
  readonly id: string;
}

function rowsByAttribute(
  sought: SoughtColumn,
  { entity, experimentIds }: SearchScope,
): readonly Statement[] | undefined {
  const { field, value, id } = sought;
  if (field === "prompt" && entity.texts?.includes(field) === true) {
    return [tracesWithPrompt(value)];
  }
  if (field === "errorFingerprint") return [tracesWithFingerprint(value)];
  const own = entity.indexes?.find(({ where }) => where?.field === field && where.is === value);
  if (own === undefined) return rowsByColumn(entity, sought);
  // A partial index of exactly these rows, by experiment.
  const [column, key] = [columnOf(entity, field), columnOf(entity, id)];
  const sql = `SELECT x.${key} AS id FROM ${entity.table} x WHERE x.${column} = '${own.where?.is}'`;
  if (experimentIds.length === 0) return [{ sql, values: [] }];
  return experimentIds.map((experimentId) => ({
    sql: `${sql} AND x.${columnOf(entity, "experimentId")} = ?`,
    values: [experimentId],
  }));
}

function rowsByColumn(
  declared: StoredTable,
  { field, value, id }: SoughtColumn,
): readonly Statement[] | undefined {
  const isKey = declared.key.length === 1 && field === id;
  const index: EntityIndex | undefined = isKey
    ? { name: "", on: [id] }
    : declared.indexes?.find((one) => isLedBy(one, field));
  if (index === undefined) return undefined;
  const column = `x.${columnOf(declared, field)}`;
  const from = `SELECT x.${columnOf(declared, id)} AS id FROM ${declared.table} x WHERE ${column} = ?`;
  if (index.cut === true) {
    // The column itself, too: PostgreSQL has statistics for it, but not for a part of its values.
    const begins = `${beginning(column)} = ${beginning("CAST(? AS TEXT)")}`;
    return [{ sql: `${from} AND ${begins}`, values: [value, value] }];
  }
  // A partial index is used only if its condition is repeated.
  const isThere = index.where === undefined ? "" : ` AND ${column} IS NOT NULL`;
  return [{ sql: `${from}${isThere}`, values: [value] }];
}

/** There are so few types that an index of all spans would list a trace many times. */
function rowsBySpan({ field, value }: Sought): readonly Statement[] | undefined {
  // A failed call is one of all calls, and a tool's name is the name of its span.
  const called = field.replace(/^failed\./, "");
  const column = called === "tool" ? "name" : called;
  if (column !== "type") return rowsByColumn(PARTS.span, { field: column, value, id: "traceId" });
  const sql = "SELECT y.trace_id AS id FROM trace_span_types y WHERE y.type = ?";
  return [{ sql, values: [value] }];
}

function isLedBy({ on: [first], where }: EntityIndex, field: string): boolean {
  if (where !== undefined && (where.field !== field || where.is !== undefined)) return false;
  return first === field && field !== "experimentId";
}

function rowsByTag({ field, value }: Sought, { entity, dialect }: SearchScope): Statement {
  const isValue = dialect.longEquals("v.value", value);
  return {
    sql: `SELECT v.owner AS id FROM tags v WHERE v.entity = ? AND v.key = ? AND ${isValue.sql}`,
    values: [entity.name, field, ...isValue.values],
  };
}

/** Values indexed with their owners, by experiment; a number cannot be found by its text alone. */
function rowsByParam(
  { kind, key, value }: FilterField & { readonly value: string },
  scope: SearchScope,
): readonly Statement[] | undefined {
  const { entity, dialect, experimentIds } = scope;
  const id = columnOf(entity, entity.key[0] ?? "");
  const parts = experimentIds.flatMap((experimentId): readonly Statement[] => {
    const keyedValue = lookupOf({ ...scope, experimentIds: [experimentId] }, { kind, key });
    const { table, owned, keyed, value: stored, isIndexed } = keyedValue;
    if (!isIndexed || stored.type !== "any") return [];
    const isValue = dialect.longEquals(presence(stored), value);
    // The values refer to their owner by something other than its key.
    const from = `${table} CROSS JOIN ${entity.table} t`;
    return [
      {
        sql: `SELECT t.${id} AS id FROM ${from} WHERE ${keyed.sql} AND ${isValue.sql} AND ${owned}`,
        values: [...keyed.values, ...isValue.values],
      },
    ];
  });
  return parts.length === 0 ? undefined : parts;
}
