import type { Dialect } from "./dialect.ts";

/** A value that can be bound to a statement. Booleans are written as 0 and 1. */
export type SqlValue = string | number | null | Uint8Array;

/** One row: column → value. Whole numbers may come as text: read them with `number(row, column)`. */
export type Row = Readonly<Record<string, SqlValue>>;

/** A statement and its values. User input is only ever a value. */
export interface Statement {
  /** Text with a `?` for each value. */
  readonly sql: string;
  /** Values in the order of their `?`. */
  readonly values: readonly SqlValue[];
}

/**
 * Runs statements, in a transaction or each on its own.
 *
 * A statement fails with a `RivuletError` when the reason lies outside of it: the database is unreachable, locked, full
 * or damaged, or asks for the transaction to be run again. Any other error means that the database refuses the statement
 * or its values.
 */
export interface Sql {
  /** Everything in which this database differs from others. */
  readonly dialect: Dialect;
  /** Returns all rows of a query. */
  all(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Returns how many rows changed. */
  run(sql: string, values?: readonly SqlValue[]): Promise<number>;
  /**
   * Writes many rows in the given order: in a constant number of round trips where a statement costs one, else with a
   * prepared statement per row. Returns how many rows were inserted or updated.
   */
  insert(into: Insert, rows: readonly (readonly SqlValue[])[]): Promise<number>;
}

/** Target of inserted rows. */
export interface Insert {
  /** Name of the table. */
  readonly table: string;
  /** Columns in the order of the values of a row. */
  readonly columns: readonly string[];
  /** What happens to a row whose key exists. @default the statement fails */
  readonly conflict?: Conflict;
}

/** `ON CONFLICT (key) DO …`. */
export interface Conflict {
  /** Columns of the conflicting key; empty for any key of the table, which requires `DO NOTHING`. */
  readonly key: readonly string[];
  /** Columns that take the new row's value; empty for `DO NOTHING`. With an update, no key may occur twice in the rows. */
  readonly update: readonly string[];
  /** Condition for the update, in terms of the table's name and `excluded`. */
  readonly where?: string;
}

/** A database. Calls may overlap; each is a transaction of its own. */
export interface Database extends Sql {
  /**
   * Runs a writing transaction. The work must use only the `Sql` it is given. It is run again from the start when the
   * database asks for that (serialisation failure, deadlock), so it must not keep state between attempts.
   */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Runs reads that all see the same moment. */
  snapshot<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** What is wrong with the stored data, as far as the database can tell; empty when it is sound. */
  findProblems(): Promise<readonly string[]>;
  /** Housekeeping while idle, such as a WAL checkpoint. */
  tidy(): Promise<void>;
  /** Waits for running statements, then disconnects. */
  close(): Promise<void>;
}
