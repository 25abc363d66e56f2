import { RivuletError } from "@rivulet/domain";
import { type Backup, restoreInTransaction } from "@rivulet/store/backup";
import type { Sql } from "@rivulet/store/sql";
import { type ConnectionSettings, publicUrl } from "./connection-settings.ts";
import { openPostgresDatabase } from "./database/postgres-database.ts";
import { postgresDialect } from "./dialect/postgres-dialect.ts";
import { fileTableStorage } from "./file-storage.ts";
import { prepareDatabase, requireUnicode } from "./prepare-database.ts";

/** Who was not heard of for this long, in microseconds, has gone. */
const SILENT_US = 5 * 60_000_000;

/** Restores a backup into the store at a place. See `restorePostgres`. */
export async function restoreInto(settings: ConnectionSettings, backup: Backup): Promise<void> {
  const plain = await openPostgresDatabase(settings, postgresDialect());
  try {
    await requireUnicode(plain, settings);
    const report = (): void => undefined;
    const database = await prepareDatabase({ database: plain, settings, report });
    const url = publicUrl(settings);
    await requireAlone(database, url);
    await restoreInTransaction(backup, { database, storage: fileTableStorage(database), url });
  } finally {
    await plain.close();
  }
}

/** Every process that has a store open says so twice a minute, and when it closes it. */
async function requireAlone(sql: Sql, url: string): Promise<void> {
  const [owner] = await sql.all(
    `SELECT id FROM owners WHERE seen_us > ${sql.dialect.now} - ? LIMIT 1`,
    [SILENT_US],
  );
  if (owner === undefined) return;
  throw new RivuletError(
    "store_locked",
    `A process has ${url} open, or was killed in the last five minutes. End it, or wait, and restore again.`,
    { details: { url } },
  );
}
