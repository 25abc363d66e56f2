// Opens a store, records a span, and closes it. Prints what was dropped and what was said, or the error.
import { openStore } from "@rivulet/core";
import { aSpan, hexId } from "@rivulet/core/testing";

const [url = "", number = ""] = process.argv.slice(2);
const errors: string[] = [];
try {
  const store = await openStore(url, { onError: (error) => errors.push(error.message) });
  store.journal.appendSpan(aSpan({ traceId: hexId(Number(number)), id: hexId(1, 16) }));
  await store.journal.flush();
  const { dropped } = store.journal.stats();
  await store.close();
  process.stdout.write(`${JSON.stringify({ dropped, errors })}\n`);
} catch (error) {
  process.stdout.write(`${error}\n`);
}
