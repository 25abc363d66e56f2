import { dirname } from "node:path";
import { openEngine } from "../../engine/host/open-engine.ts";
import type { WorkerProgram } from "../../engine/host/worker-thread.ts";
import { modesOf } from "../../file-modes.ts";
import { createFileTree } from "../../files/file-tree.ts";
import { filesBeside } from "../../files/files-beside.ts";
import { storageElsewhere, withElsewhere } from "../../files/files-elsewhere.ts";
import { answerStorage } from "../../files/host-storage.ts";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";
import type { Store } from "../../port/store.ts";
import { makeFolderOf, resolveLinks, resolveStorePath } from "../store-path.ts";
import type { SqliteSetup } from "./sqlite-setup.ts";

/**
 * Opens the SQLite store in a file: a worker that writes, and one that reads.
 *
 * @throws RivuletError `store_unavailable`, `store_corrupt`, `store_too_new`, `store_locked`
 */
export async function openSqliteStore(file: string, options: OpenStoreOptions): Promise<Store> {
  const { readOnly = false, fileMode = 0o600, spool } = options;
  const path = resolveStorePath(file);
  const filesFolder = `${path}.files`;
  const version = process.versions["sqlite"] ?? "0";
  const elsewhere = storageElsewhere(options);
  const isElsewhere = elsewhere !== undefined;
  const setup: SqliteSetup = { path, fileMode, filesFolder, isElsewhere, readOnly, version };
  const beside = createFileTree({ folder: filesFolder, fileMode, readOnly });
  if (!readOnly) makeFolderOf(path, modesOf(fileMode));
  return openEngine({
    info: {
      driver: "sqlite",
      url: `sqlite:${path}`,
      folder: dirname(path),
      ...(readOnly && { readOnly }),
    },
    key: `sqlite:${path}`,
    backend: { kind: "worker", program: loadProgram, setup, separateReaders: true },
    spool: resolveLinks(spool ?? `${path}.spool`),
    ownerLocks: `${path}.owners`,
    files: filesBeside(withElsewhere(elsewhere, beside)),
    ...(elsewhere === undefined ? {} : { storage: answerStorage(elsewhere) }),
    options,
  });
}

/** Most of the package's JavaScript is the worker's, so it is loaded when one starts. */
async function loadProgram(): Promise<WorkerProgram> {
  const { workerProgram } = await import("./worker-program.ts");
  return workerProgram;
}
