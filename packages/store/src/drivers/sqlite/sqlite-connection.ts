import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { sqliteDialect } from "../../sql/dialect.ts";
import type { Row, SqlConnection } from "../../sql/sql-connection.ts";
import { isBusy, sqliteError } from "./sqlite-error.ts";

/** Options of {@link openSqlite}. */
export interface SqliteOptions {
  readonly readOnly?: boolean;
  /** Milliseconds to wait for a writer in another process before `store_locked`. @default 30000 */
  readonly patienceMs?: number;
}

/** A connection of Node's built-in SQLite. Synchronous below: use it in a worker. */
export interface SqliteConnection extends SqlConnection {
  /** Reads of one moment. */
  snapshot<T>(work: () => Promise<T>): Promise<T>;
}

/** Statements kept ready; the texts of searches vary without bound. */
const MAX_STATEMENTS = 256;
/** SQLite itself waits this long for a lock; after it we try at random moments, which is fairer. */
const BUSY_MS = 50;
const LONGEST_PAUSE_MS = 20;

/**
 * Opens a connection; nothing is written by it.
 *
 * @throws RivuletError `store_unavailable`
 */
export function openSqlite(
  path: string,
  { readOnly = false, patienceMs = 30_000 }: SqliteOptions = {},
): SqliteConnection {
  const database = named(path, () => new DatabaseSync(path, { readOnly, timeout: BUSY_MS }));
  const prepare = statementCache(database);
  let inTransaction = false;

  const insist = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (thrown) {
      return retry(work, { path, thrown, patienceMs });
    }
  };

  const bracket = async <T>(begin: string, work: () => Promise<T>): Promise<T> => {
    if (inTransaction) return work();
    await insist(() => database.exec(begin));
    inTransaction = true;
    try {
      const result = await work();
      named(path, () => database.exec("COMMIT"));
      return result;
    } catch (thrown) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw thrown;
    } finally {
      inTransaction = false;
    }
  };

  return {
    dialect: sqliteDialect,
    all: (sql, values = []) => insist(() => prepare(sql).all(...values) as Row[]),
    run: (sql, values = []) => insist(() => Number(prepare(sql).run(...values).changes)),
    script: (sql) => insist(() => database.exec(sql)),
    transaction: (work) => bracket("BEGIN IMMEDIATE", work),
    snapshot: (work) => bracket("BEGIN", work),
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

interface Refusal {
  readonly path: string;
  readonly thrown: unknown;
  readonly patienceMs: number;
}

async function retry<T>(work: () => T, { path, thrown, patienceMs }: Refusal): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (let reason = thrown; ; ) {
    if (!isBusy(reason) || performance.now() > deadline) throw sqliteError(reason, path);
    await pause(1 + Math.random() * LONGEST_PAUSE_MS);
    try {
      return work();
    } catch (again) {
      reason = again;
    }
  }
}

function named<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw sqliteError(thrown, path);
  }
}

function statementCache(database: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const prepared = database.prepare(sql);
    if (statements.size >= MAX_STATEMENTS) statements.clear();
    statements.set(sql, prepared);
    return prepared;
  };
}
