import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { skipReporter } from "./tests/skip-reporter.ts";

export default defineConfig({
  // Tests run on the packages' sources; nothing has to be built for them but the dashboard's pages.
  ssr: { resolve: { conditions: ["@rivulet/source"] } },
  test: {
    include: ["tests/**/*.test.ts"],
    // They have a command of their own, `pnpm test:mounts`.
    exclude: ["tests/mounts/**", "**/node_modules/**"],
    globalSetup: ["tests/browser-setup.ts", "tests/postgres/setup.ts"],
    // The store's workers run from source, too: without it each compiles its modules anew, a second at a time.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/compile") },
    // Hundreds of short-lived workers in one process hit a race in V8's book-keeping of protected code pages, on
    // processors with protection keys only ("Check failed: jit_page.has_value()").
    execArgv: ["--no-memory-protection-keys"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ["default", skipReporter(), ...(process.env["CI"] ? (["json"] as const) : [])],
    outputFile: { json: "node_modules/.cache/test-results.json" },
  },
});
