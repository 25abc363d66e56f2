import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Rivulet } from "@rivulet/core";
import { expect, test } from "vitest";
import { aFolder, finish, run, start } from "./rivulet.ts";

test("a search of a store that is not there says so, and makes none", async () => {
  const cwd = await aFolder();
  const { code, stdout, stderr } = await run(["runs", "search"], { cwd });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  const file = join(cwd, ".rivulet", "rivulet.db");
  expect(stderr).toBe(
    `not_found: There is no store at ${file}. Name the one that your app records to: --store URL\n`,
  );
  expect(await readdir(cwd)).toEqual([]);
});

test("what one command creates, the next finds", async () => {
  const cwd = await aFolder();
  const store = ["--store", "sqlite:app.db"];
  await run(["models", "create", "--name", "tree", "--description", "A tree.", ...store], { cwd });
  const { code, stdout, stderr } = await run(["models", "get", "tree", "--json", ...store], {
    cwd,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ name: "tree", description: "A tree." });
});

test("- reads stdin to its end, without the last line break", async () => {
  const cwd = await aFolder();
  const store = ["--store", "sqlite:app.db"];
  const register = start(["prompts", "register", "--name", "p", "--template", "-", ...store], {
    cwd,
  });
  register.stdin?.end("Hello\n{{name}}\r\n");
  expect(await finish(register)).toMatchObject({ code: 0, stderr: "" });
  const { stdout } = await run(["prompts", "get", "p", "--json", ...store], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ template: "Hello\n{{name}}" });
});

const PACKAGE = dirname(createRequire(import.meta.url).resolve("rivulet/package.json"));
const { openFor } = (await import(join(PACKAGE, "src", "operations", "open-for.ts"))) as {
  readonly openFor: (
    operation: { readonly id: string; readonly access: string },
    url: string,
  ) => Promise<Rivulet>;
};

test.each([
  ["read", true],
  ["annotate", undefined],
  ["write", undefined],
])("a command that needs %s access opens the store with readOnly %s", async (access, readOnly) => {
  const url = `sqlite:${join(await aFolder(), "app.db")}`;
  await (await openFor({ id: "models.create", access: "write" }, url)).close();
  await using rivulet = await openFor({ id: "models.search", access }, url);
  expect((await rivulet.stats()).store.readOnly).toBe(readOnly);
});

const { describeResult } = (await import(join(PACKAGE, "src", "view", "describe-result.ts"))) as {
  readonly describeResult: (id: string, result: unknown) => string;
};

/** What is printed, in lines of words. */
function wordsOf(id: string, result: unknown): readonly (readonly string[])[] {
  return stripVTControlCharacters(describeResult(id, result))
    .split("\n")
    .map((line) => line.split(/\s{2,}/));
}

test("runs are compared in a line each, with what differs, what is best, and what is the same", () => {
  const run = { experimentId: "1", experimentName: "iris", status: "finished" };
  const comparison = {
    runs: [
      { ...run, id: "a", name: "one" },
      { ...run, id: "b", name: "two" },
    ],
    params: [
      { key: "lr", values: ["0.1", null], differs: true },
      { key: "units", values: ["8", "8"], differs: false },
    ],
    metrics: [
      { key: "loss", values: [0.5, Number.NaN], differs: true, better: "lower", best: ["a"] },
      { key: "acc", values: [1, 1], differs: false, best: [] },
    ],
    tags: [
      { key: "mlflow.source.name", values: ["x", "y"], differs: true },
      { key: "fold", values: ["1", "2"], differs: true },
    ],
  };
  expect(wordsOf("runs.compare", comparison)).toEqual([
    ["id", "name", "status", "lr", "loss", "fold"],
    ["a", "one", "finished", "0.1", "0.5 (best)", "1"],
    ["b", "two", "finished", "NaN", "2"],
    ["The same in all: units=8 acc=1"],
  ]);
});

test("of runs in many columns the first twenty are shown, and how many more there are", () => {
  const params = Array.from({ length: 23 }, (_, at) => ({
    key: `p${at}`,
    values: ["1", "2"],
    differs: true,
  }));
  const runs = ["a", "b"].map((id) => ({ id, name: id, status: "finished" }));
  const lines = wordsOf("runs.compare", { runs, params, metrics: [], tags: [] });
  expect(lines[0]).toHaveLength(23);
  expect(lines.at(-1)).toEqual(["3 more that differ: --json has all."]);
});

