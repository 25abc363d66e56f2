import type { RivuletError } from "@rivulet/domain";
import { openProject, type Project } from "../drivers/json/project.ts";
import { createCheckpoints } from "../drivers/sqlite/checkpoint.ts";
import { openForReading, openForWriting } from "../drivers/sqlite/prepare-database.ts";
import type { SqliteConnection } from "../drivers/sqlite/sqlite-connection.ts";
import { createFileMap } from "../files/file-map.ts";
import { fileStore } from "../files/file-store.ts";
import { createFileTree } from "../files/file-tree.ts";
import { watchLeftFiles } from "../files/left-files.ts";
import type { FileStorage } from "../sql/file-storage.ts";
import type { SqlValue } from "../sql/sql-connection.ts";
import { sqlStore } from "../sql/sql-store.ts";
import { createIntake, type Intake } from "./intake.ts";
import type { FromWorker, WorkerSetup } from "./messages.ts";
import { sendError } from "./sent-error.ts";
import { writerSignals } from "./signals.ts";
import { createSpoolReader, type SpoolReader } from "./spool/spool-reader.ts";
import type { TaskQueue } from "./task-queue.ts";
import { databaseMethods, entityMethods, fileMethods, type Methods } from "./worker-methods.ts";

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
  const sql = await openForReading(setup.database);
  const brackets = { read: sql.snapshot, write: sql.snapshot };
  const methods = new Map([
    ...entityMethods(sqlStore(sql, storageOf(setup)), brackets),
    ...databaseMethods(sql),
    ["open", nothing],
    ["close", () => sql.close()],
  ]);
  return { methods, settled: nothing };
}

async function openWriter({ setup, queue, send }: WorkerParts): Promise<OpenWorker> {
  const sql = await openForWriting(setup.database);
  const storage = storageOf(setup);
  const project = setup.json && (await openProject({ ...setup.json, sql, queue }));
  const keeper = createKeeper({ setup, queue, sql, project });
  const { settled, committed } = keeper;
  const full = (): RivuletError | undefined => project?.full();
  const reader =
    setup.spool && createSpoolReader({ sql, identity: setup.spool, settle: keeper.settle, full });
  const intake = createIntake({
    sql,
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
  const stopWatching = watchLeftFiles({
    storage,
    sql: { ...sql, all: (text, values) => queue(() => sql.all(text, values as SqlValue[])) },
    transaction: (work) => queue(() => sql.transaction(() => work(sql))),
    onError: (error) => send({ kind: "failure", error: sendError(error) }),
  });
  const close = (): Promise<void> => {
    stopWatching();
    return closeWriter({ sql, intake, reader, keeper });
  };
  const methods = new Map([
    ...entityMethods(sqlStore(sql, storage), { read: (work) => work(), write }),
    ...fileMethods(fileStore(storage, (work) => sql.transaction(() => work(sql)))),
    ...databaseMethods(sql),
    ["open", nothing],
    ["drain", () => intake.drain()],
    ["close", close],
  ]);
  return { methods, intake, settled };
}

function storageOf({ files }: WorkerSetup): FileStorage {
  return files === undefined ? createFileMap() : createFileTree(files);
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
  readonly sql: SqliteConnection;
  readonly project: Project | undefined;
}

function createKeeper({ setup, queue, sql, project }: KeeperParts): Keeper {
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
  const checkpoints = createCheckpoints(sql, setup.database, queue);
  return {
    committed: checkpoints.committed,
    settle: nothing,
    settled: nothing,
    close: async () => checkpoints.stop(),
  };
}

interface OpenParts {
  readonly sql: SqliteConnection;
  readonly intake: Intake;
  readonly reader: SpoolReader | undefined;
  readonly keeper: Keeper;
}

async function closeWriter({ sql, intake, reader, keeper }: OpenParts): Promise<void> {
  intake.stop();
  try {
    await intake.drain();
    await reader?.finish();
    await keeper.committed();
  } finally {
    await keeper.close();
    await sql.close();
  }
}
