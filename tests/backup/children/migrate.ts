// Migrates a store into another one.
import { migrateStore } from "@rivulet/core";

const [from = "", to = ""] = process.argv.slice(2);
await migrateStore({ from, to });
process.stdout.write("done\n");
