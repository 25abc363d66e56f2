/** Set when the package is built: the worker's whole program, because bundlers lose files that are started by URL. */
declare const RIVULET_STORE_WORKER: string | undefined;

/** What to start a worker with: the program's text in a build, the file beside this one in the sources. */
export function workerSource(): { readonly code: string | URL; readonly eval: boolean } {
  return typeof RIVULET_STORE_WORKER === "string"
    ? { code: RIVULET_STORE_WORKER, eval: true }
    : { code: new URL("./store-worker.ts", import.meta.url), eval: false };
}
