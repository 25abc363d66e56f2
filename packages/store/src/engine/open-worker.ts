import type { RivuletError } from "@rivulet/domain";
import { writeBackup } from "../backup/write-backup.ts";
import { openProject, type Project } from "../drivers/json/project.ts";
import { createCheckpoints } from "../drivers/sqlite/checkpoint.ts";
import { openForReading, openForWriting } from "../drivers/sqlite/prepare-database.ts";
import { createFileMap } from "../files/file-map.ts";
import { createFileTree } from "../files/file-tree.ts";
import type { Backend } from "../port/backend.ts";
import type { BackupReport } from "../port/backup.ts";
import type { Database } from "../sql/database.ts";
import type { FileStorage } from "../sql/file-storage.ts";
import { sqlBackend } from "../sql/sql-backend.ts";
import { createIntake, type Intake } from "./intake.ts";
import type { FromWorker, WorkerSetup } from "./messages.ts";
import { sendError } from "./sent-error.ts";
import { writerSignals } from "./signals.ts";
import { createSpoolReader, type SpoolReader } from "./spool/spool-reader.ts";
import type { TaskQueue } from "./task-queue.ts";
import { entityMethods, fileMethods, type Method, type Methods } from "./worker-methods.ts";

/** A worker whose database is open. */
export interface OpenWorker {
  readonly methods: Methods;
  readonly intake?: Intake;
  /** Resolves when what was committed is on the disk. */
  readonly settled: () => Promise<void>;
}

/** What {@link openWorker} works with. */
export interface WorkerParts {
  readonly setup: WorkerSetup;
  readonly queue: TaskQueue;
  readonly send: (message: FromWorker) => void;
}

const nothing = async (): Promise<void> => undefined;

/** Opens the database of a worker. @throws RivuletError why it cannot be opened */
export function openWorker(parts: WorkerParts): Promise<OpenWorker> {
  return parts.setup.role === "reader" ? openReader(parts) : openWriter(parts);
}

async function openReader({ setup }: WorkerParts): Promise<OpenWorker> {
  const database = await openForReading(setup.database);
  const backend = sqlBackend(database, {
    storage: storageOf(setup),
    role: "reader",
    backup: (folder) => backupFile(setup, folder),
  });
  const methods = new Map<string, Method>([
    ...entityMethods(backend.entities, (work) => work()),
    ["dataVersion", () => dataVersion(database)],
    ["checkIntegrity", () => backend.checkIntegrity()],
    ["backup", (folder) => backend.backup(String(folder))],
    ["open", nothing],
    ["close", () => backend.close()],
  ]);
  return { methods, settled: nothing };
}

async function openWriter({ setup, queue, send }: WorkerParts): Promise<OpenWorker> {
  const database = await openForWriting(setup.database);
  const project = setup.json && (await openProject({ ...setup.json, database, queue }));
  const keeper = createKeeper({ setup, queue, database, project });
  const { settled, committed } = keeper;
  const full = (): RivuletError | undefined => project?.full();
  const storage = storageOf(setup);
  const backend = sqlBackend(database, {
    storage,
    role: "writer",
    backup: (folder) => writeBackup(folder, { database, storage }),
    report: (error) => send({ kind: "failure", error: sendError(error) }),
    full,
  });
  const reader =
    setup.spool &&
    createSpoolReader({
      backend,
      place: setup.spool,
      settle: keeper.settle,
      ended: nothing,
      report: (error) => send({ kind: "failure", error: sendError(error) }),
    });
  const intake = createIntake({
    backend,
    owner: setup.owner,
    queue,
    send,
    signals: writerSignals(setup.signals),
    reader,
    committed,
  });
  const write = async (work: () => Promise<unknown>): Promise<unknown> => {
    const result = await work();
    await committed();
    return result;
  };
  const close = (): Promise<void> => closeWriter({ backend, intake, reader, keeper });
  const methods = new Map<string, Method>([
    ...entityMethods(backend.entities, write),
    ...fileMethods(backend.files),
    ["dataVersion", () => dataVersion(database)],
    ["checkIntegrity", () => backend.checkIntegrity()],
    ["backup", (folder) => backend.backup(String(folder))],
    ["open", nothing],
    ["drain", () => intake.drain()],
    ["close", close],
  ]);
  return { methods, intake, settled };
}

/** On a connection of its own: those who read stand in no line behind it. */
async function backupFile(setup: WorkerSetup, folder: string): Promise<BackupReport> {
  const database = await openForReading(setup.database);
  try {
    return await writeBackup(folder, { database, storage: storageOf(setup) });
  } finally {
    await database.close();
  }
}

function storageOf({ files }: WorkerSetup): FileStorage {
  return files === undefined ? createFileMap() : createFileTree(files);
}

async function dataVersion(database: Database): Promise<unknown> {
  return (await database.all("PRAGMA data_version"))[0]?.["data_version"];
}

/** Brings commits to where they last. */
interface Keeper {
  committed(): Promise<void>;
  /** Resolves when commits are on the disk. */
  settled(): Promise<void>;
  /** Brings them there at once; a task of the queue. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

interface KeeperParts {
  readonly setup: WorkerSetup;
  readonly queue: TaskQueue;
  readonly database: Database;
  readonly project: Project | undefined;
}

function createKeeper({ setup, queue, database, project }: KeeperParts): Keeper {
  if (project !== undefined) {
    return {
      committed: async () => project.changed(),
      settled: project.written,
      settle: project.save,
      close: project.close,
    };
  }
  if (setup.database === ":memory:")
    return { committed: nothing, settled: nothing, settle: nothing, close: nothing };
  const checkpoints = createCheckpoints(database, setup.database, queue);
  return {
    committed: checkpoints.committed,
    settle: nothing,
    settled: nothing,
    close: async () => checkpoints.stop(),
  };
}

interface OpenParts {
  readonly backend: Backend;
  readonly intake: Intake;
  readonly reader: SpoolReader | undefined;
  readonly keeper: Keeper;
}

async function closeWriter({ backend, intake, reader, keeper }: OpenParts): Promise<void> {
  intake.stop();
  try {
    await intake.drain();
    await reader?.finish();
    await keeper.committed();
  } finally {
    await keeper.close();
    await backend.close();
  }
}
