import { DatabaseSync, type StatementSync } from "node:sqlite";
import { sqliteDialect } from "../sql/dialect.ts";
import type { Row, SqlConnection, SqlValue } from "../sql/sql-connection.ts";

/** Options of {@link openSqlite}. */
export interface SqliteOptions {
  readonly readOnly?: boolean;
  /** Milliseconds to wait for a writer in another process before giving up. @default 30000 */
  readonly busyMs?: number;
}

/** Statements kept ready. */
const MAX_STATEMENTS = 256;
const SQLITE_BUSY = 5;

/** A connection of Node's built-in SQLite. Synchronous below: use it in a worker. */
export function openSqlite(
  path: string,
  { readOnly = false, busyMs = 30_000 }: SqliteOptions = {},
): SqlConnection {
  const database = new DatabaseSync(path, { readOnly, timeout: 100 });
  if (!readOnly) configure(database);
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const prepared = database.prepare(sql);
    if (statements.size >= MAX_STATEMENTS) statements.clear();
    statements.set(sql, prepared);
    return prepared;
  };
  let inTransaction = false;
  return {
    dialect: sqliteDialect,
    async all(sql, values = []) {
      return prepare(sql).all(...(values as SqlValue[])) as unknown as Row[];
    },
    async run(sql, values = []) {
      return Number(prepare(sql).run(...(values as SqlValue[])).changes);
    },
    async script(sql) {
      database.exec(sql);
    },
    async transaction(work) {
      if (inTransaction) return work();
      await begin(database, busyMs);
      inTransaction = true;
      try {
        const result = await work();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      } finally {
        inTransaction = false;
      }
    },
    async close() {
      statements.clear();
      database.close();
    },
  };
}

function configure(database: DatabaseSync): void {
  // Page size and auto-vacuum take effect before the first table only.
  database.exec(`
    PRAGMA page_size = 8192;
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -32000;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY;
  `);
}

/** BEGIN IMMEDIATE, again and again with short random pauses: fairer between processes than one long wait. */
async function begin(database: DatabaseSync, busyMs: number): Promise<void> {
  const deadline = performance.now() + busyMs;
  for (;;) {
    try {
      database.exec("BEGIN IMMEDIATE");
      return;
    } catch (error) {
      const isBusy = ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;
      if (!isBusy || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 20));
    }
  }
}
