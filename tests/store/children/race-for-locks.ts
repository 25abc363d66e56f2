// A thread of several that try to take the same locks at the same instants. Tells which it got.
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { type HeldLock, takeLock } from "@rivulet/store/spool";

interface Race {
  readonly folder: string;
  readonly rounds: number;
  readonly threads: number;
  readonly memory: SharedArrayBuffer;
}

const { folder, rounds, threads, memory } = workerData as Race;
const arrived = new Int32Array(memory);
const won: number[] = [];
const locks: HeldLock[] = [];

/** Goes on when all threads are here. */
function meet(round: number): void {
  Atomics.add(arrived, 0, 1);
  while (Atomics.load(arrived, 0) < (round + 1) * threads);
}

for (let round = 0; round < rounds; round++) {
  meet(round);
  const lock = takeLock(join(folder, String(round)), "exclusive");
  if (lock === undefined) continue;
  won.push(round);
  locks.push(lock);
}
meet(rounds);
for (const lock of locks) lock.release();
parentPort?.postMessage(won);
