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
