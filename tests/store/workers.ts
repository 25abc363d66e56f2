import type { Worker } from "node:worker_threads";
import { onTestFinished } from "vitest";

/** The workers that this thread starts from now on until the test ends: of a sqlite: store its writer, then its reader. */
export function watchWorkers(): readonly Worker[] {
  const workers: Worker[] = [];
  const add = (worker: Worker): void => void workers.push(worker);
  process.on("worker", add);
  onTestFinished(() => void process.off("worker", add));
  return workers;
}
