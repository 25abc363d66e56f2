import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { skipReporter } from "../skip-reporter.ts";

/** The mounts install frameworks from the registry and run what is built: apart from the other tests. */
export default defineConfig({
  root: join(import.meta.dirname, "../.."),
  test: {
    include: ["tests/mounts/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 180_000,
    // Installing waits for the network, not for the processor.
    maxConcurrency: 3,
    reporters: ["default", skipReporter(), ...(process.env["CI"] ? (["json"] as const) : [])],
    outputFile: { json: "node_modules/.cache/mount-results.json" },
  },
});
