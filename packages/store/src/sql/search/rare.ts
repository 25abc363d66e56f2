import type { Condition, FilterClause, FilterField } from "@rivulet/domain";
import { type EntityIndex, PARTS, type StoredTable } from "@rivulet/domain/entities";
import type { Sql, Statement } from "../database.ts";
import { beginning, columnOf } from "../kit/declared-table.ts";
import { number } from "../values.ts";
import { presence } from "./compare.ts";
import type { SearchScope } from "./search-scope.ts";
import { lookupOf } from "./searched-fields.ts";

/** Up to so many rows of an index are read and sorted; with more, the list is walked in its order. */
const MOST_ROWS = 1_000;

/**
 * The shortest way to a filter's rows: a SELECT of their `id`, of at most {@link MOST_ROWS} rows. It has all rows
 * that one equality of the filter finds, and maybe others; undefined when there is no such equality, or every one
 * finds many.
 */
export async function findRare(
  sql: Sql,
  where: readonly Condition[],
  scope: SearchScope,
): Promise<Statement | undefined> {
  for (const condition of where) {
    const rows = "field" in condition ? rowsEqualTo(condition, scope) : undefined;
    if (rows !== undefined && (await isRare(sql, rows))) return rows;
  }
  return undefined;
}

async function isRare(sql: Sql, rows: Statement): Promise<boolean> {
  const [row = {}] = await sql.all(`SELECT COUNT(*) AS count FROM (${rows.sql} LIMIT ?) found`, [
    ...rows.values,
    MOST_ROWS + 1,
  ]);
  return number(row, "count") <= MOST_ROWS;
}

/** What an index has of a clause; undefined when none has it. */
function rowsEqualTo(
  { operator, field, value }: FilterClause,
  scope: SearchScope,
): Statement | undefined {
  const { entity } = scope;
  const [id = "", ...others] = entity.key;
  if (operator !== "=" || typeof value !== "string" || others.length > 0) return undefined;
  if (field.kind === "attribute") return rowsByColumn(entity, { field: field.key, value, id });
  const place = entity.lookups[field.kind]?.in.place;
  if (place === "spans")
    return rowsByColumn(PARTS.span, { field: field.key, value, id: "traceId" });
  if (place === "tags" && entity.tagged === id)
    return rowsByTag(entity.name, { field: field.key, value });
  return place === "rows" ? rowsByParam({ ...field, value }, scope) : undefined;
}

interface Sought {
  readonly field: string;
  readonly value: string;
}

function rowsByColumn(
  declared: StoredTable,
  { field, value, id }: Sought & { readonly id: string },
): Statement | undefined {
  const index = (declared.indexes ?? []).find((one) => isLedBy(one, field));
  if (index === undefined) return undefined;
  const column = `x.${columnOf(declared, field)}`;
  const cut = index.cut === true;
  const [left, right] = cut ? [beginning(column), beginning("CAST(? AS TEXT)")] : [column, "?"];
  // A partial index is used where it is said that its condition holds.
  const isThere = index.where === undefined ? "" : ` AND ${column} IS NOT NULL`;
  const from = `${declared.table} x WHERE ${left} = ${right}${isThere}`;
  return { sql: `SELECT x.${columnOf(declared, id)} AS id FROM ${from}`, values: [value] };
}

function isLedBy({ on: [first], where }: EntityIndex, field: string): boolean {
  if (where !== undefined && (where.field !== field || where.is !== undefined)) return false;
  return first === field && field !== "experimentId";
}

function rowsByTag(entity: string, { field, value }: Sought): Statement {
  return {
    sql: "SELECT v.owner AS id FROM tags v WHERE v.entity = ? AND v.key = ? AND v.value = ?",
    values: [entity, field, value],
  };
}

/** Values that an index has with their owners; a number is not found by its text alone. */
function rowsByParam(
  { kind, key, value }: FilterField & { readonly value: string },
  scope: SearchScope,
): Statement | undefined {
  const { table, owned, keyed, value: stored, isIndexed } = lookupOf(scope, { kind, key });
  if (!isIndexed || stored.type !== "any") return undefined;
  const { entity } = scope;
  // The values call their owner by another name than its key.
  const from = `${table} CROSS JOIN ${entity.table} t`;
  return {
    sql: `SELECT t.${columnOf(entity, entity.key[0] ?? "")} AS id FROM ${from} WHERE ${keyed.sql} AND ${presence(stored)} = ? AND ${owned}`,
    values: [...keyed.values, value],
  };
}
