import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aFolder, run } from "./rivulet.ts";

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
