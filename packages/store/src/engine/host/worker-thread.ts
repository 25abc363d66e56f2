import { Worker } from "node:worker_threads";
import { messageOf, RivuletError } from "@rivulet/domain";
import { type Calls, connectCalls } from "../calls/connect-calls.ts";
import type { HostFunctions, WorkerFunctions } from "../calls/worker-functions.ts";
import type { ServiceData } from "../serving/service-data.ts";

/** The program of a worker: in a build its text, because bundlers lose files that are started by URL; else its file. */
export type WorkerProgram =
  | {
      /** JavaScript source. */
      readonly text: string;
    }
  | {
      /** URL of a module. */
      readonly file: URL;
    };

/** A worker of the store, seen from the app's thread. It does not keep the process alive. */
export interface WorkerThread {
  /** Calls the worker. Rejects with `store_unavailable` if the worker ends before it answers. */
  call<T>(make: (worker: Calls<WorkerFunctions>) => Promise<T>): Promise<T>;
  /** Resolves with the reason when the worker has ended, for whatever reason. */
  readonly ended: Promise<string>;
  terminate(): Promise<void>;
}

/** Options of {@link startWorker}. */
export interface WorkerStart {
  readonly program: WorkerProgram;
  readonly data: ServiceData;
  readonly events: HostFunctions;
}

/** Starts a worker. */
export function startWorker({ program, data, events }: WorkerStart): WorkerThread {
  const worker = spawn(program, data);
  const remote = connectCalls<WorkerFunctions, HostFunctions>(worker, events);
  // Listeners on a worker keep the process alive, so this comes last.
  worker.unref();
  const ended = endOf(worker);
  let lost: RivuletError | undefined;
  void ended.then((reason) => {
    lost = lostCall(data.role, reason);
    remote.$close(lost);
  });
  return {
    async call(make) {
      if (lost !== undefined) throw lost;
      return make(remote);
    },
    ended,
    async terminate() {
      await worker.terminate();
    },
  };
}

function spawn(program: WorkerProgram, data: ServiceData): Worker {
  const isText = "text" in program;
  return new Worker(isText ? program.text : program.file, {
    eval: isText,
    workerData: data,
    name: `rivulet-${data.role}`,
    // The app's own flags (--input-type, --import of a tracer, --inspect-brk) are not meant for this program. When it
    // runs from source, it imports other packages from source, too. Node would parse the whole text once more to see
    // whether it is a module.
    execArgv: [isText ? "--input-type=commonjs" : "--conditions=@rivulet/source"],
  });
}

function endOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    let failure = "";
    worker.on("error", (cause) => {
      failure = `: ${messageOf(cause)}`;
    });
    worker.on("exit", (code) => resolve(`its thread ended with code ${code}${failure}`));
  });
}

function lostCall(role: ServiceData["role"], reason: string): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `The store's ${role} stopped before it answered (${reason}). Its outcome is unknown: check before you call again.`,
    { cause: reason },
  );
}
