import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { ANYTHING, type ChangeFeed, createChangeFeed } from "../../engine/changes.ts";
import { type HostJournal, openHostJournal } from "../../engine/host-journal.ts";
import type { WorkerSetup } from "../../engine/messages.ts";
import { type RemoteCall, remoteEntities } from "../../engine/remote-entities.ts";
import { signalMemory } from "../../engine/signals.ts";
import { startWorker, type WorkerClient, type WorkerEvents } from "../../engine/worker-client.ts";
import { createFileTree, type FileTreeOptions } from "../../files/file-tree.ts";
import type { OpenStoreOptions } from "../../open-store.ts";
import type { BackupReport } from "../../port/backup.ts";
import type { FileStore } from "../../port/files.ts";
import type { IntegrityReport, Store, StoreInfo } from "../../port/store.ts";
import { watchForeignWrites } from "./foreign-writes.ts";

/** Which database is opened, and how its journal is kept. */
export interface SqliteTarget {
  readonly info: StoreInfo;
  /** File, or `:memory:`. */
  readonly database: string;
  /** Folder of the spool; without it the journal waits in memory. */
  readonly spoolFolder?: string;
  /** Where files are; without it they are in memory. */
  readonly files?: FileTreeOptions;
  readonly json?: { readonly path: string; readonly maxBytes: number };
}

/** Opens a store on SQLite: its journal at once, then its writer, for a file also its reader. */
export async function openSqliteStore(
  target: SqliteTarget,
  options: OpenStoreOptions,
): Promise<Store> {
  const { onError = () => undefined, readOnly = false } = options;
  const setup = setupOf(target, readOnly);
  const journal = openHostJournal(setup, options);
  if (setup.spool !== undefined) options.onJournal?.(journal.journal);

  const feed: ChangeFeed = createChangeFeed({
    onError,
    onListening(isListening) {
      journal.watch(isListening);
      foreign.watch(isListening);
    },
  });
  const events: WorkerEvents = { onError, onChanges: feed.emit };
  const workers = await startWorkers({ target, setup, journal, events, readOnly });
  const foreign = watchForeignWrites(
    () => workers.anyWriter.call("dataVersion"),
    () => feed.emit(ANYTHING),
  );

  const write = async (method: string, argument: unknown): Promise<unknown> => {
    if (workers.writer === undefined) throw readOnlyError(target);
    return workers.writer.call(method, argument);
  };
  const call = async ({ method, operation, argument }: RemoteCall): Promise<unknown> => {
    if (operation.access === "read") return workers.reader.call(method, argument);
    const value = await write(method, argument);
    const change = operation.change(argument, value);
    if (change !== undefined) feed.emit([change]);
    return value;
  };
  let closing: Promise<void> | undefined;
  return {
    info: target.info,
    ...remoteEntities(call),
    files: filesOf(target, { write, readOnly }),
    journal: journal.journal,
    subscribe: feed.subscribe,
    checkIntegrity: () => workers.reader.call("checkIntegrity") as Promise<IntegrityReport>,
    async backup(folder) {
      await journal.journal.flush();
      return (await workers.reader.call("backup", resolve(folder))) as BackupReport;
    },
    close() {
      foreign.watch(false);
      closing ??= closeAll(journal, workers);
      return closing;
    },
  };
}

/** Files beside the database are written and read without it. */
function filesOf(target: SqliteTarget, { write: call, readOnly }: FileCalls): FileStore {
  const { files } = target;
  const remove: FileStore["delete"] = (ids) => call("files.delete", ids) as Promise<string[]>;
  if (files === undefined) {
    return {
      write: async (file) => void (await call("files.write", file)),
      read: (id) => call("files.read", id) as ReturnType<FileStore["read"]>,
      delete: remove,
      list: (query) => call("files.list", query) as ReturnType<FileStore["list"]>,
    };
  }
  const { write, read, list } = createFileTree(files);
  return {
    async write({ id, content }) {
      if (readOnly) throw readOnlyError(target);
      await write(id, content);
    },
    read,
    delete: remove,
    list,
  };
}

interface FileCalls {
  readonly write: (method: string, argument: unknown) => Promise<unknown>;
  readonly readOnly: boolean;
}

interface Workers {
  /** Absent when the store is read only. */
  readonly writer: WorkerClient | undefined;
  /** The writer itself where there is no file to share. */
  readonly reader: WorkerClient;
  readonly anyWriter: WorkerClient;
}

interface Start {
  readonly target: SqliteTarget;
  readonly setup: Omit<WorkerSetup, "role">;
  readonly journal: HostJournal;
  readonly events: WorkerEvents;
  readonly readOnly: boolean;
}

async function startWorkers({ target, setup, journal, events, readOnly }: Start): Promise<Workers> {
  const { spool, ...others } = setup;
  const used = journal.isSpooled && spool !== undefined ? { ...others, spool } : others;
  const open = (role: WorkerSetup["role"]): Promise<WorkerClient> =>
    opened(startWorker({ ...used, role }, events));
  const isShared = target.database !== ":memory:";
  let writer: WorkerClient | undefined;
  try {
    if (!readOnly) {
      const starting = open("writer");
      journal.attach(starting);
      writer = await starting;
    }
    const reader = isShared || writer === undefined ? await open("reader") : writer;
    return { writer, reader, anyWriter: writer ?? reader };
  } catch (error) {
    // What was recorded stays in the spool for the next start.
    journal.close();
    await writer?.call("close").catch(() => undefined);
    await writer?.terminate();
    journal.release();
    throw error;
  }
}

async function opened(worker: WorkerClient): Promise<WorkerClient> {
  try {
    await worker.call("open");
    return worker;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

async function closeAll(journal: HostJournal, { writer, reader }: Workers): Promise<void> {
  journal.close();
  try {
    if (reader !== writer) await reader.call("close");
    await writer?.call("close");
  } finally {
    await Promise.all([writer?.terminate(), reader.terminate()]);
    journal.release();
  }
}

function setupOf(
  { database, spoolFolder, files, json }: SqliteTarget,
  readOnly: boolean,
): Omit<WorkerSetup, "role"> {
  const owner = randomBytes(8).toString("hex");
  return {
    owner,
    database,
    signals: signalMemory(),
    ...(spoolFolder === undefined || readOnly ? {} : { spool: { folder: spoolFolder, owner } }),
    ...(files === undefined ? {} : { files }),
    ...(json === undefined ? {} : { json }),
  };
}

function readOnlyError({ info }: SqliteTarget): RivuletError {
  return new RivuletError("unsupported", `Store ${info.url} is open for reading only.`);
}
