import { Worker } from "node:worker_threads";
import { RivuletError } from "@rivulet/domain";
import type { StoreChange } from "../port/store.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";
import { receiveError } from "./sent-error.ts";
import { workerSource } from "./worker-source.ts";

/** A worker of the store, seen from the app's thread. */
export interface WorkerClient {
  /** Calls a method in the worker. An unanswered call keeps the process alive. */
  call(method: string, argument?: unknown): Promise<unknown>;
  /** Sends without an answer. */
  post(message: ToWorker): void;
  terminate(): Promise<void>;
}

/** What a worker tells unasked. */
export interface WorkerEvents {
  readonly onChanges: (changes: readonly StoreChange[]) => void;
  readonly onError: (error: Error) => void;
}

/** Starts a worker. It does not keep the process alive while nobody waits for it. */
export function startWorker(
  setup: WorkerSetup,
  { onChanges, onError }: WorkerEvents,
): WorkerClient {
  const worker = spawn(setup);
  const calls = createCalls(worker);
  let gone: Error | undefined;
  const end = (error: Error): void => {
    gone ??= error;
    calls.rejectAll(gone);
  };

  worker.on("message", (message: FromWorker) => {
    if (message.kind === "changes") onChanges(message.changes);
    else if (message.kind === "failure") onError(receiveError(message.error));
    else calls.settle(message);
  });
  worker.on("error", (cause) => {
    const message = `The store's ${setup.role} has failed: ${String(cause)}`;
    const error = new RivuletError("internal", message, { cause });
    onError(error);
    end(error);
  });
  worker.on("exit", () => end(new RivuletError("closed", "The store is closed.")));

  return {
    call: (method, argument) =>
      gone === undefined ? calls.add(method, argument) : Promise.reject(gone),
    post(message) {
      if (gone === undefined) worker.postMessage(message);
    },
    async terminate() {
      await worker.terminate();
    },
  };
}

function spawn(setup: WorkerSetup): Worker {
  const { code, eval: isCode } = workerSource();
  const worker = new Worker(code, {
    eval: isCode,
    workerData: setup,
    name: `rivulet-${setup.role}`,
    // The app's own flags (--input-type, --import of a tracer, --inspect-brk) are not meant for this program.
    // Sources import the sources of other packages.
    execArgv: isCode ? [] : ["--conditions=@rivulet/source"],
  });
  worker.unref();
  return worker;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls that wait for their answer. */
interface Calls {
  add(method: string, argument: unknown): Promise<unknown>;
  settle(message: Extract<FromWorker, { readonly kind: "answer" | "refusal" }>): void;
  rejectAll(error: Error): void;
}

function packed(method: string, argument: unknown): object {
  if (method === "files.write") return { file: argument };
  const text = JSON.stringify(argument);
  return text === undefined ? {} : { argument: text };
}

function unpacked(value: string | Uint8Array | undefined): unknown {
  return typeof value === "string" ? JSON.parse(value) : value;
}

function createCalls(worker: Worker): Calls {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  return {
    add(method, argument) {
      lastId += 1;
      const id = lastId;
      const call: ToWorker = { kind: "call", id, method };
      worker.postMessage({ ...call, ...packed(method, argument) });
      if (waiting.size === 0) worker.ref();
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    },
    settle(message) {
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (waiting.size === 0) worker.unref();
      if (message.kind === "refusal") call?.reject(receiveError(message.error));
      else call?.resolve(unpacked(message.value));
    },
    rejectAll(error) {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
  };
}
