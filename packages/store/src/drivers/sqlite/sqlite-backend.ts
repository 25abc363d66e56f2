import { writeBackup } from "../../backup/write-backup.ts";
import { fileAt } from "../../engine/file-identity.ts";
import type { BackendRequest } from "../../engine/serving/backend-request.ts";
import { modesOf } from "../../file-modes.ts";
import { createFileTree } from "../../files/file-tree.ts";
import { hostStorage } from "../../files/host-storage.ts";
import { joinStorages } from "../../files/joined-storage.ts";
import type { Backend } from "../../port/backend.ts";
import type { BackupReport } from "../../port/backup.ts";
import type { Database } from "../../sql/database.ts";
import type { FileStorage } from "../../sql/file-storage.ts";
import { ownFiles } from "../../sql/own-files.ts";
import { sqlBackend } from "../../sql/sql-backend.ts";
import { makeFolderOf } from "../store-path.ts";
import { foldingLongLog } from "./checkpoint.ts";
import { followFile } from "./follow-file.ts";
import { guardLog } from "./lost-log.ts";
import { openForReading, openForWriting } from "./open-file.ts";
import { openSqlite } from "./sqlite-database.ts";
import type { SqliteSetup } from "./sqlite-setup.ts";
import { lockForWriting } from "./store-lock.ts";
import type { BackendFile } from "./track-file.ts";

/** Opens a database file for a worker. It is opened again when it is deleted or replaced. */
export function openSqliteBackend(request: BackendRequest<SqliteSetup>): Promise<Backend> {
  const { role, setup, report } = request;
  const isWriter = role === "writer";
  return followFile({
    path: setup.path,
    open: () => (isWriter ? openWriter(request) : openReader(request)),
    // The writer reports it for both.
    report: isWriter || setup.readOnly ? report : () => undefined,
  });
}

async function openWriter(request: BackendRequest<SqliteSetup>): Promise<BackendFile> {
  const { report, setup } = request;
  const { path, fileMode, version } = setup;
  const modes = modesOf(fileMode);
  makeFolderOf(path, modes);
  const lock = await lockForWriting({ path, version, fileMode });
  try {
    const { database, isInPlace, log, removeLog } = await openForWriting(path, modes);
    const storage = storageOf(request);
    await ownFiles(database, storage);
    const backend = foldingLongLog(backendOf(database, { ...request, files: storage }), path);
    return {
      isInPlace: () => isInPlace() && lock.isInPlace(),
      secure: guardLog({ path, database, log, lock, report }),
      removeLog,
      backend: { ...backend, close: () => backend.close().finally(lock.release) },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openReader(request: BackendRequest<SqliteSetup>): Promise<BackendFile> {
  const { path, readOnly } = request.setup;
  // Somebody has deleted it, and the writer has not noticed yet.
  if (!readOnly && fileAt(path) === undefined) await makeStore(request.setup);
  const { database, isInPlace, removeLog } = await openForReading(path);
  return {
    isInPlace,
    // If its log is gone, the writer still has the same one.
    secure: () => Promise.resolve(),
    removeLog: readOnly ? () => undefined : removeLog,
    backend: backendOf(database, { ...request, files: storageOf(request) }),
  };
}

/** @throws RivuletError `store_locked` when somebody has exclusive access, such as a restore */
async function makeStore({ path, fileMode, version }: SqliteSetup): Promise<void> {
  const modes = modesOf(fileMode);
  makeFolderOf(path, modes);
  const lock = await lockForWriting({ path, version, fileMode });
  try {
    const { database } = await openForWriting(path, modes);
    await database.close();
  } finally {
    lock.release();
  }
}

function storageOf({ setup, storage: call }: BackendRequest<SqliteSetup>): FileStorage {
  const { filesFolder, fileMode, isElsewhere, readOnly } = setup;
  const beside = createFileTree({ folder: filesFolder, fileMode, readOnly });
  return isElsewhere && call !== undefined ? joinStorages(hostStorage(call), beside) : beside;
}

function backendOf(
  database: Database,
  {
    role,
    owner,
    setup,
    report,
    files: storage,
  }: BackendRequest<SqliteSetup> & { readonly files: FileStorage },
): Backend {
  return sqlBackend(database, {
    storage,
    role,
    origin: owner,
    report,
    backup: (folder) => backupFile(folder, { ...setup, storage }),
  });
}

/** On a connection of its own, so that reads need not wait for it. */
async function backupFile(
  folder: string,
  { path, readOnly, storage }: SqliteSetup & { readonly storage: FileStorage },
): Promise<BackupReport> {
  const { database } = await openForReading(path);
  const freeze = <T>(work: () => Promise<T>): Promise<T> => withoutWriters(path, work);
  try {
    return await writeBackup(folder, { database, storage, ...(readOnly ? {} : { freeze }) });
  } finally {
    await database.close();
  }
}

/** Holds the database's write lock without writing. */
async function withoutWriters<T>(path: string, work: () => Promise<T>): Promise<T> {
  const database = openSqlite(path);
  try {
    return await database.transaction(work);
  } finally {
    await database.close();
  }
}
