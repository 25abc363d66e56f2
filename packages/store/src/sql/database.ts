import type { Dialect } from "./dialect.ts";

/** What can be bound to a statement. Booleans are written as 0 and 1. */
export type SqlValue = string | number | null | Uint8Array;

/** One row: column → value. Whole numbers may come as text: read them with `number(row, column)`. */
export type Row = Readonly<Record<string, SqlValue>>;

/** A statement and its values. User text is only ever a value. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/**
 * Runs statements: a database by itself, or one transaction of it. Values stand where `?` stands.
 *
 * A statement fails with a `RivuletError` when the reason is not in it: the database is away, locked, full or
 * damaged, or wants the transaction run again. It fails with anything else when the database refuses the
 * statement or its values.
 */
export interface Sql {
  readonly dialect: Dialect;
  all(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Returns how many rows changed. */
  run(sql: string, values?: readonly SqlValue[]): Promise<number>;
  /**
   * Writes many rows, in the order given: a constant number of round trips where a statement is one, a
   * prepared statement per row where it is not. Returns how many rows were inserted or updated.
   */
  insert(into: Insert, rows: readonly (readonly SqlValue[])[]): Promise<number>;
}

/** Where rows go. */
export interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
  /** What happens to a row whose key is there. Left out: the statement fails. */
  readonly conflict?: Conflict;
}

/** `ON CONFLICT (key) DO …`. */
export interface Conflict {
  /** Empty for any key of the table; then there is nothing to update. */
  readonly key: readonly string[];
  /** Columns that take the new row's value; empty for `DO NOTHING`. Then no key may come twice in the rows. */
  readonly update: readonly string[];
  /** Updates only where this holds, over the table's name and `excluded`. */
  readonly where?: string;
}

/** A database. Calls may come at the same time; each is a transaction of its own. */
export interface Database extends Sql {
  /**
   * All or nothing, for writing. The work uses the `Sql` it is given and nothing else of the database. It is
   * run again from its start when the database asks for that (a serialisation failure, a deadlock), so it
   * keeps no state of an earlier try.
   */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Reads of one moment. */
  snapshot<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** What is wrong with the stored data, as far as the database can tell; empty when it is sound. */
  findProblems(): Promise<readonly string[]>;
  /** What is due when nothing else is, such as folding a log. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}
