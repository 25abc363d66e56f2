// Records into a spool, with no store behind it, and ends as it is told. A process prints what was taken.
import { writeSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { aSpan } from "@rivulet/core/testing";
import { createJournal, NOTHING_TAKEN, openSpool } from "@rivulet/store/spool";

const [folder = "", owner = "", ending = ""] = isMainThread
  ? process.argv.slice(2)
  : (workerData as readonly string[]);

const journal = createJournal({
  sink: openSpool({ folder, owner }),
  limit: 1e9,
  durability: "tick",
  wrote: () => undefined,
  taken: () => NOTHING_TAKEN,
  drained: async () => undefined,
  onError: (error) => process.stderr.write(`${error}\n`),
});

function record(name: string): void {
  if (journal.appendSpan(aSpan({ name })) && isMainThread) writeSync(1, `${name}\n`);
}

function work(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

record("first");
await nextTurn();
record("second");
switch (ending) {
  case "exit":
    process.on("exit", () => record("while it exits"));
    process.exit(3);
    break;
  case "exit code":
    process.exitCode = 4;
    break;
  case "error":
    throw new Error("an error of the app");
  case "close":
    journal.close();
    journal.release();
    break;
  case "closing":
    journal.close();
    process.exit(5);
    break;
  case "kill":
    await nextTurn();
    process.kill(process.pid, "SIGKILL");
    break;
  case "steps":
    // Training that never yields: steps of 100 ms, each logs a point.
    for (let step = 0; ; step++) {
      record(`step ${step}`);
      work(100);
    }
  default:
    await nextTurn();
    parentPort?.postMessage("recorded");
    setInterval(() => undefined, 1_000);
}
