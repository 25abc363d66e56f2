import { writeBackup } from "../../backup/write-backup.ts";
import { createFileMap } from "../../files/file-map.ts";
import type { Backend } from "../../port/backend.ts";
import type { Database } from "../../sql/database.ts";
import type { Dialect } from "../../sql/dialect.ts";
import { migrate } from "../../sql/migrate.ts";
import { sqlBackend } from "../../sql/sql-backend.ts";
import { openSqlite } from "../sqlite/sqlite-database.ts";
import { sqliteDialect } from "../sqlite/sqlite-dialect.ts";

/** How long a search may keep the app's event loop from turning. */
const TURN_MS = 3;

/** What is in memory is little, and nothing is done behind the back of the app's thread: texts are walked. */
const memoryDialect: Dialect = { ...sqliteDialect, words: undefined };

/** A new database in memory, for the thread that calls. */
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

/** A backend in memory. */
export async function openMemoryBackend(): Promise<Backend> {
  const database = await openMemoryDatabase();
  const storage = createFileMap();
  return sqlBackend(database, {
    storage,
    role: "writer",
    backup: (folder) => writeBackup(folder, { database, storage }),
  });
}
