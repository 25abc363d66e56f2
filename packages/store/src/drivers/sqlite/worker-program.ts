import type { WorkerProgram } from "../../engine/host/worker-thread.ts";

/** Set when the package is built: the whole worker program. */
declare const RIVULET_SQLITE_WORKER: string | undefined;

/** What the worker is started with: the program's text in a build, the file beside this one when run from source. */
export const workerProgram: WorkerProgram =
  typeof RIVULET_SQLITE_WORKER === "string"
    ? { text: RIVULET_SQLITE_WORKER }
    : { file: new URL("./sqlite-worker.ts", import.meta.url) };
