import { Worker } from "node:worker_threads";

/** A program of `children/` in a thread of its own. */
export function startThread(name: string, workerData: unknown): Worker {
  return new Worker(new URL(`children/${name}.ts`, import.meta.url), {
    workerData,
    execArgv: ["--conditions=@rivulet/source"],
  });
}