test("sweeps, groups and histories show statuses, metrics and times", () => {
  const best = { runId: "a", name: "lr=0.1", value: 0.25 };
  const acc = { key: "acc", count: 1, failed: 0, diverged: 2, mean: 0.75 };
  const sweep = {
    runId: "s",
    count: 3,
    statuses: { finished: 2, failed: 1 },
    metrics: [{ key: "loss", count: 2, failed: 1, diverged: 0, mean: 0.5, best }, acc],
  };
  expect(wordsOf("runs.childSummaries", [sweep])).toEqual([
    ["runId", "count", "statuses", "metrics"],
    [
      "s",
      "3",
      "finished=2 failed=1",
      "loss=0.5 (best 0.25: lr=0.1; 1 failed), acc=0.75 (2 diverged)",
    ],
  ]);
  const metrics = { loss: { count: 2, mean: 0.5, min: 0.25, max: 0.75 } };
  expect(wordsOf("runs.groups", [{ value: "relu", count: 2, metrics }])).toEqual([
    ["value", "count", "metrics"],
    ["relu", "2", "loss=0.5"],
  ]);
  const change = { name: "iris", number: 1, kind: "model_created", at: Date.UTC(2026, 0, 31) };
  expect(wordsOf("models.history", { items: [change] })).toEqual([
    ["name", "number", "kind", "at"],
    ["iris", "1", "model_created", "2026-01-31 00:00:00Z"],
  ]);
});

test("numbers keep the digits before their point", () => {
  const points = [1_796_013_090.139, -12_345_678.9, 0.123_456_789, 1.5e300, Number.NaN];
  const items = points.map((value, step) => ({ step, value, timestamp: 0 }));
  expect(wordsOf("runs.metricHistory", { items }).map(([, value]) => value)).toEqual([
    "value",
    "1796013090",
    "-12345679",
    "0.123457",
    "1.5e+300",
    "NaN",
  ]);
});

test("what is a list of records within one record has a line for each", () => {
  const gates = [
    { alias: "production", requires: "metrics.acc > 0.9" },
    { stage: "staging", requires: "tags.ok = 'yes'" },
  ];
  expect(wordsOf("models.get", { name: "iris", gates })).toEqual([
    ["name", "iris"],
    ["gates", "alias=production requires=metrics.acc > 0.9"],
    ["", "stage=staging requires=tags.ok = 'yes'"],
  ]);
});

test("a change of many that fails for some ends with 1", async () => {
  const cwd = await aFolder();
  const store = ["--store", "sqlite:app.db"];
  const { stdout } = await run(["runs", "create", "--name", "one", "--json", ...store], { cwd });
  const { id } = JSON.parse(stdout);
  const missing = "0".repeat(32);
  const { code } = await run(["runs", "delete-many", id, missing, ...store], { cwd });
  expect(code).toBe(1);
  expect(await run(["runs", "restore-many", id, ...store], { cwd })).toMatchObject({ code: 0 });
});

test("sums of traces show tokens, and time and feedback where there are some", () => {
  const sum = {
    group: { model: "m" },
    count: 2,
    errorCount: 1,
    errorRate: 0.5,
    usage: { totalTokens: 30 },
    cost: 0.01,
  };
  const words = (sums: readonly object[]): string[][] =>
    stripVTControlCharacters(describeResult("traces.aggregate", sums))
      .split("\n")
      .map((line) => line.split(/\s{2,}/));
  expect(words([sum])).toEqual([
    ["group", "count", "errorRate", "durationMs", "totalTokens", "cost"],
    ["model=m", "2", "0.5", "30", "0.01"],
  ]);
  const feedback = { helpful: { count: 2, mean: 0.5 }, note: { count: 1 } };
  expect(words([{ ...sum, bucket: 0, feedback }])).toEqual([
    ["bucket", "group", "count", "errorRate", "durationMs", "totalTokens", "cost", "feedback"],
    [
      "1970-01-01 00:00:00Z",
      ...["model=m", "2", "0.5", "30", "0.01"],
      'helpful=0.5 note={"count":1}',
    ],
  ]);
});
