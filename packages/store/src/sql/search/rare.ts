import type { Condition, FilterClause, FilterField } from "@rivulet/domain";
import { type EntityIndex, PARTS, type StoredTable } from "@rivulet/domain/entities";
import type { Sql, Statement } from "../database.ts";
import { beginning, columnOf } from "../kit/declared-table.ts";
import { number } from "../values.ts";
import { presence } from "./compare.ts";
import { findWords } from "./find-words.ts";
import type { SearchScope } from "./search-scope.ts";
import { lookupOf } from "./searched-fields.ts";

/** Up to so many rows of an index are read and sorted; with more, the list is walked in its order. */
const MOST_ROWS = 1_000;

/** A SELECT of the keys of rows, as `id`, not too many of them. */
export interface RareRows extends Statement {
  /** At most; the same one may come twice. */
  readonly count: number;
}

/** What indexes say of a filter's rows before any is looked at. */
export interface Way {
  /** All rows that the filter finds, and maybe others; undefined when there are many. */
  readonly rare: RareRows | undefined;
  /** Conditions of the filter → what can stand in their place as long as each row is checked. */
  readonly known: ReadonlyMap<Condition, Statement>;
  /** It looks for words that many rows have: the first rows may suffice. */
  readonly isCommon: boolean;
}

/**
 * The shortest way to a filter's rows: by one of its equalities that finds at most {@link MOST_ROWS}, else by its
 * words, if any of that finds few.
 */
export async function findWay(
  sql: Sql,
  where: readonly Condition[],
  scope: SearchScope,
): Promise<Way> {
  const clauses = where.filter((condition) => "field" in condition);
  const known = new Map<Condition, Statement>();
  const lists: { readonly rows: RareRows; readonly clause: FilterClause | undefined }[] = [];
  let isCommon = false;
  for (const clause of clauses) {
    const found = await findWords(sql, clause, scope);
    if (found?.condition !== undefined) known.set(clause, found.condition);
    else if (found !== undefined) isCommon = true;
    if (found?.rare !== undefined) lists.push({ rows: found.rare, clause });
  }
  const equal = await findRare(sql, clauses, scope);
  if (equal !== undefined) lists.push({ rows: equal, clause: undefined });
  const [shortest] = lists.sort((a, b) => a.rows.count - b.rows.count);
  // Those are its rows: it need not be asked of each.
  if (shortest?.clause !== undefined) known.set(shortest.clause, { sql: "1 = 1", values: [] });
  return { rare: shortest?.rows, known, isCommon };
}

async function findRare(
  sql: Sql,
  clauses: readonly FilterClause[],
  scope: SearchScope,
): Promise<RareRows | undefined> {
  for (const clause of clauses) {
    const rows = rowsEqualTo(clause, scope);
    const count = rows === undefined ? undefined : await countRows(sql, rows);
    if (rows !== undefined && count !== undefined && count <= MOST_ROWS) return { ...rows, count };
  }
  return undefined;
}

async function countRows(sql: Sql, rows: Statement): Promise<number> {
  const [row = {}] = await sql.all(`SELECT COUNT(*) AS count FROM (${rows.sql} LIMIT ?) found`, [
    ...rows.values,
    MOST_ROWS + 1,
  ]);
  return number(row, "count");
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
