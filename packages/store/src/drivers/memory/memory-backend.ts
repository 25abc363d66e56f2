import { writeBackup } from "../../backup/write-backup.ts";
import { createFileMap } from "../../files/file-map.ts";
import type { Backend } from "../../port/backend.ts";
import type { Database } from "../../sql/database.ts";
import type { Dialect } from "../../sql/dialect.ts";
import { migrate } from "../../sql/migrate.ts";
import { sqlBackend } from "../../sql/sql-backend.ts";
import { openSqlite } from "../sqlite/sqlite-database.ts";
import { sqliteDialect } from "../sqlite/sqlite-dialect.ts";

/** Milliseconds for which a search may block the app's event loop. */
const TURN_MS = 3;

/** There is little data in memory, and no background work in the app's thread: rows are scanned. */
const memoryDialect: Dialect = { ...sqliteDialect, words: undefined, rollsUp: false };

/** A new in-memory database in the calling thread. */
export async function openMemoryDatabase(): Promise<Database> {
  const database = openSqlite(":memory:", { turnMs: TURN_MS, dialect: memoryDialect });
  try {
    await migrate(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** An in-memory backend. */
export async function openMemoryBackend(): Promise<Backend> {
  const database = await openMemoryDatabase();
  const storage = createFileMap();
  return sqlBackend(database, {
    storage,
    role: "writer",
    backup: (folder) => writeBackup(folder, { database, storage }),
  });
}
