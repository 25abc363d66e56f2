import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SAFE_NODE, SAFE_SQLITE } from "@rivulet/core";
import { expect, test } from "vitest";

interface Runtime {
  readonly node: string;
  readonly sqlite: string | undefined;
}

type CheckRuntime = (runtime: Runtime) => readonly { name: string; status: string }[];

const PACKAGE = dirname(createRequire(import.meta.url).resolve("rivulet/package.json"));
// Not of a public entry: no test can run on all these versions.
const { checkRuntime } = (await import(join(PACKAGE, "src/doctor/check-runtime.ts"))) as {
  readonly checkRuntime: CheckRuntime;
};

test.each([
  ["20.19.5", "problem"],
  ["22.17.9", "problem"],
  ["22.18.0", "note"],
  ["22.99.0", "note"],
  ["23.0.0", "note"],
  [SAFE_NODE, "ok"],
  ["25.0.0", "ok"],
  ["30.1.2", "ok"],
  ["100.0.0", "ok"],
])("Node %s: %s", (node, status) => {
  expect(checkRuntime({ node, sqlite: SAFE_SQLITE })).toMatchObject([
    { name: "Node", status },
    { name: "SQLite", status: "ok" },
  ]);
});

test.each([
  [undefined, "problem"],
  ["3.46.1", "note"],
  [SAFE_SQLITE, "ok"],
  ["4.0.0", "ok"],
])("SQLite %s: %s", (sqlite, status) => {
  expect(checkRuntime({ node: SAFE_NODE, sqlite })[1]).toMatchObject({ name: "SQLite", status });
});
