import { build } from "esbuild";
import { defineConfig } from "tsup";

/** SQLite's worker as one text, so that it survives whatever bundler the app uses. */
const worker = await build({
  entryPoints: ["src/drivers/sqlite/sqlite-worker.ts"],
  bundle: true,
  write: false,
  format: "cjs",
  platform: "node",
  target: "node22",
  minify: true,
});

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "contract/index": "src/contract/index.ts",
    "engine/index": "src/engine/index.ts",
  },
  format: "esm",
  target: "node22",
  sourcemap: true,
  dts: false, // tsc --build writes the declarations
  define: { RIVULET_SQLITE_WORKER: JSON.stringify(worker.outputFiles[0]?.text) },
});
