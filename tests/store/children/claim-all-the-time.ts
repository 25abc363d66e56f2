// A thread that claims what others have left, again and again, until it is told to stop. Tells what it found.
import { parentPort, workerData } from "node:worker_threads";
import { createSpoolReader } from "@rivulet/store/spool";
import { recordsInMemory } from "../spool/records-in-memory.ts";

const { folder, memory } = workerData as { folder: string; memory: SharedArrayBuffer };
const isOver = new Int32Array(memory);
const { backend, names } = recordsInMemory();
const ended: string[] = [];
const reports: string[] = [];
const reader = createSpoolReader({
  backend,
  place: { folder, owner: "f".repeat(16) },
  ended: async ({ owner }) => void ended.push(owner),
  report: ({ message }) => void reports.push(message),
});

async function claim(): Promise<void> {
  reader.recover();
  while (!(await reader.step()).idle);
}

parentPort?.postMessage("claiming");
while (Atomics.load(isOver, 0) === 0) await claim();
await claim();
parentPort?.postMessage({ names: names(), ended, reports });
