import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { workerText } from "./scripts/worker-text.ts";
import { skipReporter } from "./tests/skip-reporter.ts";
import { keepWorkers } from "./tests/source-flags.ts";

const conditions = ["@rivulet/source"];

/** The stores' workers in one text each, as in a build: from their hundred sources they take thrice as long to start. */
const [RIVULET_SQLITE_WORKER, RIVULET_POSTGRES_WORKER] = await Promise.all([
  workerText({ entry: "packages/store/src/drivers/sqlite/sqlite-worker.ts", conditions }),
  workerText({
    entry: "packages/postgres/src/postgres-worker.ts",
    external: ["pg-native"],
    conditions,
  }),
]);
keepWorkers({ RIVULET_SQLITE_WORKER, RIVULET_POSTGRES_WORKER });

export default defineConfig({
  // Tests run on the packages' sources; nothing has to be built for them but the dashboard's pages.
  ssr: { resolve: { conditions } },
  define: {
    RIVULET_SQLITE_WORKER: JSON.stringify(RIVULET_SQLITE_WORKER),
    RIVULET_POSTGRES_WORKER: JSON.stringify(RIVULET_POSTGRES_WORKER),
  },
  test: {
    include: ["tests/**/*.test.ts"],
    // They have a command of their own, `pnpm test:mounts`.
    exclude: ["tests/mounts/**", "**/node_modules/**"],
    globalSetup: ["tests/browser-setup.ts", "tests/postgres/setup.ts"],
    // Processes that tests start compile the sources once.
    env: {
      NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/compile"),
      // Runs would differ with the user and the commit of whoever tests.
      RIVULET_SOURCE_TAGS: "false",
    },
    // Hundreds of short-lived workers in one process hit a race in V8's book-keeping of protected code pages, on
    // processors with protection keys only ("Check failed: jit_page.has_value()").
    execArgv: ["--no-memory-protection-keys"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What a page or another process shows after an act is asked for again until it is there.
    expect: { poll: { timeout: 15_000 } },
    // A browser or a server on a machine that others use, too, may be late once. The report says what was tried twice.
    retry: process.env["CI"] ? 1 : 0,
    // One more than the processors of CI: a quarter of their time tests wait for a process, a server or the disk.
    maxWorkers: 3,
    reporters: ["default", skipReporter(), ...(process.env["CI"] ? (["json"] as const) : [])],
    outputFile: { json: "node_modules/.cache/test-results.json" },
  },
});
