// Records a span each millisecond into a trace of its own, and creates a run now and then. Prints what is safe.
import { openStore } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";

const [url = "", round = "0"] = process.argv.slice(2);
const store = await openStore(url);
const traceId = hexId(Number(round) + 1);
let count = 0;

setInterval(() => {
  count += 1;
  const id = hexId(count, 16);
  const parent = count === 1 ? {} : { parentId: hexId(1, 16) };
  store.journal.appendSpan(aSpan({ traceId, id, ...parent, usage: { totalTokens: 1 } }));
  // The journal has written when this tick ends; a pipe is written to at once.
  setImmediate(() => process.stdout.write(`span ${id}\n`));
  if (count % 25 === 0) void createRun(hexId(Number(round) * 10_000 + count));
}, 1);

async function createRun(id: string): Promise<void> {
  await store.runs.create(aRun({ id }));
  process.stdout.write(`run ${id}\n`);
}
