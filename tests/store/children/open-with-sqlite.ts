// Opens a store, with a second argument as a Node with that version of SQLite would, says so, and holds it until its
// input ends. Prints the error instead when it is refused.
import { openStore, toRivuletError } from "@rivulet/core";

const [url = "", sqlite] = process.argv.slice(2);
if (sqlite !== undefined) {
  Object.defineProperty(process, "versions", { value: { ...process.versions, sqlite } });
}
try {
  const store = await openStore(url);
  process.stdout.write("open\n");
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once("end", resolve));
  await store.close();
} catch (thrown) {
  const { code, message } = toRivuletError(thrown);
  process.stdout.write(`${code} ${message}\n`);
}
