import { accessSync, constants, existsSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { type FileIdentity, fileAt, isStillAt } from "../../engine/file-identity.ts";
import type { Modes } from "../../engine/file-modes.ts";
import type { Database } from "../../sql/database.ts";
import { migrate, readVersion } from "../../sql/migrate.ts";
import { SCHEMA_VERSION } from "../../sql/schema.ts";
import { makeFile } from "../store-path.ts";
import { openSqlite } from "./sqlite-database.ts";

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

/** A database file that is open. */
export interface OpenFile {
  readonly database: Database;
  /** Whether the path still leads to it, and it may still be read as it is. */
  isInPlace(): boolean;
  /** Where the path leads elsewhere: removes the log of this file from beside it. There it would be another file's. */
  removeLog(): void;
}

/**
 * Opens a file for writing: makes it when it is not there, looks at it when it is, and only when it is empty or
 * ours sets it up and brings it to the newest schema.
 *
 * @throws RivuletError `store_corrupt`, `store_too_new` (the file is left as it is), `store_unavailable`
 */
export async function openForWriting(path: string, modes: Modes): Promise<OpenFile> {
  await naming(path, () => inspect(path));
  // SQLite gives the files beside it the same permissions.
  makeFile(path, modes);
  const file = fileAt(path);
  const database = openSqlite(path);
  try {
    for (const pragma of PRAGMAS) await database.all(`PRAGMA ${pragma}`);
    await migrate(database);
    return { database, isInPlace: () => isAt(path, file), removeLog: logOf(path, file) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** @throws RivuletError `store_corrupt`, `store_too_new`, `store_unavailable` when it was never written */
export async function openForReading(path: string): Promise<OpenFile> {
  const isFrozen = canBeFrozen(path);
  const file = fileAt(path);
  const database = openSqlite(path, { readOnly: true, immutable: isFrozen });
  try {
    const version = await naming(path, () => readVersion(database));
    if (version !== SCHEMA_VERSION) throw olderError(path, version);
    return {
      database,
      isInPlace: () => isAt(path, file) && !(isFrozen && existsSync(logPath(path))),
      removeLog: logOf(path, file),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * The log and its index as they are now; returns the way to remove those and no others. Not while the file is
 * there, as when only its lock was removed: the log holds what was committed last, of every process.
 */
function logOf(path: string, database: FileIdentity | undefined): () => void {
  const files = sideFiles(path).map((side) => ({ side, file: fileAt(side) }));
  return () => {
    if (isAt(path, database)) return;
    for (const { side, file } of files) if (isAt(side, file)) rmSync(side, { force: true });
  };
}

function isAt(path: string, file: FileIdentity | undefined): boolean {
  return file !== undefined && isStillAt(path, file);
}

function olderError(path: string, version: number): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `Store ${path} has schema ${version}, this Rivulet reads ${SCHEMA_VERSION}. Open it once for writing: that brings it up to date.`,
    { details: { path, version } },
  );
}

/** The write-ahead log of a file. It is there while somebody has the file open. */
export function logPath(path: string): string {
  return `${path}-wal`;
}

/** The write-ahead log of a file, and its index. */
export function sideFiles(path: string): readonly string[] {
  return [logPath(path), `${path}-shm`];
}

/**
 * To read a file with a write-ahead log, SQLite makes that log. Where it cannot, as on a read-only medium, a
 * file without one can be read as it is.
 */
function canBeFrozen(path: string): boolean {
  if (existsSync(logPath(path))) return false;
  try {
    accessSync(dirname(path), constants.W_OK);
    return false;
  } catch {
    return existsSync(path);
  }
}

/** A file that is not ours must not change, not even by the pragmas of a connection that can write. */
async function inspect(path: string): Promise<void> {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return;
  if (!file.isFile()) {
    const message = `Store ${path} is not a file. Choose another path.`;
    throw new RivuletError("store_unavailable", message, { details: { path } });
  }
  if (file.size === 0) return;
  const database = openSqlite(path, { readOnly: true });
  try {
    await readVersion(database);
  } finally {
    await database.close();
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
