import "@rivulet/postgres";
import { createRivulet } from "@rivulet/core";

// Appends rows to a table of a run, one after the other.
const [store = "", spool = "", runId = "", who = "", rows = "0"] = process.argv.slice(2);
const rivulet = createRivulet({ store, spool });
const run = await rivulet.runs.resume(runId);
for (let row = 0; row < Number(rows); row += 1) await run.logTable("t.json", [{ who, row }]);
await rivulet.close();
