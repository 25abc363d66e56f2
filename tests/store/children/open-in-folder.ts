// Opens a store with a folder as the current one, and prints its URL.
import { openStore } from "@rivulet/core";

const [folder = "", url = ""] = process.argv.slice(2);
process.chdir(folder);
const store = await openStore(url);
process.stdout.write(`${store.info.url}\n`);
await store.close();
