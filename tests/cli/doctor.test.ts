import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRivulet } from "@rivulet/core";
import { aSpan } from "@rivulet/core/testing";
import { spanLine } from "@rivulet/store/spool";
import { expect, test } from "vitest";
import { aFolder, run } from "./rivulet.ts";

interface Finding {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
}

async function findings(
  store: string,
): Promise<{ code: number | null; found: Map<string, Finding> }> {
  const { code, stdout } = await run(["doctor", "--json", "--store", store]);
  const list = JSON.parse(stdout) as readonly Finding[];
  return { code, found: new Map(list.map((finding) => [finding.name, finding])) };
}

test("doctor finds a sound store and counts what is in it", async () => {
  const store = `sqlite:${join(await aFolder(), "app.db")}`;
  const rivulet = createRivulet({ store });
  await rivulet.runs.start({ experiment: "iris" });
  await rivulet.prompts.register({ name: "p", template: "x" });
  await rivulet.close();
  const { code, found } = await findings(store);
  expect(code).toBe(0);
  expect(found.get("Integrity")).toMatchObject({ status: "ok", detail: "sound" });
  expect(found.get("Contents")).toMatchObject({
    status: "ok",
    detail:
      "experiments 2, runs 1, loggedModels 0, models 0, prompts 1, traces 0, sessions 0, users 0, datasets 0, evaluations 0, views 0, webhooks 0",
  });
  expect(found.get("SQLite")?.detail).toContain(process.versions["sqlite"] ?? "none");
});

test("doctor says that there are more than it counted", async () => {
  const store = `sqlite:${join(await aFolder(), "app.db")}`;
  const rivulet = createRivulet({ store });
  for (let trace = 0; trace < 1001; trace += 1) rivulet.startSpan("work").end();
  await rivulet.close();
  expect((await findings(store)).found.get("Contents")?.detail).toContain(" traces 1000+, ");
});

test("doctor leaves what a killed app has recorded for the next app", async () => {
  const file = join(await aFolder(), "app.db");
  await createRivulet({ store: `sqlite:${file}` }).close();
  const owner = join(`${file}.spool`, "00000000000000ab");
  await mkdir(owner, { recursive: true });
  await writeFile(join(owner, "1.jsonl"), spanLine(aSpan()));
  const { code, found } = await findings(`sqlite:${file}`);
  expect(code).toBe(0);
  expect(found.get("Contents")?.detail).toContain(" traces 0, ");
  expect(await readdir(owner)).toEqual(["1.jsonl"]);
});

test("a place that cannot be seen is not taken for one without a store", async () => {
  const folder = await aFolder();
  // Stands for a folder of another user, which root, who may run this, could look into.
  await symlink("loop", join(folder, "loop"));
  const store = ["--store", "sqlite:loop/app.db"];
  const problem = /This user cannot see what is at .*loop.* \(ELOOP: .*\)\. Check the permissions/;
  const doctor = await run(["doctor", ...store], { cwd: folder });
  expect(doctor).toMatchObject({ code: 1, stdout: expect.stringMatching(problem) });
  const search = await run(["runs", "search", ...store], { cwd: folder });
  expect(search).toMatchObject({ code: 1, stdout: "" });
  expect(search.stderr).toMatch(problem);
});

test("doctor says when there is no store yet, and makes none", async () => {
  const folder = await aFolder();
  const { code, stdout } = await run(["doctor", "--store", "sqlite:data/app.db"], { cwd: folder });
  expect(code).toBe(0);
  expect(stdout).toContain("! Store     sqlite:data/app.db is not there yet");
  expect(
    (await findings(`sqlite:${join(folder, "data", "app.db")}`)).found.get("Store"),
  ).toMatchObject({
    status: "note",
  });
});

test("doctor refuses a file that is no store and leaves it as it is", async () => {
  const file = join(await aFolder(), "app.db");
  const text = "This is a text file, and long enough to be taken for a database by nobody. ".repeat(
    200,
  );
  await writeFile(file, text);
  const { code, found } = await findings(`sqlite:${file}`);
  expect(code).toBe(1);
  expect(found.get("Store")?.status).toBe("problem");
});

test("doctor refuses an unknown kind of store", async () => {
  const { code, found } = await findings("mongodb://x");
  expect(code).toBe(1);
  expect(found.get("Store")?.detail).toContain("mongodb");
});

test("doctor takes the store from the environment", async () => {
  const { code, stdout } = await run(["doctor"], { env: { RIVULET_STORE: "memory:" } });
  expect(code).toBe(0);
  expect(stdout).toContain("✓ Store     memory");
});

test("doctor finds a sound json: store, counts what is in it, and leaves it as it is", async () => {
  const file = join(await aFolder(), "project.json");
  const rivulet = createRivulet({ store: `json:${file}` });
  await rivulet.prompts.register({ name: "p", template: "x" });
  await rivulet.close();
  const before = await readdir(file, { recursive: true });
  const { code, found } = await findings(`json:${file}`);
  expect(code).toBe(0);
  expect(found.get("Store")).toMatchObject({ status: "ok", detail: `json, json:${file}` });
  expect(found.get("Integrity")).toMatchObject({ status: "ok", detail: "sound" });
  expect(found.get("Contents")).toMatchObject({
    status: "ok",
    detail:
      "experiments 1, runs 0, loggedModels 0, models 0, prompts 1, traces 0, sessions 0, users 0, datasets 0, evaluations 0, views 0, webhooks 0",
  });
  expect(await readdir(file, { recursive: true })).toEqual(before);
});
