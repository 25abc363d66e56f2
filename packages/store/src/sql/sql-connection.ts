import type { Dialect } from "./dialect.ts";

/** What can be bound to a statement. Booleans are written as 0 and 1. */
export type SqlValue = string | number | null;

/** One row: column → value. */
export type Row = Readonly<Record<string, SqlValue>>;

/** A statement and its values. User text is only ever a value. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** One connection to a database, used by one caller at a time. */
export interface SqlConnection {
  readonly dialect: Dialect;
  all(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Returns how many rows changed. */
  run(sql: string, values?: readonly SqlValue[]): Promise<number>;
  /** Several statements without values. */
  script(sql: string): Promise<void>;
  /** All or nothing. A transaction inside a transaction is part of it. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
