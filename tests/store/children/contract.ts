// Tries every rule of the contract on stores of a driver, and prints the rules that are broken.
import { openStore, type Store } from "@rivulet/core";
import { storeContract } from "@rivulet/core/testing";

const [driver = "", folder = ""] = process.argv.slice(2);
let opened = 0;

function openNew(): Promise<Store> {
  opened += 1;
  return openStore(driver === "memory" ? "memory:" : `${driver}:${folder}/${opened}`);
}

const shared = await openNew();
for (const { name, fresh, run } of storeContract) {
  const store = fresh ? await openNew() : shared;
  await run(store).catch((error) => process.stdout.write(`${name}: ${error}\n`));
  if (fresh) await store.close();
}
await shared.close();
process.stdout.write(`${storeContract.length} rules on Node ${process.version}\n`);
