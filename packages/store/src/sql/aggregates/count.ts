import type { Condition } from "@rivulet/domain";
import type { Entity } from "@rivulet/domain/entities";
import type { Database, Statement } from "../database.ts";
import { number } from "../values.ts";
import { type Found, LONGEST_WINDOW, readFound } from "./walk.ts";

/** How many rows of an entity match a filter. @throws RivuletError `deadline_exceeded` */
export async function countFound(database: Database, found: Found): Promise<number> {
  const { table } = found.entity;
  // Conditions on columns are counted fast: finding where a window ends would take as long.
  const isFast = found.query.where.every((condition) => isOfColumns(condition, found.entity));
  const whole = isFast ? { ...found, window: LONGEST_WINDOW } : found;
  const rows = await readFound(database, whole, (sql, where) => {
    const { sql: condition, values } = allOf(where);
    return sql.all(`SELECT COUNT(*) AS count FROM ${table} t WHERE ${condition}`, values);
  });
  return rows.reduce((sum, row) => sum + number(row, "count"), 0);
}

/** Whether a condition tests nothing but columns. */
function isOfColumns(condition: Condition, entity: Entity): boolean {
  if ("not" in condition) return isOfColumns(condition.not, entity);
  if ("field" in condition) {
    const { kind, key } = condition.field;
    return kind === "attribute" && !(entity.texts ?? []).some((text) => text === key);
  }
  return ("all" in condition ? condition.all : condition.any).every((part) =>
    isOfColumns(part, entity),
  );
}

/** Conditions joined by AND. */
export function allOf(where: readonly Statement[]): Statement {
  if (where.length === 0) return { sql: "1 = 1", values: [] };
  return {
    sql: where.map(({ sql }) => `(${sql})`).join(" AND "),
    values: where.flatMap(({ values }) => values),
  };
}
