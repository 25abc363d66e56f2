import { existsSync, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { RivuletError } from "@rivulet/domain";
import type { Backup } from "../../backup/read-backup.ts";
import { checkEmpty, restoreFiles, restoreTables } from "../../backup/restore-backup.ts";
import type { Modes } from "../../file-modes.ts";
import { createFileTree, type FileTreeOptions } from "../../files/file-tree.ts";
import { syncFolder } from "../../files/write-whole.ts";
import type { FileStorage } from "../../sql/file-storage.ts";
import { readVersion } from "../../sql/migrate.ts";
import { ownFiles } from "../../sql/own-files.ts";
import { openForWriting } from "./open-file.ts";
import { openSqlite } from "./sqlite-database.ts";
import { holdStoreAlone } from "./store-lock.ts";

/** Where a backup is restored to. */
export interface SqliteRestore {
  /** The database file. */
  readonly path: string;
  readonly files: FileTreeOptions;
  /** Where its files go instead. */
  readonly elsewhere?: FileStorage | undefined;
  /** Permissions of new files. */
  readonly modes: Modes;
}

/**
 * Restores a backup into a database that is not there yet, or that holds nothing. It is filled under another name
 * and then put in its place: until then, and whenever this is killed, the store is what it was.
 */
export async function restoreSqlite(backup: Backup, target: SqliteRestore): Promise<void> {
  const { path } = target;
  const lock = await holdStoreAlone(path);
  try {
    await restoreAlone(backup, target);
  } finally {
    lock.release();
  }
}

async function restoreAlone(
  backup: Backup,
  { path, files, modes, elsewhere = createFileTree(files) }: SqliteRestore,
): Promise<void> {
  await checkTarget(path);
  const temporary = `${path}.restoring`;
  // An earlier restore may have been killed.
  await removeDatabase(temporary);
  try {
    await fill(temporary, { backup, modes, storage: elsewhere });
    await restoreFiles(elsewhere, backup);
    await putInPlace(temporary, path);
  } catch (error) {
    await removeDatabase(temporary);
    throw error;
  }
}

/** @throws RivuletError `already_exists` when a database holds something */
export async function checkTarget(path: string): Promise<void> {
  if (!existsSync(path) || statSync(path).size === 0) return;
  const database = openSqlite(path);
  try {
    if ((await readVersion(database)) > 0) await checkEmpty(database, `sqlite:${path}`);
  } finally {
    await database.close();
  }
}

/** Not a single transaction, because nobody sees the database before it is complete. */
async function fill(
  path: string,
  {
    backup,
    modes,
    storage,
  }: { readonly backup: Backup; readonly modes: Modes; readonly storage: FileStorage },
): Promise<void> {
  const { database } = await openForWriting(path, modes);
  try {
    await ownFiles(database, storage);
    await restoreTables(database, backup);
  } finally {
    // Moves the log into the file.
    await database.close();
  }
  await syncWhole(path);
}

/** Makes sure that a closed database is on the disk, without a log. */
export async function syncWhole(path: string): Promise<void> {
  if (existsSync(`${path}-wal`)) throw unfolded(path);
  await using file = await open(path, "r+");
  await file.sync();
}

/** Gives a finished database its name. */
export async function putInPlace(temporary: string, path: string): Promise<void> {
  // The log of an earlier database would be taken for that of the new one.
  await removeLog(path);
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

function unfolded(path: string): RivuletError {
  return new RivuletError("store_unavailable", `${path} is open in another program. Try again.`);
}

async function removeDatabase(path: string): Promise<void> {
  await removeLog(path);
  await rm(path, { force: true });
}

async function removeLog(path: string): Promise<void> {
  for (const ending of ["-wal", "-shm"]) await rm(`${path}${ending}`, { force: true });
}
