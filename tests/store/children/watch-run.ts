// Creates a run that it watches over, says who it is, and stays.
import { openStore } from "@rivulet/core";
import { aRun } from "@rivulet/core/testing";

const [url = "", spool = "", id = ""] = process.argv.slice(2);
const store = await openStore(url, { spool });
await store.runs.create({ ...aRun({ id }), owner: store.owner });
process.stdout.write(`${store.owner}\n`);
setInterval(() => undefined, 1000);
