import { build } from "esbuild";
import { defineConfig } from "tsup";

/** The worker as one text, with `pg` in it, so that it survives whatever bundler the app uses. */
const worker = await build({
  entryPoints: ["src/postgres-worker.ts"],
  bundle: true,
  write: false,
  format: "cjs",
  platform: "node",
  target: "node22",
  minify: true,
  // An optional addition to pg, in C, that nobody here asks for.
  external: ["pg-native"],
});

export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  target: "node22",
  sourcemap: true,
  dts: false, // tsc --build writes the declarations
  define: { RIVULET_POSTGRES_WORKER: JSON.stringify(worker.outputFiles[0]?.text) },
});
