import { DEFAULT_EXPERIMENT_ID, RivuletError } from "@rivulet/domain";
import type { Operation } from "../../port/operation.ts";
import type { HostFunctions } from "../calls/worker-functions.ts";
import type { ServiceData } from "../serving/service-data.ts";
import type { BackendLink } from "./backend-link.ts";
import { type SupervisedWorker, superviseWorker } from "./supervised-worker.ts";
import type { WorkerProgram } from "./worker-thread.ts";

/** Options of {@link linkToWorkers}. */
export interface WorkerLinkSetup {
  readonly program: () => WorkerProgram | Promise<WorkerProgram>;
  readonly data: Omit<ServiceData, "role">;
  /** Reads have workers of their own: one for lookups by key and one for searches. */
  readonly separateReaders: boolean;
  readonly readOnly: boolean;
  readonly events: HostFunctions;
  readonly report: (error: Error) => void;
  /** The workers start once this resolves. */
  readonly after: Promise<void>;
}

interface Workers {
  /** Absent when the store is read-only. */
  readonly writer: SupervisedWorker | undefined;
  /** The writer itself if one worker does both. */
  readonly reader: SupervisedWorker;
  /** Started when first needed; the reader itself if one worker does both. */
  searcher(): Promise<SupervisedWorker>;
  close(): Promise<void>;
}

/** How many workers may die during one `drain`, which can safely be called again. */
const DRAIN_TRIES = 3;

/** Starts the workers of a store. */
export function linkToWorkers(setup: WorkerLinkSetup): BackendLink {
  let isWatched = false;
  let deaths = 0;
  const workers = startWorkers(setup, {
    isWatched: () => isWatched,
    onWriterDeath() {
      deaths += 1;
    },
  });
  const opened = workers.then(() => undefined);
  const reader = async (): Promise<SupervisedWorker> => (await workers).reader;
  const searcher = async (): Promise<SupervisedWorker> => (await workers).searcher();
  const writer = async (): Promise<SupervisedWorker> => {
    const { writer: worker } = await workers;
    if (worker !== undefined) return worker;
    throw new RivuletError("unsupported", "The store is open read-only.");
  };
  const workerFor = (operation: Operation): Promise<SupervisedWorker> => {
    if (operation.access === "write") return writer();
    return operation.lane === "search" ? searcher() : reader();
  };
  const tellWatch = async (isWanted: boolean): Promise<void> => {
    const { writer: worker, reader: other } = await workers;
    await (worker ?? other).call((remote) => remote.watch(isWanted));
  };
  return {
    opened,
    async call({ method, operation, argument }) {
      const worker = await workerFor(operation);
      return worker.call((remote) => remote.call(method, argument));
    },
    takeLines: async (lines) => (await writer()).call((remote) => remote.takeLines(lines)),
    takeAttachment: async (file) => (await writer()).call((remote) => remote.takeAttachment(file)),
    drain: async () => drain(await writer()),
    deaths: () => deaths,
    watch(isWanted) {
      isWatched = isWanted;
      // A worker that starts later asks for itself.
      tellWatch(isWanted).catch(() => undefined);
    },
    checkIntegrity: async () => (await reader()).call((remote) => remote.checkIntegrity()),
    backup: async (folder) => (await reader()).call((remote) => remote.backup(folder)),
    close: () =>
      workers.then(
        ({ close }) => close(),
        () => undefined,
      ),
  };
}

interface WorkerListeners {
  readonly isWatched: () => boolean;
  readonly onWriterDeath: () => void;
}

async function startWorkers(
  setup: WorkerLinkSetup,
  { isWatched, onWriterDeath }: WorkerListeners,
): Promise<Workers> {
  await setup.after;
  const { readOnly, separateReaders } = setup;
  const program = await setup.program();
  const start = (role: ServiceData["role"]): SupervisedWorker =>
    superviseWorker({
      ...setup,
      program,
      data: { ...setup.data, role },
      report(error) {
        if (role === "writer") onWriterDeath();
        setup.report(error);
      },
      async onOpened(remote) {
        const tellsChanges = readOnly ? role === "reader" : role === "writer";
        if (tellsChanges) await remote.watch(isWatched());
      },
    });
  const writer = readOnly ? undefined : start("writer");
  await writer?.opened;
  const reader = separateReaders || writer === undefined ? start("reader") : writer;
  try {
    await reader.opened;
  } catch (error) {
    await writer?.close();
    throw error;
  }
  const searching = startLater(async () => {
    // A read checks whether the database is still the one that was opened, and cleans up if it is gone.
    await reader.call((remote) => remote.call("experiments.get", DEFAULT_EXPERIMENT_ID));
    return start("searcher");
  });
  return {
    writer,
    reader,
    searcher: async () => (separateReaders ? searching.worker() : reader),
    close: async () =>
      closeAll([await searching.started(), reader === writer ? undefined : reader, writer]),
  };
}

interface LateWorker {
  /** Starts it if it is not running or could not be opened before. @throws RivuletError if it cannot be opened */
  worker(): Promise<SupervisedWorker>;
  /** The worker, if it is running or starting. */
  started(): Promise<SupervisedWorker | undefined>;
}

function startLater(start: () => Promise<SupervisedWorker>): LateWorker {
  let starting: Promise<SupervisedWorker> | undefined;
  const open = async (): Promise<SupervisedWorker> => {
    const worker = await start();
    try {
      await worker.opened;
      return worker;
    } catch (error) {
      await worker.close();
      throw error;
    }
  };
  return {
    worker() {
      starting ??= open().catch((error: unknown) => {
        starting = undefined;
        throw error;
      });
      return starting;
    },
    started: async () => starting?.catch(() => undefined),
  };
}

/** Runs them one after the other, even if earlier ones fail. */
async function closeAll([first, ...rest]: readonly (
  | SupervisedWorker
  | undefined
)[]): Promise<void> {
  try {
    await first?.close();
  } finally {
    if (rest.length > 0) await closeAll(rest);
  }
}

async function drain(writer: SupervisedWorker): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await writer.call((remote) => remote.drain());
    } catch (error) {
      const isLost = error instanceof RivuletError && error.code === "store_unavailable";
      if (!isLost || tries === DRAIN_TRIES) throw error;
    }
  }
}
