import type { Statement } from "../database.ts";
import { LIMIT } from "../values.ts";
import type { SortKey } from "./order.ts";

/** Rows from one place, sorted. */
export interface Selection {
  readonly keys: readonly SortKey[];
  /** What is selected besides the keys `sort_0`, `sort_1` … */
  readonly columns: readonly Statement[];
  readonly from: Statement;
  readonly where: readonly Statement[];
  /** How many of its rows suffice when there are several selections. */
  readonly most: number;
}

/**
 * Rows of one or several selections, in order, with `tail` behind. Each is sorted by itself, which an index spares,
 * and the first rows of each are merged.
 */
export function selectMerged(selections: readonly Selection[], tail: Statement): Statement {
  const [first, ...others] = selections;
  if (first === undefined) throw new Error("There is nothing to select.");
  if (others.length === 0) return select(first, tail);
  const parts = selections.map((selection, index) => {
    const { sql, values } = select(selection, { sql: LIMIT, values: [selection.most] });
    return { sql: `SELECT * FROM (${sql}) part_${index}`, values };
  });
  const order = first.keys.map(({ descending }, index) => `sort_${index} ${direction(descending)}`);
  return {
    sql: `${parts.map(({ sql }) => sql).join(" UNION ALL ")} ORDER BY ${order.join(", ")} ${tail.sql}`,
    values: [...parts, tail].flatMap(({ values }) => values),
  };
}

function select({ keys, columns, from, where }: Selection, tail: Statement): Statement {
  const sorted = keys.map(({ expression, values }, index) => ({
    sql: `${expression} AS sort_${index}`,
    values,
  }));
  const order = keys.map(({ expression, values, descending }) => ({
    sql: `${expression} ${direction(descending)}`,
    values,
  }));
  const selected = [...columns, ...sorted];
  const conditions = where.map(({ sql, values }) => ({ sql: `(${sql})`, values }));
  const text = [
    `SELECT ${selected.map(({ sql }) => sql).join(", ")} FROM ${from.sql}`,
    conditions.length === 0 ? "" : `WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`,
    `ORDER BY ${order.map(({ sql }) => sql).join(", ")}`,
    tail.sql,
  ];
  return {
    sql: text.join(" "),
    values: [...selected, from, ...conditions, ...order, tail].flatMap(({ values }) => values),
  };
}

function direction(descending: boolean): "DESC" | "ASC" {
  return descending ? "DESC" : "ASC";
}
