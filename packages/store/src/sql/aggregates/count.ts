import type { Database, Statement } from "../database.ts";
import { number } from "../values.ts";
import { type Found, readFound } from "./walk.ts";

/** How many rows of an entity a filter finds. @throws RivuletError `deadline_exceeded` */
export async function countFound(database: Database, found: Found): Promise<number> {
  const { table } = found.entity;
  const rows = await readFound(database, found, (sql, where) => {
    const { sql: condition, values } = allOf(where);
    return sql.all(`SELECT COUNT(*) AS count FROM ${table} t WHERE ${condition}`, values);
  });
  return rows.reduce((sum, row) => sum + number(row, "count"), 0);
}

/** Conditions joined by AND. */
export function allOf(where: readonly Statement[]): Statement {
  if (where.length === 0) return { sql: "1 = 1", values: [] };
  return {
    sql: where.map(({ sql }) => `(${sql})`).join(" AND "),
    values: where.flatMap(({ values }) => values),
  };
}
