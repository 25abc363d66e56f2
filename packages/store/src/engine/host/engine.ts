import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { RivuletError } from "@rivulet/domain";
import type { BackupReport } from "../../port/backup.ts";
import type { IntegrityReport, Journal, StoreChange, StoreInfo } from "../../port/store.ts";
import { receiveError } from "../calls/sent-error.ts";
import type { ServiceEvents } from "../serving/backend-service.ts";
import { openService } from "../serving/open-service.ts";
import type { ServiceData } from "../serving/service-data.ts";
import { findLeftSegments } from "../spool/left-segments.ts";
import type { StoreCall } from "../store-methods.ts";
import type { BackendLink } from "./backend-link.ts";
import { createChangeFeed } from "./change-feed.ts";
import { openEngineJournal } from "./engine-journal.ts";
import type { EngineSetup } from "./engine-setup.ts";
import { linkToService } from "./local-link.ts";
import { linkToWorkers } from "./worker-link.ts";

/** Everything between the clients of a store and its database: journal, calls and changes. */
export interface Engine {
  readonly info: StoreInfo;
  /** Id of the engine, which owns the runs of its clients. */
  readonly owner: string;
  /** Accepts records at once, even while the database is being opened. */
  readonly journal: Journal;
  /** Resolves when the database is open. @throws RivuletError if it cannot be opened */
  readonly opened: Promise<void>;
  call(call: StoreCall): Promise<unknown>;
  /** Resolves when everything recorded is in the database. */
  flush(): Promise<void>;
  subscribe(listener: (change: StoreChange) => void): () => void;
  checkIntegrity(): Promise<IntegrityReport>;
  /** Writes a consistent snapshot into a new folder. */
  backup(folder: string): Promise<BackupReport>;
  /** Writes what is left in the journal, then releases the database, even if something fails. */
  close(): Promise<void>;
}

/** Options of {@link startEngine}. */
export interface EngineStart extends EngineSetup {
  /** The database is opened once this resolves: the previous engine has released it. */
  readonly after: Promise<void>;
  /** Called with failures that reach no caller. */
  readonly report: (error: Error) => void;
}

/** Length of an engine's id in bytes. */
const OWNER_BYTES = 8;
/** Milliseconds for which a database in the app's thread may block it at a time. */
const SLICE_MS = 3;

/** Starts an engine. Its journal accepts records when this returns. */
export function startEngine(start: EngineStart): Engine {
  const { info, report, options, backend, spool } = start;
  const owner = randomBytes(OWNER_BYTES).toString("hex");
  const journal = openEngineJournal({
    ...start,
    owner,
    link: () => link,
    ...(backend.kind === "local" ? { sliceMs: SLICE_MS } : {}),
  });
  const feed = createChangeFeed({
    onError: report,
    onListening: (isListening) => link.watch(isListening),
  });
  const link: BackendLink = linkTo(start, {
    data: { owner, ...dataOf(start), ...(journal.spool && { spool: journal.spool }) },
    events: { changed: feed.emit, failed: report },
  });
  // The caller that opens the store gets the error.
  link.opened.catch(() => undefined);

  return {
    info,
    owner,
    journal: journal.journal,
    opened: link.opened,
    async call(call) {
      const { operation, argument } = call;
      if (operation.access === "write" && options.readOnly) throw readOnlyError(info);
      const value = await copyable(callFiles(start, call, link) ?? link.call(call));
      const change = operation.access === "write" ? operation.change(argument, value) : undefined;
      if (change !== undefined) feed.emit([change]);
      return value;
    },
    flush: journal.journal.flush,
    subscribe: feed.subscribe,
    async checkIntegrity() {
      const { problems } = await link.checkIntegrity();
      const left = spool === undefined ? [] : findLeftSegments(spool);
      return { ok: problems.length + left.length === 0, problems: [...problems, ...left] };
    },
    async backup(folder) {
      await journal.journal.flush();
      return link.backup(resolve(folder));
    },
    async close() {
      try {
        await journal.close();
      } finally {
        await link.close().finally(journal.release);
      }
    },
  };
}

interface LinkParts {
  readonly data: Pick<ServiceData, "owner" | "ownerLocks" | "attachmentBytes" | "spool">;
  readonly events: ServiceEvents;
}

function dataOf({
  ownerLocks: folder,
  options: { fileMode, attachmentBytes },
}: EngineSetup): Pick<ServiceData, "ownerLocks" | "attachmentBytes"> {
  return {
    ...(folder === undefined ? {} : { ownerLocks: { folder, fileMode } }),
    ...(attachmentBytes === undefined ? {} : { attachmentBytes }),
  };
}

function linkTo(start: EngineStart, { data, events }: LinkParts): BackendLink {
  const { backend, options, after, report, storage = noStorage } = start;
  const { readOnly = false } = options;
  if (backend.kind === "local") {
    const role = readOnly ? "reader" : "writer";
    return linkToService(
      after.then(() =>
        openService({
          open: backend.open,
          options: backend,
          data: { ...data, setup: undefined, role },
          events,
        }),
      ),
    );
  }
  return linkToWorkers({
    program: backend.program,
    data: { ...data, setup: backend.setup },
    separateReaders: backend.separateReaders ?? false,
    readOnly,
    events: {
      changed: events.changed,
      failed: (error) => events.failed(receiveError(error)),
      storage,
    },
    report,
    after,
  });
}

async function noStorage(): Promise<never> {
  throw new RivuletError("internal", "The storage of files is not in this thread.");
}

/** Methods whose `undefined` means that the file is not here. */
const READING: readonly string[] = ["read", "readPart"];

/** `undefined` when the backend has to answer. */
function callFiles(
  { files }: EngineSetup,
  call: StoreCall,
  link: Pick<BackendLink, "call">,
): Promise<unknown> | undefined {
  const { method, argument } = call;
  const [group, name = ""] = method.split(".");
  if (files === undefined || group !== "files" || !Object.hasOwn(files, name)) return undefined;
  const methods = files as unknown as Readonly<Record<string, FileMethod>>;
  const answer = methods[name]?.(argument);
  if (!READING.includes(name)) return answer;
  return answer?.then((content) => content ?? link.call(call));
}

type FileMethod = (argument: unknown) => Promise<unknown>;

/** Refuses what could not be sent to another thread, even if the backend is in this one. */
async function copyable<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "DataCloneError") throw error;
    const message = `An argument contains something that cannot be stored: ${error.message}`;
    throw new RivuletError("invalid_argument", message, { cause: error });
  }
}

function readOnlyError({ url }: StoreInfo): RivuletError {
  return new RivuletError("unsupported", `Store ${url} is open read-only.`);
}
