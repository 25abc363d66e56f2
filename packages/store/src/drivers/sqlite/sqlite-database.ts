import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import pLimit from "p-limit";
import type { Database, Row, Sql } from "../../sql/database.ts";
import { insertStatement } from "../../sql/insert-statement.ts";
import { text } from "../../sql/values.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { isBusy, sqliteError } from "./sqlite-error.ts";

/** Options of {@link openSqlite}. */
export interface SqliteOptions {
  /** @default false */
  readonly readOnly?: boolean;
  /** Milliseconds to wait for a writer in another process before `store_locked`. @default 30000 */
  readonly patienceMs?: number;
}

/** Statements kept ready; the texts of searches vary without bound. */
const MAX_STATEMENTS = 256;
/** SQLite itself waits this long for a lock; after it we try at random moments, which is fairer. */
const BUSY_MS = 50;
const LONGEST_PAUSE_MS = 20;

/**
 * Opens a file, or `:memory:`, with Node's built-in SQLite; nothing is written by it. It is synchronous below:
 * for a file, use it in a worker. One connection serves one caller at a time; the others stand in a line.
 *
 * @throws RivuletError `store_unavailable`
 */
export function openSqlite(
  path: string,
  { readOnly = false, patienceMs = 30_000 }: SqliteOptions = {},
): Database {
  const database = named(path, () => new DatabaseSync(path, { readOnly, timeout: BUSY_MS }));
  const trying = <T>(work: () => T): Promise<T> => withPatience(work, { path, patienceMs });
  const sql = statements(database, trying);
  const line = pLimit(1);

  const bracket = async <T>(begin: string, work: (sql: Sql) => Promise<T>): Promise<T> => {
    await trying(() => database.exec(begin));
    try {
      const result = await work(sql);
      named(path, () => database.exec("COMMIT"));
      return result;
    } catch (thrown) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw thrown;
    }
  };
  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    line(() => bracket("BEGIN IMMEDIATE", work));

  return {
    dialect: sqliteDialect,
    all: (statement, values) => line(() => sql.all(statement, values)),
    run: (statement, values) => line(() => sql.run(statement, values)),
    insert: (into, rows) => transaction((own) => own.insert(into, rows)),
    transaction,
    snapshot: (work) => line(() => bracket("BEGIN", work)),
    async findProblems() {
      const rows = await line(() => sql.all("PRAGMA integrity_check"));
      return rows.map((row) => text(row, "integrity_check")).filter((found) => found !== "ok");
    },
    async tidy() {
      // Where readers are in the way, the log is folded another time.
      await line(() => sql.all("PRAGMA wal_checkpoint(TRUNCATE)")).catch(() => []);
    },
    close: () =>
      line(() => {
        if (database.isOpen) database.close();
      }),
  };
}

/** Statements of the one who stands first in the line. */
function statements(database: DatabaseSync, trying: <T>(work: () => T) => Promise<T>): Sql {
  const prepare = statementCache(database);
  return {
    dialect: sqliteDialect,
    all: (sql, values = []) => trying(() => prepare(sql).all(...values) as Row[]),
    run: (sql, values = []) => trying(() => Number(prepare(sql).run(...values).changes)),
    async insert(into, rows) {
      const statement = prepare(insertStatement(into));
      let changed = 0;
      // Inside a transaction nobody else has the lock: there is nothing to wait for.
      for (const row of rows) changed += Number(statement.run(...row).changes);
      return changed;
    },
  };
}

interface Patience {
  readonly path: string;
  readonly patienceMs: number;
}

/** Tries again while another process has the file locked. */
async function withPatience<T>(work: () => T, { path, patienceMs }: Patience): Promise<T> {
  let deadline: number | undefined;
  for (;;) {
    try {
      return work();
    } catch (thrown) {
      deadline ??= performance.now() + patienceMs;
      if (!isBusy(thrown) || performance.now() > deadline) throw sqliteError(thrown, path);
      await pause(1 + Math.random() * LONGEST_PAUSE_MS);
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
  const prepared = new LRUCache<string, StatementSync>({ max: MAX_STATEMENTS });
  return (sql) => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
}
