// A process that records 1,000 spans a second and creates runs until it is killed. It tells on stdout what must
// survive: `span N` when the tick that recorded spans up to N is over, `run ID` when the write was acknowledged.
import { writeSync } from "node:fs";
import { openStore } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";

const [url = "", round = "0"] = process.argv.slice(2);
const store = await openStore(url);
const traceId = hexId(Number(round) + 1, 32);
let spans = 0;

setInterval(() => {
  for (let count = 0; count < 10; count += 1) {
    spans += 1;
    const span = aSpan({ traceId, id: hexId(spans, 16), usage: { totalTokens: 1 } });
    store.journal.appendSpan({ span });
  }
  const recorded = spans;
  // Behind the journal's own turn: its tick is written by then.
  setImmediate(() => setImmediate(() => writeSync(1, `span ${recorded}\n`)));
}, 10);

for (let run = 1; ; run += 1) {
  const id = hexId(Number(round) * 100_000 + run, 32);
  await store.runs.create(aRun({ id }));
  writeSync(1, `run ${id}\n`);
}
