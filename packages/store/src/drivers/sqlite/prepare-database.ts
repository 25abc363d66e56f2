import { existsSync, statSync } from "node:fs";
import { RivuletError } from "@rivulet/domain";
import type { Database } from "../../sql/database.ts";
import { migrate, readVersion } from "../../sql/migrate.ts";
import { SCHEMA_VERSION } from "../../sql/schema.ts";
import { openSqlite } from "./sqlite-database.ts";
import { guardAgainstWalReset } from "./wal-reset.ts";

/**
 * Opens a database for writing: looks at it first, and only when it is empty or ours sets it up and brings it
 * to the newest schema.
 *
 * @throws RivuletError `store_corrupt`, `store_too_new` (the file is left as it is), `store_unavailable`,
 * `store_locked` with an SQLite that bears one process only
 */
export async function openForWriting(path: string): Promise<Database> {
  if (path === ":memory:") return setUp(openSqlite(path));
  await naming(path, () => inspect(path));
  const guard = guardAgainstWalReset(path, process.versions["sqlite"] ?? "0");
  try {
    const sql = await setUp(openSqlite(path));
    return {
      ...sql,
      async close() {
        await sql.close();
        guard?.release();
      },
    };
  } catch (error) {
    guard?.release();
    throw error;
  }
}

async function setUp(sql: Database): Promise<Database> {
  try {
    await configure(sql);
    await migrate(sql);
    return sql;
  } catch (error) {
    await sql.close();
    throw error;
  }
}

/** @throws RivuletError `store_corrupt`, `store_too_new`, `store_unavailable` when it was never written */
export async function openForReading(path: string): Promise<Database> {
  const sql = openSqlite(path, { readOnly: true });
  try {
    const version = await naming(path, () => readVersion(sql));
    if (version === SCHEMA_VERSION) return sql;
    throw new RivuletError(
      "store_unavailable",
      `Store ${path} has schema ${version}, this Rivulet reads ${SCHEMA_VERSION}. Open it once for writing: that brings it up to date.`,
      { details: { path, version } },
    );
  } catch (error) {
    await sql.close();
    throw error;
  }
}

/** A file that is not ours must not change, not even by the pragmas of a connection that can write. */
async function inspect(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const file = statSync(path);
  if (!file.isFile()) {
    throw new RivuletError(
      "store_unavailable",
      `Store ${path} is not a file. Choose another path.`,
      {
        details: { path },
      },
    );
  }
  if (file.size === 0) return;
  const sql = openSqlite(path, { readOnly: true });
  try {
    await readVersion(sql);
  } finally {
    await sql.close();
  }
}

/** What is wrong with a schema is said with the path. */
async function naming<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RivuletError) || error.message.includes(path)) throw error;
    const { code, message, details } = error;
    throw new RivuletError(code, `${path}: ${message}`, {
      cause: error,
      details: { ...details, path },
    });
  }
}

/** Page size and auto-vacuum take effect before the first table only. */
const PRAGMAS = [
  "page_size = 8192",
  "auto_vacuum = INCREMENTAL",
  "journal_mode = WAL",
  "synchronous = FULL",
  "cache_size = -32000",
  "wal_autocheckpoint = 4000",
  "journal_size_limit = 67108864",
  "temp_store = MEMORY",
];

async function configure(sql: Database): Promise<void> {
  for (const pragma of PRAGMAS) await sql.all(`PRAGMA ${pragma}`);
}
