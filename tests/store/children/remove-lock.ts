// A thread that takes a lock many times and removes its file each time. Tells how many had it at most.
import { rmSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { takeLock } from "@rivulet/store/spool";

const { path, times, memory } = workerData as {
  readonly path: string;
  readonly times: number;
  readonly memory: SharedArrayBuffer;
};
const holders = new Int32Array(memory);
let most = 0;

for (let count = 0; count < times; ) {
  const lock = takeLock(path, "exclusive");
  if (lock === undefined) continue;
  Atomics.add(holders, 0, 1);
  // Long enough for the others to come in, if they could.
  for (const end = performance.now() + 1; performance.now() < end; )
    most = Math.max(most, Atomics.load(holders, 0));
  Atomics.sub(holders, 0, 1);
  rmSync(path, { force: true });
  lock.release();
  count += 1;
}
parentPort?.postMessage(most);
