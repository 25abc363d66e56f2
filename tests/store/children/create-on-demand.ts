// Opens a store and creates a run for each id that is written to it. Prints the code of the error, or "ok". Its
// closing may fail.
import { createInterface } from "node:readline";
import { openStore, RivuletError } from "@rivulet/core";
import { aRun } from "@rivulet/core/testing";

const [url = ""] = process.argv.slice(2);
const store = await openStore(url, { onError: () => undefined });
for await (const id of createInterface({ input: process.stdin })) {
  const outcome = await store.runs.create(aRun({ id })).then(
    () => "ok",
    (error: unknown) => (error instanceof RivuletError ? error.code : String(error)),
  );
  process.stdout.write(`${outcome}\n`);
}
await store.close().catch(() => undefined);
