// Records into a store in memory that it never closes, reads that back, and has nothing more to do.
import { openStore } from "@rivulet/core";
import { aSpan } from "@rivulet/core/testing";

const store = await openStore("memory:");
store.subscribe(() => undefined);
store.journal.appendSpan(aSpan());
await store.journal.flush();
process.stdout.write(`span ${(await store.traces.get(aSpan().traceId))?.spanCount}\n`);
process.on("exit", () => process.stdout.write("ends\n"));
