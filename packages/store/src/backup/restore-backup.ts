import { DEFAULT_EXPERIMENT_ID, messageOf, RivuletError } from "@rivulet/domain";
import type { RunEnding } from "../port/backend.ts";
import type { Database, Sql } from "../sql/database.ts";
import { releaseAll } from "../sql/entities/owner-registry.ts";
import type { FileStorage } from "../sql/file-storage.ts";
import { noteAllStale } from "../sql/rollups/stale-slices.ts";
import { keptTables, SCHEMA, type Schema, versionOf } from "../sql/schema.ts";
import type { Table } from "../sql/table.ts";
import { noteAllUnindexed } from "../sql/words/unindexed.ts";
import { pagesOfNamed } from "./copy-files.ts";
import { damaged } from "./manifest.ts";
import type { Backup, RowsOfLines } from "./read-backup.ts";
import { boundRow } from "./row-text.ts";

/** Where a backup is restored to. */
export interface RestoreTarget {
  /** The database to restore into. */
  readonly database: Database;
  /** Where its files go. */
  readonly storage: FileStorage;
  /** URL of the store without secrets, for messages. */
  readonly url: string;
}

/**
 * Restores a backup in one transaction, into a database that others may have open.
 *
 * @throws RivuletError `already_exists` when the store is not empty; `store_corrupt` when the backup is damaged;
 * `conflict` when files were removed again before the transaction ended
 */
export async function restoreInTransaction(backup: Backup, target: RestoreTarget): Promise<void> {
  const { database, storage, url } = target;
  await checkEmpty(database, url, backup.schema);
  await restoreFiles(storage, backup);
  await database.transaction(async (sql) => {
    await checkEmpty(sql, url, backup.schema);
    await restoreTables(sql, backup);
    await holdFiles(sql, storage, backup);
  });
}

/** A restore that takes more than an hour may lose its first files to the removal of unreferenced ones. */
async function holdFiles(sql: Sql, storage: FileStorage, backup: Backup): Promise<void> {
  const missing = new Set(backup.manifest.missingFiles);
  for await (const named of pagesOfNamed(sql)) {
    const ids = named.map(({ id }) => id);
    const held = new Set(await storage.hold(sql, { ids }));
    const lost = ids.find((id) => !held.has(id) && !missing.has(id));
    if (lost === undefined) continue;
    throw new RivuletError(
      "conflict",
      `The file ${lost} was removed while the backup was being restored. Nothing was restored: try again.`,
    );
  }
}

/**
 * Copies a backup's files into a storage. No record refers to them yet: if the restore does not finish, they are
 * removed like those of a killed upload.
 *
 * @throws RivuletError `store_corrupt` when the backup is damaged
 */
export async function restoreFiles(storage: FileStorage, backup: Backup): Promise<void> {
  for await (const { id, content } of backup.files()) await storage.write(id, content);
}

/**
 * Fills the tables of an empty store. Runs that were in progress and owned by a process are ended.
 *
 * @throws RivuletError `store_corrupt` when the backup is damaged
 */
export async function restoreTables(sql: Sql, backup: Backup): Promise<void> {
  await sql.run("DELETE FROM experiments WHERE id = ?", [DEFAULT_EXPERIMENT_ID]);
  const { schema, manifest } = backup;
  for (const table of keptTables(schema, manifest.schema)) {
    if (table.until !== undefined) await makeOldTable(sql, table);
    for await (const lines of backup.rows(table)) await insert(sql, table, lines);
  }
  await finishRestore(sql, schema, manifest.schema);
}

/** Makes rows that a store of some version had what this release needs. */
export async function finishRestore(sql: Sql, schema: Schema, from: number): Promise<void> {
  // Content written by an older release is upgraded like an older store.
  for (let version = from + 1; version <= versionOf(schema); version += 1) {
    await schema.steps[version]?.(sql);
  }
  // The full-text index and the sums of traces are made anew, in the background.
  await noteAllUnindexed(sql);
  await noteAllStale(sql);
  await releaseAll(sql, GOING_ON);
}

/** A table that no longer exists; the migration that moves its rows drops it again. */
export async function makeOldTable(sql: Sql, table: Table): Promise<void> {
  for (const statement of sql.dialect.createTable(table)) await sql.run(statement);
}

/** Owners of runs belong to the store that was backed up. */
const GOING_ON: RunEnding = {
  status: "killed",
  message: "the backup was taken while the run was in progress",
};

async function insert(sql: Sql, table: Table, { rows, where }: RowsOfLines): Promise<void> {
  const into = { table: table.name, columns: Object.keys(table.columns) };
  const bound = rows.map((row) => boundRow(sql.dialect, table, row));
  try {
    await sql.insert(into, bound);
  } catch (cause) {
    // If the database is unreachable, locked or full, the backup is not to blame.
    if (cause instanceof RivuletError) throw cause;
    throw damaged(where, `the database refuses it: ${messageOf(cause)}`, cause);
  }
}

/**
 * Makes sure that a store is empty apart from its default experiment.
 *
 * @param url of the store, for the message
 * @throws RivuletError `already_exists`
 */
export async function checkEmpty(sql: Sql, url: string, schema: Schema = SCHEMA): Promise<void> {
  for (const { name } of keptTables(schema)) {
    const [row] =
      name === "experiments"
        ? await sql.all("SELECT 1 FROM experiments WHERE id <> ? LIMIT 1", [DEFAULT_EXPERIMENT_ID])
        : await sql.all(`SELECT 1 FROM ${name} LIMIT 1`);
    if (row === undefined) continue;
    throw new RivuletError(
      "already_exists",
      `The store ${url} already holds records (in ${name}). Choose a new or empty one.`,
      { details: { url, table: name } },
    );
  }
}
