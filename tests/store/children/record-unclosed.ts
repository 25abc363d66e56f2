// Records a span, and has nothing more to do.
import { openStore } from "@rivulet/core";
import { aSpan, hexId } from "@rivulet/core/testing";

const store = await openStore(process.argv[2] ?? "");
store.subscribe(() => undefined);
store.journal.appendSpan(aSpan({ traceId: hexId(1) }));
process.stdout.write("recorded\n");
