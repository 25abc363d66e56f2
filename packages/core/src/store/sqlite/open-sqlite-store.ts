import { randomBytes } from "node:crypto";
import { RivuletError } from "../../errors.ts";
import type { OpenStoreOptions } from "../open-store.ts";
import { createJournal, type SinkJournal } from "../spool/journal.ts";
import { processStart } from "../spool/segments.ts";
import { type LineSink, type SpoolIdentity, spoolSink } from "../spool/spool-writer.ts";
import type { IntegrityReport, Store, StoreChange, StoreInfo } from "../store.ts";
import { ALL_ENTITIES, changeFeed } from "./changes.ts";
import type { WorkerSetup } from "./messages.ts";
import { type RemoteCall, remoteEntities } from "./remote-entities.ts";
import { startWorker, type WorkerClient } from "./worker-client.ts";

/** Which database is opened, and how its journal is kept. */
export interface SqliteTarget {
  readonly info: StoreInfo;
  /** File, or `:memory:`. */
  readonly database: string;
  /** Folder of the spool; without it the journal waits in memory. */
  readonly spoolFolder?: string;
  readonly json?: { readonly path: string; readonly maxBytes: number };
}

const SPOOL_BYTES = 1024 ** 3;
const MEMORY_BYTES = 64 * 1024 ** 2;
/** How often another process's writes are looked for while somebody listens. */
const POLL_MS = 1000;

/** Opens a store on SQLite: its writer, for a file also its reader, and its journal. */
export async function openSqliteStore(
  target: SqliteTarget,
  options: OpenStoreOptions,
): Promise<Store> {
  const { onError = () => undefined, durability = "tick", readOnly = false } = options;
  const identity = identityOf(target);
  const setup = setupOf(target, identity);
  let journal: SinkJournal | undefined;
  const poll = createPoll(() => pollOther());
  const feed = changeFeed({
    onError,
    onListening: (listening) => poll.run(listening && isFile(target)),
  });
  const events = {
    onError,
    onTaken: (characters: number, changes: readonly StoreChange[]) => {
      journal?.taken(characters);
      poll.ownWrite();
      for (const change of changes) feed.emit(change);
    },
  };
  const start = (role: WorkerSetup["role"]): Promise<WorkerClient> =>
    opened(startWorker({ ...setup, role }, events));

  const writer = readOnly ? undefined : await start("writer");
  const reader = isFile(target) ? await start("reader") : undefined;

  const sink = identity === undefined || readOnly ? memorySink(writer) : spoolSink(identity);
  journal = createJournal({
    sink,
    limit: options.journalBytes ?? (sink.medium === "spool" ? SPOOL_BYTES : MEMORY_BYTES),
    durability,
    wake: () => wakeIfIdle(setup.idle, writer),
    drained: async () => writer?.call("drain"),
    onError,
  });

  const call = async (request: RemoteCall): Promise<unknown> => {
    const worker = request.access === "read" ? (reader ?? writer) : writer;
    if (worker === undefined) throw readOnlyError(target);
    const value = await worker.call(`${request.entity}.${request.method}`, request.argument);
    if (request.access === "write") {
      poll.ownWrite();
      feed.written(request);
    }
    return value;
  };
  const pollOther = async (): Promise<void> => {
    const version = JSON.stringify(await reader?.call("dataVersion"));
    if (poll.isForeign(version)) for (const entity of ALL_ENTITIES) feed.emit({ entity, ids: [] });
  };

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    poll.run(false);
    journal?.close();
    await writer?.call("close");
    await reader?.call("close");
    await Promise.all([writer?.terminate(), reader?.terminate()]);
  };
  return {
    info: target.info,
    ...remoteEntities(call),
    journal,
    subscribe: feed.subscribe,
    checkIntegrity: () => {
      const worker = reader ?? writer;
      if (worker === undefined) return Promise.reject(readOnlyError(target));
      return worker.call<IntegrityReport>("checkIntegrity");
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
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

function identityOf({ spoolFolder }: SqliteTarget): SpoolIdentity | undefined {
  if (spoolFolder === undefined) return undefined;
  const writer = randomBytes(6).toString("hex");
  return { folder: spoolFolder, pid: process.pid, processStart: processStart(), writer };
}

function setupOf(
  { database, json }: SqliteTarget,
  spool: SpoolIdentity | undefined,
): Omit<WorkerSetup, "role"> {
  return {
    database,
    idle: new SharedArrayBuffer(4),
    ...(spool === undefined ? {} : { spool }),
    ...(json === undefined ? {} : { json }),
  };
}

function isFile({ database }: SqliteTarget): boolean {
  return database !== ":memory:";
}

/** A worker that waits is woken once; one that is at work looks again by itself. */
function wakeIfIdle(idle: SharedArrayBuffer, writer: WorkerClient | undefined): void {
  if (Atomics.exchange(new Int32Array(idle), 0, 0) === 1) writer?.post({ kind: "wake" });
}

function memorySink(writer: WorkerClient | undefined): LineSink {
  let kept = "";
  return {
    medium: "memory",
    add({ head, body }) {
      const line = `${head}\t${body}\n`;
      kept += line;
      return line.length;
    },
    flush() {
      const lines = kept;
      kept = "";
      if (writer === undefined)
        throw new RivuletError("unsupported", "The store is open for reading only.");
      writer.post({ kind: "lines", lines });
    },
    close: () => undefined,
  };
}

function readOnlyError({ info }: SqliteTarget): RivuletError {
  return new RivuletError("unsupported", `Store ${info.url} is open for reading only.`);
}

interface Poll {
  run(on: boolean): void;
  /** This process wrote: the next change of version is its own. */
  ownWrite(): void;
  /** Whether the version says that somebody else wrote. */
  isForeign(version: string): boolean;
}

function createPoll(look: () => Promise<void>): Poll {
  let timer: NodeJS.Timeout | undefined;
  let own = false;
  let seen: string | undefined;
  return {
    run(on) {
      clearInterval(timer);
      // A failure shows in the next call of the user; there is nothing to tell here.
      timer = on
        ? setInterval(() => void look().catch(() => undefined), POLL_MS).unref()
        : undefined;
    },
    ownWrite() {
      own = true;
    },
    isForeign(version) {
      const foreign = seen !== undefined && version !== seen && !own;
      seen = version;
      own = false;
      return foreign;
    },
  };
}
