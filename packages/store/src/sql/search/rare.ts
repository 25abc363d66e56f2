import type { Condition } from "@rivulet/domain";
import type { Sql, Statement } from "../database.ts";
import { LIMIT, number } from "../values.ts";
import { rowsEqualTo } from "./indexed-rows.ts";
import type { SearchScope } from "./search-scope.ts";

/** Up to so many rows of an index are read and sorted; with more, the list is walked in its order. */
const MOST_ROWS = 1_000;

/** Values of an IN, and alternatives of an OR, that are looked up one by one. */
const MOST_LOOK_UPS = 20;

/**
 * The shortest way to a filter's rows: a SELECT of their `id`, of at most {@link MOST_ROWS} rows. It has all rows
 * that one condition of the filter finds, and maybe others; undefined when an index has no such condition, or
 * finds many for every one.
 */
export async function findRare(
  sql: Sql,
  where: readonly Condition[],
  scope: SearchScope,
): Promise<Statement | undefined> {
  for (const condition of where) {
    const rows = rowsOf(condition, scope);
    if (rows !== undefined && (await isRare(sql, rows))) return rows;
  }
  return undefined;
}

async function isRare(sql: Sql, rows: Statement): Promise<boolean> {
  const [row = {}] = await sql.all(`SELECT COUNT(*) AS count FROM (${rows.sql} ${LIMIT}) found`, [
    ...rows.values,
    MOST_ROWS + 1,
  ]);
  return number(row, "count") <= MOST_ROWS;
}

/** What indexes have of a condition; undefined when none has it, or too many would have to be asked. */
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

/** Undefined when one of them is. */
function allOf(
  lists: readonly (readonly Statement[] | undefined)[],
): readonly Statement[] | undefined {
  return lists.includes(undefined) ? undefined : lists.flatMap((list) => list ?? []);
}
