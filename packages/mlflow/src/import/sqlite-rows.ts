import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** A row by its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** Reads rows of tables that may or may not be there, as MLflow's version has it. */
export interface Rows {
  /** Rows one by one; none of a table that there is not. */
  each(table: string, rest?: string, ...values: readonly SQLInputValue[]): Iterable<Row>;
  /** Key → value of a table such as `tags`. */
  pairs(table: string, where: string, ...values: readonly SQLInputValue[]): Record<string, string>;
}

/** Reads from a file that nobody changes. */
export function rowsOf(database: DatabaseSync): Rows {
  const tables = new Set(
    database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all()
      .map(({ name }) => String(name)),
  );
  const each: Rows["each"] = (table, rest = "", ...values) => {
    if (!tables.has(table)) return [];
    const statement = database.prepare(`SELECT * FROM ${table} ${rest}`);
    // Their nanoseconds are more than a double holds.
    if (table === "spans") statement.setReadBigInts(true);
    return statement.iterate(...values);
  };
  return {
    each,
    pairs: (table, where, ...values) =>
      Object.fromEntries(
        [...each(table, `WHERE ${where}`, ...values)].map((row) => [
          textIn(row, "key"),
          textIn(row, "value"),
        ]),
      ),
  };
}

/** The text of a column; empty without one. */
export function textIn(row: Row, column: string): string {
  return optionalIn(row, column) ?? "";
}

/** The text of a column that has one. */
export function optionalIn(row: Row, column: string): string | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : String(value);
}

/** The number of a column that has one. */
export function numberIn(row: Row, column: string): number | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : Number(value);
}
