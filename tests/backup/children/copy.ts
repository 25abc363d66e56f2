// Makes a backup, or restores one.
import { openStore, restoreBackup } from "@rivulet/core";

const [command = "", folder = "", url = ""] = process.argv.slice(2);
if (command === "restore") await restoreBackup(folder, { store: url });
else {
  const store = await openStore(url);
  await store.backup(folder);
  await store.close();
}
process.stdout.write("done\n");
