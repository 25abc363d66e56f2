import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";
import { inlined } from "../../scripts/inlined.ts";
import { workerText } from "../../scripts/worker-text.ts";

/** A backup says which version has made it. */
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const define = { RIVULET_VERSION: JSON.stringify(version) };

const worker = await workerText({ entry: "src/drivers/sqlite/sqlite-worker.ts", define });

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "contract/index": "src/contract/index.ts",
    "engine/index": "src/engine/index.ts",
    "sql/index": "src/sql/index.ts",
    "backup/index": "src/backup/index.ts",
    "files/index": "src/files/index.ts",
    "migration/index": "src/migration/index.ts",
  },
  format: "esm",
  target: "node22",
  sourcemap: true,
  // There is no "sqlite" without its "node:".
  removeNodeProtocol: false,
  dts: false, // tsc --build writes the declarations
  define: { ...define, RIVULET_SQLITE_WORKER: JSON.stringify(worker) },
  ...inlined(["lru-cache"]),
});
