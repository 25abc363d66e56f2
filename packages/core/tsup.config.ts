import { defineConfig } from "tsup";
import { inlined } from "../../scripts/inlined.ts";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    // Only the doors need the table, which costs an app that has none of them a third of its start.
    "operations/operations": "src/operations/operations.ts",
    // Each needs a library that an app has only if it asks for this.
    "pii/index": "src/pii/index.ts",
    "pii/phone": "src/pii/phone.ts",
    "testing/index": "src/testing/index.ts",
  },
  format: "esm",
  target: "node22",
  sourcemap: true,
  // A file of its own, which is read late; a bundler of an app finds it by its name.
  external: ["@rivulet/core/model-prices.json"],
  dts: false, // tsc --build writes the declarations
  ...inlined(["hyparquet", "hyparquet-writer", "lru-cache", "simple-statistics"]),
});
