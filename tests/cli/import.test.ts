import { cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { createRivulet } from "@rivulet/core";
import { expect, test } from "vitest";
import { aFolder, run } from "./rivulet.ts";

test("import mlflow takes a folder over, again and again", async () => {
  const cwd = await aFolder();
  const fixture = join(import.meta.dirname, "../mlflow/fixtures/mlruns");
  await cp(fixture, join(cwd, "mlruns"), { recursive: true });
  const args = ["import", "mlflow", "mlruns", "--store", "sqlite:app.db"];
  const first = await run(args, { cwd });
  expect(first).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^Imported 3 experiments, 6 runs, 5 params, \d+ metrics, 5 artifacts, 1 logged models, 2 models, 2 versions\n$/,
    ),
    stderr: expect.not.stringContaining("Left out"),
  });
  expect(await run(args, { cwd })).toEqual(first);
  await using rivulet = createRivulet({ store: `sqlite:${join(cwd, "app.db")}` });
  expect(await rivulet.runs.count({ lifecycle: "all" })).toBe(6);
});

test("import mlflow tells what it leaves out, and ends with 1", async () => {
  const cwd = await aFolder();
  const fixture = join(import.meta.dirname, "../mlflow/fixtures/mlruns");
  await cp(fixture, join(cwd, "mlruns"), { recursive: true });
  await symlink(cwd, join(cwd, "mlruns", "linked"));
  const args = ["import", "mlflow", "mlruns", "--store", "sqlite:app.db"];
  expect(await run(args, { cwd })).toEqual({
    code: 1,
    stdout: expect.stringMatching(/^Imported 3 experiments, 6 runs/),
    stderr: expect.stringMatching(/Left out: .*linked: is a symbolic link\n/),
  });
  const { code, stdout, stderr } = await run([...args, "--json"], { cwd });
  expect([code, JSON.parse(stdout).skipped.length, stderr]).toEqual([1, 1, ""]);
});

test("import mlflow refuses a folder that is not there, and another tool", async () => {
  const cwd = await aFolder();
  const args = ["--store", "sqlite:app.db"];
  expect(await run(["import", "mlflow", "none", ...args], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/There is no .*none\./),
  });
  expect(await run(["import", "wandb", "none", ...args], { cwd })).toMatchObject({ code: 2 });
});
