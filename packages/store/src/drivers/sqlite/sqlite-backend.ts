import { dirname } from "node:path";
import { toRivuletError } from "@rivulet/domain";
import { fileAt } from "../../engine/file-identity.ts";
import { type Modes, modesOf } from "../../engine/file-modes.ts";
import type { BackendRequest } from "../../engine/serving/backend-request.ts";
import { fileStore } from "../../files/file-store.ts";
import { createFileTree } from "../../files/file-tree.ts";
import { watchLeftFiles } from "../../files/left-files.ts";
import type { Backend } from "../../port/backend.ts";
import type { Database } from "../../sql/database.ts";
import type { FileStorage } from "../../sql/file-storage.ts";
import { sqlBackend } from "../../sql/sql-backend.ts";
import { makeFolder } from "../store-path.ts";
import { foldingLongLog } from "./checkpoint.ts";
import { watchDataVersion } from "./data-version.ts";
import { followFile } from "./follow-file.ts";
import { openForReading, openForWriting } from "./open-file.ts";
import type { SqliteSetup } from "./sqlite-setup.ts";
import { lockForWriting } from "./store-lock.ts";
import type { BackendFile } from "./track-file.ts";

/** Opens a database file for a worker. It is opened again when it is deleted or replaced. */
export function openSqliteBackend(request: BackendRequest<SqliteSetup>): Promise<Backend> {
  const { role, setup, report } = request;
  const isWriter = role === "writer";
  return followFile({
    path: setup.path,
    open: () => (isWriter ? openWriter(request) : openReader(setup)),
    // Who writes says it for both.
    report: isWriter || setup.readOnly ? report : () => undefined,
  });
}

async function openWriter({ setup, report }: BackendRequest<SqliteSetup>): Promise<BackendFile> {
  const { path, fileMode, version } = setup;
  const modes = modesOf(fileMode);
  makeFolder(dirname(path), modes);
  const lock = await lockForWriting({ path, version, fileMode });
  try {
    const file = await openForWriting(path, modes);
    const storage = createFileTree({ folder: setup.filesFolder, fileMode });
    const { database } = file;
    const stop = watchLeftFiles({
      storage,
      sql: database,
      transaction: (work) => database.transaction(work),
      onError: (error) => report(toRivuletError(error)),
    });
    const backend = backendOf(database, storage);
    return {
      isInPlace: () => file.isInPlace() && lock.isInPlace(),
      removeLog: file.removeLog,
      backend: {
        ...foldingLongLog(backend, path),
        async close() {
          stop();
          try {
            await backend.close();
          } finally {
            lock.release();
          }
        },
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openReader(setup: SqliteSetup): Promise<BackendFile> {
  const { path, filesFolder, fileMode, readOnly } = setup;
  // Somebody has deleted it, and the writer has not noticed.
  if (!readOnly && fileAt(path) === undefined) await makeStore(path, modesOf(fileMode));
  const { database, isInPlace, removeLog } = await openForReading(path);
  return {
    isInPlace,
    removeLog: readOnly ? () => undefined : removeLog,
    backend: backendOf(database, createFileTree({ folder: filesFolder })),
  };
}

async function makeStore(path: string, modes: Modes): Promise<void> {
  makeFolder(dirname(path), modes);
  const { database } = await openForWriting(path, modes);
  await database.close();
}

function backendOf(database: Database, storage: FileStorage): Backend {
  return {
    ...sqlBackend(database, { storage }),
    files: fileStore(storage, (work) => database.transaction(work)),
    changes: watchDataVersion(database),
  };
}
