// Opens a store, creates one run in it, and closes it. Prints the code of the error, or "ok".
import { openStore, RivuletError } from "@rivulet/core";
import { aRun } from "@rivulet/core/testing";

const [url = "", id = ""] = process.argv.slice(2);
try {
  const store = await openStore(url);
  await store.runs.create(aRun({ id }));
  await store.close();
  process.stdout.write("ok\n");
} catch (error) {
  process.stdout.write(`${error instanceof RivuletError ? error.code : String(error)}\n`);
}
