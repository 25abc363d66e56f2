// Records spans into one trace, in a worker thread, and says how many are safe. Closes its store when it is told to.
import { parentPort } from "node:worker_threads";
import { openStore } from "@rivulet/core";
import { aSpan, hexId } from "@rivulet/core/testing";

const SPANS = 50;
const store = await openStore(process.argv[2] ?? "");
for (let index = 1; index <= SPANS; index += 1) {
  const parent = index === 1 ? {} : { parentId: hexId(1, 16) };
  store.journal.appendSpan(aSpan({ traceId: hexId(1), id: hexId(index, 16), ...parent }));
}
// The tick is written.
setImmediate(() => parentPort?.postMessage(SPANS));
parentPort?.once("message", () => void store.close());
