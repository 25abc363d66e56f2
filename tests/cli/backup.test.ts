import { existsSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRivulet } from "@rivulet/core";
import { expect, test } from "vitest";
import { makeReadOnly, mountDisk } from "../store/disk.ts";
import { aFolder, run } from "./rivulet.ts";

/** A folder with a store in it that has one run with one artifact. */
async function aPlace(): Promise<string> {
  const folder = await aFolder();
  const rivulet = createRivulet({ store: `sqlite:${join(folder, "app.db")}` });
  await rivulet.runs.with({ name: "kept" }, (active) => active.logArtifact("a.txt", "hello"));
  await rivulet.close();
  return folder;
}

async function namesOfRuns(url: string): Promise<readonly string[]> {
  const rivulet = createRivulet({ store: url });
  const { items } = await rivulet.runs.search();
  await rivulet.close();
  return items.map(({ name }) => name);
}

test("backup writes a folder, and restore brings it back into a store of another kind", async () => {
  const cwd = await aPlace();
  const made = await run(["backup", "copy", "--store", "sqlite:app.db"], { cwd });
  expect(made).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      `^Backed up [0-9]+ rows and 1 file \\([0-9.]+ (bytes|kB)\\): ${join(cwd, "copy")}\n$`,
    ),
    stderr: "",
  });
  const restored = await run(["restore", "copy", "--store", "json:new.json"], { cwd });
  expect(restored).toEqual({ ...made, stdout: made.stdout.replace("Backed up", "Restored") });
  expect(await namesOfRuns(`json:${join(cwd, "new.json")}`)).toEqual(["kept"]);
});

test("both print their report as JSON", async () => {
  const cwd = await aPlace();
  const env = { RIVULET_STORE: "sqlite:app.db" };
  const made = await run(["backup", "copy", "--json"], { cwd, env });
  const report = JSON.parse(made.stdout);
  expect(report).toMatchObject({ path: join(cwd, "copy"), files: 1, missingFiles: [] });
  expect(report.rows).toMatchObject({ runs: 1, artifacts: 1 });
  const restored = await run(["restore", "copy", "--json", "--store", "sqlite:b.db"], { cwd });
  expect(JSON.parse(restored.stdout)).toEqual(report);
});

test("a store that is not there is not made in order to be backed up", async () => {
  const cwd = await aFolder();
  const { code, stdout, stderr } = await run(["backup", "copy", "--store", "sqlite:no.db"], {
    cwd,
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toBe(
    `not_found: There is no store at ${join(cwd, "no.db")}: nothing to back up.\n`,
  );
  expect(existsSync(join(cwd, "no.db"))).toBe(false);
  expect(existsSync(join(cwd, "copy"))).toBe(false);
});

test("a store on a disk that nobody can write to is backed up as it is", async (context) => {
  const [cwd, disk] = [await aFolder(), await aFolder()];
  if (!mountDisk(disk, "20m")) context.skip("this user may not mount a disk");
  const rivulet = createRivulet({ store: `sqlite:${join(disk, "app.db")}` });
  await rivulet.runs.with({ name: "kept" }, () => undefined);
  await rivulet.close();
  makeReadOnly(disk);
  const made = await run(["backup", "copy", "--store", `sqlite:${join(disk, "app.db")}`], { cwd });
  expect(made).toMatchObject({ code: 0, stderr: "" });
  await run(["restore", "copy", "--store", "sqlite:new.db"], { cwd });
  expect(await namesOfRuns(`sqlite:${join(cwd, "new.db")}`)).toEqual(["kept"]);
});

test.each([
  [
    "backup into a folder that holds something",
    ["backup", "."],
    /^already_exists: .* is not empty. A backup needs /,
  ],
  ["restore of what is no backup", ["restore", "."], /^not_found: There is no backup at /],
])("%s fails and says why", async (_what, args, message) => {
  const cwd = await aPlace();
  const { code, stdout, stderr } = await run([...args, "--store", "sqlite:app.db"], { cwd });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(message);
});

test("restore into a store in use fails and leaves it as it is", async () => {
  const cwd = await aPlace();
  await run(["backup", "copy", "--store", "sqlite:app.db"], { cwd });
  const { code, stderr } = await run(["restore", "copy", "--store", "sqlite:app.db"], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/The store sqlite:.*app\.db already holds records \(in runs\)/);
  expect(await namesOfRuns(`sqlite:${join(cwd, "app.db")}`)).toEqual(["kept"]);
});

test("migrate brings a store into one of another kind, and says that both have the same", async () => {
  const cwd = await aPlace();
  const done = await run(["migrate", "sqlite:app.db", "json:new"], { cwd });
  expect(done).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^Migrated \d+ rows and 1 file \(5 bytes\) from sqlite:.*app\.db to json:new; both have the same\.\n$/,
    ),
    stderr: "",
  });
  expect(await namesOfRuns(`json:${join(cwd, "new")}`)).toEqual(["kept"]);
  const again = await run(["migrate", "sqlite:app.db", "json:new", "--json"], { cwd });
  expect(again.code).toBe(1);
  expect(JSON.parse(again.stderr).error.code).toBe("already_exists");
  const none = await run(["migrate", "sqlite:none.db", "sqlite:b.db"], { cwd });
  expect(none).toMatchObject({ code: 1, stderr: expect.stringMatching(/^not_found: .*none\.db/) });
});

