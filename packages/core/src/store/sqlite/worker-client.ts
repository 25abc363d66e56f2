import { Worker } from "node:worker_threads";
import { RivuletError } from "../../errors.ts";
import type { StoreChange } from "../store.ts";
import { fromErrorData } from "./database-error.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";
import { workerSource } from "./worker-source.ts";

/** A worker of the store, seen from the app's thread. */
export interface WorkerClient {
  /** Calls a method in the worker. An unanswered call keeps the process alive. */
  call<T>(method: string, argument?: unknown): Promise<T>;
  /** Sends without an answer. */
  post(message: ToWorker): void;
  terminate(): Promise<void>;
}

/** What a worker tells unasked. */
export interface WorkerEvents {
  readonly onTaken: (characters: number, changes: readonly StoreChange[]) => void;
  readonly onError: (error: Error) => void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a worker. It does not keep the process alive while nobody waits for it. */
export function startWorker(setup: WorkerSetup, { onTaken, onError }: WorkerEvents): WorkerClient {
  const { code, eval: isCode } = workerSource();
  const worker = new Worker(code, {
    eval: isCode,
    workerData: setup,
    name: `rivulet-${setup.role}`,
    // The app's own flags (--input-type, --import of a tracer, --inspect-brk) are not meant for this program.
    execArgv: [],
  });
  worker.unref();
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let gone: Error | undefined;

  const settle = (id: number, use: (entry: Waiting) => void): void => {
    const entry = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (entry !== undefined) use(entry);
  };
  const fail = (error: Error): void => {
    gone ??= error;
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(error));
  };

  worker.on("message", (message: FromWorker) => {
    if (message.kind === "answer") {
      settle(message.id, ({ resolve }) => resolve(message.value as never));
    } else if (message.kind === "refusal") {
      settle(message.id, ({ reject }) => reject(fromErrorData(message.error)));
    } else if (message.kind === "taken") onTaken(message.characters, message.changes);
    else onError(fromErrorData(message.error));
  });
  worker.on("error", (cause) => {
    const error = new RivuletError(
      "internal",
      `The store's ${setup.role} has failed: ${cause.message}`,
      { cause },
    );
    onError(error);
    fail(error);
  });
  worker.on("exit", () => fail(new RivuletError("closed", "The store is closed.")));

  return {
    call(method, argument) {
      if (gone !== undefined) return Promise.reject(gone);
      lastId += 1;
      const id = lastId;
      worker.ref();
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ kind: "call", id, method, argument } satisfies ToWorker);
      });
    },
    post(message) {
      if (gone === undefined) worker.postMessage(message);
    },
    async terminate() {
      await worker.terminate();
    },
  };
}
