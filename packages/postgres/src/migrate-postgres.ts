import { RivuletError } from "@rivulet/domain";
import { storageElsewhere, withElsewhere } from "@rivulet/store/files";
import {
  fillDatabase,
  type Migrated,
  type Migration,
  type MigrationSource,
  pendingBytes,
} from "@rivulet/store/migration";
import { type Database, ownFiles, readVersion, type Sql } from "@rivulet/store/sql";
import { type ConnectionSettings, publicUrl } from "./connection-settings.ts";
import { openPostgresDatabase } from "./database/postgres-database.ts";
import { postgresDialect } from "./dialect/postgres-dialect.ts";
import { fileTableStorage } from "./file-storage.ts";
import { hasSchema, prepareDatabase, requireUnicode } from "./prepare-database.ts";
import { requireAlone } from "./restore-into.ts";
import { SILENT_US } from "./silence.ts";
import { defaultSpool } from "./spool-folder.ts";

type Place = Parameters<typeof storageElsewhere>[0];

/** Opens the store of a database to be migrated, of any version, without changing it. */
export async function postgresSource(
  settings: ConnectionSettings,
  options: Place,
): Promise<MigrationSource> {
  const elsewhere = storageElsewhere(options);
  const database = await openPostgresDatabase(settings, postgresDialect());
  const url = publicUrl(settings);
  try {
    const version = (await hasSchema(database, settings)) ? await readVersion(database) : 0;
    if (version === 0) throw new RivuletError("not_found", `There is no store at ${url}.`);
    const [owner] = await database.all(
      `SELECT id FROM owners WHERE seen_us > ${database.dialect.now} - ? LIMIT 1`,
      [SILENT_US],
    );
    return {
      url,
      version,
      database,
      storage: withElsewhere(elsewhere, fileTableStorage(database)),
      isOpen: owner !== undefined,
      pendingBytes: await pendingBytes(database, defaultSpool(settings)),
      close: database.close,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Migrates into a store that is not there yet, or that holds nothing. Until it is finished, no app can open it. */
export async function migrateInto(
  settings: ConnectionSettings,
  migration: Migration,
  options: Place,
): Promise<Migrated> {
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
    const migrated = await fillDatabase({ database, storage, url }, migration);
    await database.transaction((sql) => sql.run("DELETE FROM migrations"));
    return migrated;
  } finally {
    await database.close();
  }
}

/** @throws RivuletError `store_locked` when a migration into the store has not been finished */
export async function requireWhole(sql: Sql, settings: ConnectionSettings): Promise<void> {
  const [half] = await sql.all("SELECT source FROM migrations LIMIT 1");
  if (half === undefined) return;
  throw new RivuletError(
    "store_locked",
    `A migration from ${String(half["source"])} into ${publicUrl(settings)} is going on, or was stopped: run rivulet migrate again, and it goes on.`,
  );
}
