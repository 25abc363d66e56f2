import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { LRUCache } from "lru-cache";
import pLimit from "p-limit";
import type { Database, Row, Sql } from "../../sql/database.ts";
import type { Dialect } from "../../sql/dialect.ts";
import { insertStatement } from "../../sql/insert-statement.ts";
import { text } from "../../sql/values.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { isBusy, sqliteError } from "./sqlite-error.ts";

/** Options of {@link openSqlite}. */
export interface SqliteOptions {
  /** @default false */
  readonly readOnly?: boolean;
  /** Nobody writes to the file while it is open; needs no log beside it. @default false */
  readonly immutable?: boolean;
  /** Milliseconds for which reading many rows may block the event loop. @default unlimited */
  readonly turnMs?: number;
  /** Milliseconds to wait for a writer in another process before `store_locked`. @default 30000 */
  readonly busyTimeoutMs?: number;
  /** @default sqliteDialect */
  readonly dialect?: Dialect;
}

/** Number of prepared statements to keep; the texts of searches vary without bound. */
const MAX_STATEMENTS = 256;
/** Longer texts are lists of many values, seldom used twice. */
const LONGEST_KEPT = 4_000;
/** Free pages that are returned at once; some 5 ms. */
const VACUUM_PAGES = 500;
/** Index entries that statistics are made from; some milliseconds for all tables. */
const ANALYSED_ROWS = 400;
/** For every table that needs it, not only those that this connection has queried. */
const OPTIMIZE_ALL_TABLES = 0x10002;
/** SQLite itself waits this long for a lock; after that we retry at random moments, which is fairer. */
const BUSY_MS = 50;
const LONGEST_PAUSE_MS = 20;

/**
 * Opens a file, or `:memory:`, with Node's built-in SQLite; nothing is written by it. It is synchronous below:
 * for a file, use it in a worker. One connection serves one caller at a time; the others stand in a line.
 *
 * @throws RivuletError `store_unavailable`
 */
export function openSqlite(path: string, options: SqliteOptions = {}): Database {
  const { readOnly = false, immutable = false, busyTimeoutMs = 30_000 } = options;
  const { turnMs, dialect = sqliteDialect } = options;
  const database = named(path, () => connect(path, { readOnly, immutable }));
  const trying = <T>(work: () => T): Promise<T> => withBusyTimeout(work, { path, busyTimeoutMs });
  const sql = statements(database, { path, trying, turnMs, dialect });
  const line = pLimit(1);

  const bracket = async <T>(begin: string, work: (sql: Sql) => Promise<T>): Promise<T> => {
    await trying(() => {
      if (database.isTransaction) database.exec("ROLLBACK");
      database.exec(begin);
    });
    try {
      const result = await work(sql);
      named(path, () => database.exec("COMMIT"));
      return result;
    } catch (thrown) {
      rollBack(database);
      throw thrown;
    }
  };
  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    line(() => bracket("BEGIN IMMEDIATE", work));

  return {
    dialect,
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
      // Updates the planner's statistics of tables that have changed much, from a sample of each.
      await line(() => sql.all(`PRAGMA analysis_limit = ${ANALYSED_ROWS}`)).catch(() => []);
      await line(() => sql.all(`PRAGMA optimize = ${OPTIMIZE_ALL_TABLES}`)).catch(() => []);
      // Free pages are returned a few at a time: all at once would take seconds.
      await line(() => sql.all(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`)).catch(() => []);
      // If readers are in the way, the checkpoint is left for another time.
      await line(() => sql.all("PRAGMA wal_checkpoint(TRUNCATE)")).catch(() => []);
    },
    close: () =>
      line(() => {
        if (database.isOpen) database.close();
      }),
  };
}

function connect(
  path: string,
  { readOnly, immutable }: Required<Pick<SqliteOptions, "readOnly" | "immutable">>,
): DatabaseSync {
  // Not imported above: Node 22 prints a warning for it, and an older Node could not report that it is too old.
  const sqlite = process.getBuiltinModule("node:sqlite");
  const options = { readOnly, timeout: BUSY_MS };
  if (!immutable) return new sqlite.DatabaseSync(path, options);
  const url = pathToFileURL(path);
  url.searchParams.set("immutable", "1");
  return new sqlite.DatabaseSync(url, options);
}

/** The caller must learn why the work failed, not why the rollback did: the next caller tries that again. */
function rollBack(database: DatabaseSync): void {
  try {
    if (database.isTransaction) database.exec("ROLLBACK");
  } catch {}
}

interface StatementParts {
  readonly path: string;
  readonly trying: <T>(work: () => T) => Promise<T>;
  readonly turnMs: number | undefined;
  readonly dialect: Dialect;
}

/** Statements of the caller whose turn it is. */
function statements(database: DatabaseSync, parts: StatementParts): Sql {
  const { path, trying, turnMs, dialect } = parts;
  const prepare = statementCache(database);
  return {
    dialect,
    async all(sql, values = []) {
      if (turnMs === undefined) return trying(() => prepare(sql).all(...values) as Row[]);
      const rows = await trying(() => prepare(sql).iterate(...values));
      return rowsInTurns(rows, turnMs).catch((thrown) => {
        throw sqliteError(thrown, path);
      });
    },
    run: (sql, values = []) => trying(() => Number(prepare(sql).run(...values).changes)),
    async insert(into, rows) {
      // Inside a transaction nobody else holds the lock, so there is nothing to wait for.
      return named(path, () => {
        const statement = prepare(insertStatement(into));
        let changed = 0;
        for (const row of rows) changed += Number(statement.run(...row).changes);
        return changed;
      });
    },
  };
}

/** Reads rows, letting the event loop turn in between. */
async function rowsInTurns(rows: Iterable<unknown>, turnMs: number): Promise<readonly Row[]> {
  const read: Row[] = [];
  let begun = performance.now();
  for (const row of rows) {
    read.push(row as Row);
    if (performance.now() - begun < turnMs) continue;
    await nextTurn();
    begun = performance.now();
  }
  return read;
}

interface BusyTimeout {
  readonly path: string;
  readonly busyTimeoutMs: number;
}

/** Retries while another process has the file locked. */
async function withBusyTimeout<T>(work: () => T, { path, busyTimeoutMs }: BusyTimeout): Promise<T> {
  let deadline: number | undefined;
  for (;;) {
    try {
      return work();
    } catch (thrown) {
      deadline ??= performance.now() + busyTimeoutMs;
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
    if (sql.length <= LONGEST_KEPT) prepared.set(sql, statement);
    return statement;
  };
}
