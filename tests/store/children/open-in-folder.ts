// Opens stores with a folder as the current one; prints the URL of each, or why it cannot be opened.
import { openStore, toRivuletError } from "@rivulet/core";

const [folder = "", ...urls] = process.argv.slice(2);
process.chdir(folder);
for (const url of urls) process.stdout.write(`${await tryToOpen(url)}\n`);

async function tryToOpen(url: string): Promise<string> {
  try {
    const store = await openStore(url);
    await store.close();
    return store.info.url;
  } catch (error) {
    const { code, message } = toRivuletError(error);
    return `${code}: ${message}`;
  }
}
