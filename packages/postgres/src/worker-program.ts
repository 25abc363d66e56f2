import type { WorkerProgram } from "@rivulet/store/engine";

/**
 * Set when the package is built: the whole worker program including `pg`, because bundlers lose files that are
 * started by URL.
 */
declare const RIVULET_POSTGRES_WORKER: string | undefined;

/** What the worker is started with: the program's text in a build, the file beside this one when run from source. */
export function workerProgram(): WorkerProgram {
  return typeof RIVULET_POSTGRES_WORKER === "string"
    ? { text: RIVULET_POSTGRES_WORKER }
    : { file: new URL("./postgres-worker.ts", import.meta.url) };
}
