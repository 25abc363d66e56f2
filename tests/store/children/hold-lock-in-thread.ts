// A thread that takes a lock and keeps it until it is terminated.
import { parentPort, workerData } from "node:worker_threads";
import { takeLock } from "@rivulet/store/spool";

const lock = takeLock(workerData as string, "exclusive");
parentPort?.postMessage(lock === undefined ? "not held" : "held");
setInterval(() => lock?.isInPlace(), 1_000);
