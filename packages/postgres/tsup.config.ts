import { defineConfig } from "tsup";
import { workerText } from "../../scripts/worker-text.ts";

/** The worker with `pg` in it. */
const worker = await workerText({
  entry: "src/postgres-worker.ts",
  // An optional addition to pg, in C, that nobody here asks for.
  external: ["pg-native"],
});

export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  target: "node22",
  sourcemap: true,
  dts: false, // tsc --build writes the declarations
  define: { RIVULET_POSTGRES_WORKER: JSON.stringify(worker) },
});
