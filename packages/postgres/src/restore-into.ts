import { RivuletError } from "@rivulet/domain";
import { type Backup, restoreInTransaction } from "@rivulet/store/backup";
import { storageElsewhere } from "@rivulet/store/files";
import { type Database, ownFiles, type Sql } from "@rivulet/store/sql";
import { type ConnectionSettings, publicUrl } from "./connection-settings.ts";
import { openPostgresDatabase } from "./database/postgres-database.ts";
import { postgresDialect } from "./dialect/postgres-dialect.ts";
import { fileTableStorage } from "./file-storage.ts";
import { prepareDatabase, requireUnicode } from "./prepare-database.ts";
import { SILENT_US } from "./silence.ts";

/** Restores a backup into the store of a database. See `restorePostgres`. */
export async function restoreInto(
  settings: ConnectionSettings,
  backup: Backup,
  options: { readonly artifacts?: string },
): Promise<void> {
  const elsewhere = storageElsewhere(options, { marks: false });
  const plain = await openPostgresDatabase(settings, postgresDialect());
  let database: Database = plain;
  try {
    await requireUnicode(plain, settings);
    const report = (): void => undefined;
    database = await prepareDatabase({ database: plain, settings, report });
    const url = publicUrl(settings);
    await requireAlone(database, url);
    const storage = elsewhere ?? fileTableStorage(database);
    await ownFiles(database, storage);
    await restoreInTransaction(backup, { database, storage, url });
  } finally {
    await database.close();
  }
}

/** A process that closes the store says so. */
export async function requireAlone(sql: Sql, url: string): Promise<void> {
  const [owner] = await sql.all(
    `SELECT id FROM owners WHERE seen_us > ${sql.dialect.now} - ? LIMIT 1`,
    [SILENT_US],
  );
  if (owner === undefined) return;
  throw new RivuletError(
    "store_locked",
    `A process has ${url} open, or was killed in the last five minutes. Stop it or wait, then restore again.`,
    { details: { url } },
  );
}
