import { accessSync, constants, existsSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { type FileIdentity, fileAt, isStillAt } from "../../engine/file-identity.ts";
import type { Modes } from "../../file-modes.ts";
import type { Database } from "../../sql/database.ts";
import { migrate, readVersion } from "../../sql/migrate.ts";
import { SCHEMA_VERSION } from "../../sql/schema.ts";
import { makeFile } from "../store-path.ts";
import { openSqlite } from "./sqlite-database.ts";

/** Page size and auto-vacuum only take effect before the first table. */
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

/** An open database file. */
export interface OpenFile {
  readonly database: Database;
  /** Whether the path still leads to the file, and it may still be read as it is. */
  isInPlace(): boolean;
  /** Its log, and the log's index, as long as it is open. */
  readonly log: readonly LogFile[];
  /** When the path leads elsewhere: removes this file's log, which would be taken for that of another file. */
  removeLog(): void;
}

/** A file that SQLite keeps beside a database while it is open. */
export interface LogFile {
  readonly path: string;
  readonly file: FileIdentity;
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
    const log = logOf(path);
    const isInPlace = (): boolean => isAt(path, file);
    return { database, isInPlace, log, removeLog: removerOf(log, isInPlace) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** @throws RivuletError `store_corrupt`, `store_too_new`, `store_unavailable` when it was never written */
export async function openForReading(path: string): Promise<OpenFile> {
  const { version, ...file } = await openAnyVersion(path);
  if (version === SCHEMA_VERSION) return file;
  await file.database.close();
  throw olderError(path, version);
}

/** The same, also with an older schema. @throws RivuletError `store_corrupt`, `store_too_new` */
export async function openAnyVersion(
  path: string,
): Promise<OpenFile & { readonly version: number }> {
  const isFrozen = canBeFrozen(path);
  const file = fileAt(path);
  const database = openSqlite(path, { readOnly: true, immutable: isFrozen });
  try {
    const version = await naming(path, () => readVersion(database));
    const log = logOf(path);
    const isThere = (): boolean => isAt(path, file);
    const isInPlace = (): boolean => isThere() && !(isFrozen && existsSync(logPath(path)));
    return { version, database, isInPlace, log, removeLog: removerOf(log, isThere) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function logOf(database: string): readonly LogFile[] {
  return [logPath(database), `${database}-shm`].flatMap((path) => {
    const file = fileAt(path);
    return file === undefined ? [] : [{ path, file }];
  });
}

/**
 * Removes these files and no others. Not while the database is there, as when only its lock was removed: the log
 * holds what was committed last, of every process.
 */
function removerOf(log: readonly LogFile[], isThere: () => boolean): () => void {
  return () => {
    if (isThere()) return;
    for (const { path, file } of log) if (isStillAt(path, file)) rmSync(path, { force: true });
  };
}

function isAt(path: string, file: FileIdentity | undefined): boolean {
  return file !== undefined && isStillAt(path, file);
}

function olderError(path: string, version: number): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `Store ${path} has schema ${version}, but this Rivulet reads ${SCHEMA_VERSION}. Open it once for writing to update it.`,
    { details: { path, version } },
  );
}

/** The write-ahead log of a file, which exists while somebody has the file open. */
export function logPath(path: string): string {
  return `${path}-wal`;
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

/** A file that is not ours must not be changed, not even by the pragmas of a writing connection. */
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

/** Adds the path to problems with the schema. */
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
