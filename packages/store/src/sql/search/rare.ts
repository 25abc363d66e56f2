import type { Condition, FilterClause } from "@rivulet/domain";
import type { Sql, Statement } from "../database.ts";
import { LIMIT, number } from "../values.ts";
import { findWords } from "./find-words.ts";
import { rowsEqualTo } from "./indexed-rows.ts";
import type { SearchScope } from "./search-scope.ts";

/** Up to this many rows of an index are read and sorted; with more, the list is scanned in its order. */
const MOST_ROWS = 1_000;

/** Values of an IN, and alternatives of an OR, that are looked up one by one. */
const MOST_LOOK_UPS = 20;

/** A SELECT of the `id`s of rows, not too many. */
export interface RareRows extends Statement {
  /** Upper bound; the same row may occur twice. */
  readonly count: number;
}

/** What indexes tell about a filter's matches before any row is read. */
export interface AccessPath {
  /** Rows that include all matches; `undefined` when there are many. */
  readonly rare: RareRows | undefined;
  /** Conditions of the filter → what can stand in their place as long as each row is checked. */
  readonly known: ReadonlyMap<Condition, Statement>;
  /** It searches for words that many rows have: the first rows may suffice. */
  readonly isCommon: boolean;
}

/**
 * The shortest way to a filter's rows: by one of its conditions of which an index has at most {@link MOST_ROWS}, else
 * by its words, if any of that finds few.
 */
export async function findAccessPath(
  sql: Sql,
  where: readonly Condition[],
  scope: SearchScope,
): Promise<AccessPath> {
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
  const equal = await findRare(sql, where, scope);
  if (equal !== undefined) lists.push({ rows: equal, clause: undefined });
  const [shortest] = lists.sort((a, b) => a.rows.count - b.rows.count);
  // The list has exactly these rows, so the database need not check each.
  if (shortest?.clause !== undefined) known.set(shortest.clause, { sql: "1 = 1", values: [] });
  return { rare: shortest?.rows, known, isCommon };
}

async function findRare(
  sql: Sql,
  where: readonly Condition[],
  scope: SearchScope,
): Promise<RareRows | undefined> {
  for (const condition of where) {
    const rows = rowsOf(condition, scope);
    const count = rows === undefined ? undefined : await countRows(sql, rows);
    if (rows !== undefined && count !== undefined && count <= MOST_ROWS) return { ...rows, count };
  }
  return undefined;
}

async function countRows(sql: Sql, rows: Statement): Promise<number> {
  const [row = {}] = await sql.all(`SELECT COUNT(*) AS count FROM (${rows.sql} ${LIMIT}) found`, [
    ...rows.values,
    MOST_ROWS + 1,
  ]);
  return number(row, "count");
}

/** What indexes have for a condition; `undefined` when none applies, or too many lookups would be needed. */
function rowsOf(condition: Condition, scope: SearchScope): Statement | undefined {
  const parts = partsOf(condition, scope);
  if (parts === undefined || parts.length === 0 || parts.length > MOST_LOOK_UPS) return undefined;
  return {
    sql: parts.map(({ sql }) => sql).join(" UNION ALL "),
    values: parts.flatMap(({ values }) => values),
  };
}

function partsOf(condition: Condition, scope: SearchScope): readonly Statement[] | undefined {
  if ("any" in condition) return allOf(condition.any.map((part) => partsOf(part, scope)));
  if (!("field" in condition)) return undefined;
  const { operator, field, value = [] } = condition;
  if (operator !== "=" && operator !== "IN") return undefined;
  const values = [value].flat();
  return allOf(
    values.map((one) => (typeof one === "string" ? rowsEqualTo(field, one, scope) : undefined)),
  );
}

/** `undefined` when one of them is. */
function allOf(
  lists: readonly (readonly Statement[] | undefined)[],
): readonly Statement[] | undefined {
  return lists.includes(undefined) ? undefined : lists.flatMap((list) => list ?? []);
}