test("migrate tells of files that the store has lost, and ends with 1", async () => {
  const cwd = await aPlace();
  await rm(join(cwd, "app.db.files"), { recursive: true });
  expect(await run(["migrate", "sqlite:app.db", "sqlite:new.db"], { cwd })).toEqual({
    code: 1,
    stdout: expect.stringMatching(/^Migrated \d+ rows and 0 files/),
    stderr: expect.stringMatching(
      /The store has lost 1 files that its records refer to; the copy lacks them, too: [\da-f]{64}\n$/,
    ),
  });
  expect(await namesOfRuns(`sqlite:${join(cwd, "new.db")}`)).toEqual(["kept"]);
});

test.each([
  ["migrate", ["migrate", "sqlite:app.db", "sqlite:new.db"], "copy"],
  ["backup", ["backup", "b", "--store", "sqlite:app.db"], "backup"],
])(
  "%s tells of a file whose bytes are not those of its record, and ends with 1",
  async (_what, args, copy) => {
    const cwd = await aPlace();
    const files = join(cwd, "app.db.files");
    const ids = (await readdir(files, { recursive: true })).filter((name) =>
      /[0-9a-f]{64}$/.test(name),
    );
    expect(ids).toHaveLength(1);
    await writeFile(join(files, String(ids[0])), "other");
    const { code, stderr } = await run(args, { cwd });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        `The store has 1 damaged files, .*; the ${copy} has them as they are: [0-9a-f]{64}\n$`,
      ),
    });
  },
);

test("stats says how large a store is, what is in it, and what retention removes", async () => {
  const cwd = await aPlace();
  const { code, stdout } = await run(["stats", "--store", "sqlite:app.db"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Store {6}sqlite:.*app\.db, schema \d+\n/);
  expect(stdout).toContain("Files      5 bytes of artifacts, 0 bytes of traces\n");
  expect(stdout).toContain("Queue      0 bytes, 0 records dropped\n");
  expect(stdout).toContain(
    "Retention  traces older than 30 days, or beyond 5 GB, are removed a day after an app has said so; nothing was removed yet\n",
  );
  const json = await run(["stats", "--json", "--store", "sqlite:app.db"], { cwd });
  expect(JSON.parse(json.stdout)).toMatchObject({
    facts: { rows: { run: 1, trace: 0 }, artifactBytes: 5 },
    retention: { isDefault: true, policy: { maxBytes: 5e9 } },
  });
});
