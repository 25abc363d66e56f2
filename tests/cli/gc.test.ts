import { join } from "node:path";
import { createRivulet } from "@rivulet/core";
import { expect, test } from "vitest";
import { aFolder, run } from "./rivulet.ts";

/** A folder with a store in it: a deleted experiment with a run, a deleted run, and one that is active. */
async function aPlace(): Promise<string> {
  const folder = await aFolder();
  await using rivulet = createRivulet({ store: `sqlite:${join(folder, "app.db")}` });
  const old = await rivulet.runs.create({ experiment: "old" });
  await rivulet.experiments.delete(old.experimentId);
  const { id } = await rivulet.runs.create({ name: "gone" });
  await rivulet.runs.delete(id);
  await rivulet.runs.create({ name: "kept" });
  return folder;
}

test("gc tells what it would remove, and removes it with --yes", async () => {
  const cwd = await aPlace();
  const gc = (...args: readonly string[]) =>
    run(["gc", "--store", "sqlite:app.db", ...args], { cwd });
  const would = "Would remove for good: 1 experiment, 2 runs, 0 traces.\n";
  expect(await gc()).toEqual({
    code: 1,
    stdout: would,
    stderr: "rivulet: Nothing was removed: say --yes to remove it.\n",
  });
  expect(await gc("--dry-run")).toEqual({ code: 0, stdout: would, stderr: "" });
  const none = "Removed for good: 0 experiments, 0 runs, 0 traces.\n";
  expect(await gc("--yes", "--older-than", "1h")).toEqual({ code: 0, stdout: none, stderr: "" });
  expect(await gc("--yes")).toEqual({
    code: 0,
    stdout: "Removed for good: 1 experiment, 2 runs, 0 traces.\n",
    stderr: "",
  });
  const again = await gc("--yes", "--json");
  expect(JSON.parse(again.stdout)).toEqual({
    dryRun: false,
    experiments: 0,
    runs: 0,
    traces: 0,
    kept: [],
  });
  await using rivulet = createRivulet({ store: `sqlite:${join(cwd, "app.db")}` });
  const { items } = await rivulet.runs.search({ lifecycle: "all" });
  expect(items.map(({ name }) => name)).toEqual(["kept"]);
});

test("gc reads minutes, hours, days and weeks", async () => {
  const cwd = await aFolder();
  const hours = 6.5 * 24;
  const clock = () => Date.now() - hours * 3_600_000;
  const rivulet = createRivulet({ store: `sqlite:${join(cwd, "app.db")}`, clock });
  const { id } = await rivulet.runs.create({ name: "gone" });
  await rivulet.runs.delete(id);
  await rivulet.close();
  const found = async (olderThan: string): Promise<number> => {
    const args = ["gc", "--store", "sqlite:app.db", "--dry-run", "--json"];
    const { stdout } = await run([...args, "--older-than", olderThan], { cwd });
    return JSON.parse(stdout).runs;
  };
  const times = ["9300m", "9420m", "155h", "157h", "6d", "7d", "0w", "1w"];
  const counts = await Promise.all(times.map(found));
  expect(Object.fromEntries(times.map((time, at) => [time, counts[at]]))).toEqual({
    "9300m": 1,
    "9420m": 0,
    "155h": 1,
    "157h": 0,
    "6d": 1,
    "7d": 0,
    "0w": 1,
    "1w": 0,
  });
});

test("gc takes no time that it cannot read, and makes no store", async () => {
  const cwd = await aFolder();
  const bad = await run(["gc", "--store", "sqlite:no.db", "--older-than", "soon"], { cwd });
  expect(bad).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('takes a time such as 90m, 12h, 30d or 4w, not "soon"'),
  });
  const none = await run(["gc", "--store", "sqlite:no.db"], { cwd });
  expect(none.stderr).toBe(
    `not_found: There is no store at ${join(cwd, "no.db")}: nothing to remove.\n`,
  );
});
