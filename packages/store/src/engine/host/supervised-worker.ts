import { setTimeout as pause } from "node:timers/promises";
import { messageOf, RivuletError } from "@rivulet/domain";
import type { Calls } from "../calls/connect-calls.ts";
import type { WorkerFunctions } from "../calls/worker-functions.ts";
import { withKeepAlive } from "./keep-alive.ts";
import { startWorker, type WorkerStart, type WorkerThread } from "./worker-thread.ts";

/** A worker that is restarted when it dies. */
export interface SupervisedWorker {
  /** Resolves when it is open for the first time. @throws RivuletError if it cannot be opened */
  readonly opened: Promise<void>;
  /**
   * Calls the worker; waits while it is being restarted. A pending call keeps the process alive.
   *
   * @throws RivuletError `store_unavailable` when it dies before it answers: the outcome is unknown
   */
  call<T>(make: (worker: Calls<WorkerFunctions>) => Promise<T>): Promise<T>;
  /** Closes the database, then ends the worker, even if closing fails. */
  close(): Promise<void>;
}

/** Options of {@link superviseWorker}. */
export interface Supervision extends WorkerStart {
  /** Called each time a worker is open. */
  readonly onOpened: (worker: Calls<WorkerFunctions>) => Promise<void>;
  /** Called when a worker has died, and when its replacement cannot be opened. */
  readonly report: (error: Error) => void;
}

/** A dead worker is replaced at once; one that dies young, after a pause that doubles each time. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
/** A worker that lived this many milliseconds did not die young. */
const ADULT_MS = 60_000;

/** Starts a worker, and a new one whenever it ends before it is closed. */
export function superviseWorker(supervision: Supervision): SupervisedWorker {
  const { report, data } = supervision;
  const closing = new AbortController();
  const isClosing = (): boolean => closing.signal.aborted;
  let current = open(supervision);
  const opened = withKeepAlive(async () => void (await current));

  const replaceWhenever = async (): Promise<void> => {
    for (let deaths = 0; ; deaths += 1) {
      const bornAt = performance.now();
      const reason = await endOf(current);
      if (isClosing()) return;
      report(died(data.role, reason));
      if (performance.now() - bornAt > ADULT_MS) deaths = 0;
      current = pauseAfter(deaths, closing.signal).then(() => open(supervision));
      current.catch(() => undefined);
    }
  };
  // The caller of `opened` learns why the first one could not be opened.
  opened.then(replaceWhenever, () => undefined);

  return {
    opened,
    call: (make) => withKeepAlive(async () => (await current).call(make)),
    close() {
      closing.abort();
      return withKeepAlive(async () => {
        const thread = await current.catch(() => undefined);
        try {
          await thread?.call((worker) => worker.close());
        } finally {
          await thread?.terminate();
        }
      });
    },
  };
}

async function open(supervision: Supervision): Promise<WorkerThread> {
  const thread = startWorker(supervision);
  try {
    await thread.call((worker) => worker.open());
    await thread.call(supervision.onOpened);
    return thread;
  } catch (error) {
    await thread.terminate();
    throw error;
  }
}

/** Resolves with the reason when a worker has ended or could not be opened. */
function endOf(thread: Promise<WorkerThread>): Promise<unknown> {
  return thread.then(
    ({ ended }) => ended,
    (error: unknown) => error,
  );
}

function pauseAfter(deaths: number, signal: AbortSignal): Promise<void> {
  const length = deaths === 0 ? 0 : FIRST_PAUSE_MS * 2 ** (deaths - 1);
  return pause(Math.min(length, LONGEST_PAUSE_MS), undefined, { ref: false, signal });
}

function died(role: string, reason: unknown): RivuletError {
  const message = `The store's ${role} has stopped (${messageOf(reason)}) and is being restarted. Recorded data is safe; calls in progress have failed.`;
  return new RivuletError("store_unavailable", message, { cause: reason });
}
