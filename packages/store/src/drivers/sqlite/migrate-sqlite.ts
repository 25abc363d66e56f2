import { existsSync, statSync } from "node:fs";
import { RivuletError } from "@rivulet/domain";
import { modesOf } from "../../file-modes.ts";
import { createFileTree } from "../../files/file-tree.ts";
import { storageElsewhere, withElsewhere } from "../../files/files-elsewhere.ts";
import { fillDatabase } from "../../migration/fill-database.ts";
import {
  isSame,
  type Migrated,
  type Migration,
  type MigrationSource,
  requireOther,
} from "../../migration/migration.ts";
import { pendingBytes } from "../../migration/pending-records.ts";
import { ownFiles } from "../../sql/own-files.ts";
import { makeFolderOf, resolveStorePath } from "../store-path.ts";
import { openAnyVersion, openForWriting } from "./open-file.ts";
import { checkTarget, putInPlace, syncWhole } from "./restore-sqlite.ts";
import { openSqlite } from "./sqlite-database.ts";
import { holdStoreAlone, isStoreOpen } from "./store-lock.ts";

/** Opens a database file to be migrated, of any version, without changing it. */
export async function sqliteSource(
  given: string,
  options: { readonly artifacts?: string | undefined },
): Promise<MigrationSource> {
  const path = resolveStorePath(given);
  const elsewhere = storageElsewhere(options);
  if (!existsSync(path)) {
    throw new RivuletError("not_found", `There is no store at sqlite:${path}.`);
  }
  const isOpen = isStoreOpen(path);
  const { database, version } = await openAnyVersion(path);
  try {
    return {
      url: `sqlite:${path}`,
      version,
      database,
      storage: withElsewhere(
        elsewhere,
        createFileTree({ folder: `${path}.files`, readOnly: true }),
      ),
      isOpen,
      pendingBytes: await database.snapshot((sql) => pendingBytes(sql, `${path}.spool`)),
      close: database.close,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Where a migration goes. */
export interface SqliteTarget {
  /** The database file. */
  readonly path: string;
  /** Permissions of new files. */
  readonly fileMode: number | undefined;
  /** Where its files go: see `openStore`. */
  readonly artifacts: string | undefined;
}

/**
 * Migrates into a database that is not there yet, or that holds nothing. It is filled under another name, where it stays
 * when this is stopped: the next attempt goes on with it.
 */
export async function migrateSqlite(
  { path: given, fileMode, artifacts }: SqliteTarget,
  migration: Migration,
): Promise<Migrated> {
  const path = resolveStorePath(given);
  const modes = modesOf(fileMode);
  const elsewhere = storageElsewhere({ artifacts }, { marks: false });
  makeFolderOf(path, modes);
  const lock = await holdStoreAlone(path);
  try {
    await requireOtherFile(path, migration);
    await checkTarget(path);
    const temporary = `${path}.migrating`;
    const { database } = await openForWriting(temporary, modes);
    // Commits that a power failure takes back are made again. In the end all is synced.
    await database.run("PRAGMA synchronous = NORMAL");
    let migrated: Migrated;
    try {
      const beside = createFileTree({ folder: `${path}.files`, fileMode: modes.file });
      const storage = elsewhere ?? beside;
      await ownFiles(database, storage);
      migrated = await fillDatabase({ database, storage, url: `sqlite:${temporary}` }, migration);
    } finally {
      await database.close();
    }
    await syncWhole(temporary);
    await putInPlace(temporary, path);
    return migrated;
  } finally {
    lock.release();
  }
}

/** Links lead to the same file under another name. */
async function requireOtherFile(path: string, migration: Migration): Promise<void> {
  const url = `sqlite:${path}`;
  if (migration.from === url) throw isSame(url, url);
  if (!existsSync(path) || statSync(path).size === 0) return;
  const database = openSqlite(path, { readOnly: true });
  try {
    await requireOther(database, migration, url);
  } finally {
    await database.close();
  }
}
