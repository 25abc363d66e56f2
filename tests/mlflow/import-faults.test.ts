import { appendFile, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { importMlflow } from "@rivulet/mlflow";
import { expect, onTestFinished, test } from "vitest";
import { aFolder, aRivulet, written } from "./written.ts";

/** What MLflow has written in a database, after it was changed. */
async function changed(sql: string): Promise<string> {
  const path = await written("mlflow-3.17");
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return path;
}

/** The folder of the run of a name. */
async function folderOf(path: string, name: string): Promise<string> {
  const whole = aRivulet();
  await importMlflow(whole, { path });
  const { items } = await whole.runs.search({ filter: `name = '${name}'` });
  return join(path, items[0]?.experimentId ?? "", items[0]?.id ?? "");
}

async function versionsOf(rivulet: Rivulet): Promise<readonly number[]> {
  const { items } = await rivulet.models.searchVersions({ orderBy: ["version ASC"] });
  return items.map(({ version }) => version);
}

test("names that look like numbers stay as they are", async () => {
  const path = await written("mlruns");
  const run = await folderOf(path, "best");
  for (const name of ["1e5", "08", "0x1F"]) {
    const id = `${run.slice(0, -4)}${name.padStart(4, "0").slice(-4).replace("x", "a")}`;
    await mkdir(id);
    const meta = (await readFile(join(run, "meta.yaml"), "utf8"))
      .replaceAll(/^run_(id|uuid): .*$/gm, (_, field) => `run_${field}: ${id.slice(-32)}`)
      .replace(/^run_name: .*$/m, `run_name: ${name}`);
    await writeFile(join(id, "meta.yaml"), meta);
  }
  const rivulet = aRivulet();
  expect(await importMlflow(rivulet, { path })).toMatchObject({ runs: 9 });
  const { items } = await rivulet.runs.search({ orderBy: ["name ASC"], limit: 3 });
  expect(items.map(({ name }) => name)).toEqual(["08", "0x1F", "1e5"]);
});

test("links are not followed, wherever they are, and told", async () => {
  const path = await written("mlruns");
  const run = await folderOf(path, "best");
  const secret = join(await aFolder(), "secret");
  await writeFile(secret, "1700000000000 1 1\n");
  await symlink(secret, join(run, "params", "stolen"));
  await symlink(secret, join(run, "metrics", "stolen"));
  await rename(run, `${run}.moved`);
  await symlink(`${run}.moved`, run);
  const gone = await importMlflow(aRivulet(), { path });
  expect(gone.skipped).toContainEqual({ path: run, why: "is a symbolic link" });
  await rm(run);
  await rename(`${run}.moved`, run);
  const rivulet = aRivulet();
  const { skipped } = await importMlflow(rivulet, { path });
  expect(skipped).toEqual([
    { path: join(run, "params", "stolen"), why: "is a symbolic link" },
    { path: join(run, "metrics", "stolen"), why: "is a symbolic link" },
  ]);
});

test("a text that is not UTF-8 is told, and not changed", async () => {
  const path = await written("mlruns");
  const run = await folderOf(path, "best");
  await appendFile(join(run, "tags", "color"), Uint8Array.of(0xff));
  const { skipped } = await importMlflow(aRivulet(), { path });
  expect(skipped).toMatchObject([{ path: join(run, "tags", "color") }]);
});

test("files of a run that are elsewhere than in its folder are looked for there", async () => {
  const path = await written("mlruns");
  const run = await folderOf(path, "best");
  const files = join(path, "..", "files", run.slice(-32), "artifacts");
  await mkdir(join(files, ".."), { recursive: true });
  await rename(join(run, "artifacts"), files);
  await mkdir(join(run, "artifacts"));
  const meta = await readFile(join(run, "meta.yaml"), "utf8");
  const uri = `artifact_uri: file://${files}`;
  await writeFile(join(run, "meta.yaml"), meta.replace(/^artifact_uri: .*$/m, uri));
  const left = await importMlflow(aRivulet(), { path });
  expect(left.skipped).toMatchObject([{ path: run, why: expect.stringMatching(/outside of/) }]);
  const all = await importMlflow(aRivulet(), { path, artifacts: "all" });
  expect(all).toMatchObject({ artifacts: 5, skipped: [] });
});

test("a folder of files that is nowhere is told once", async () => {
  const path = await changed(
    "UPDATE runs SET artifact_uri = REPLACE(artifact_uri, '/srv/mlflow/artifacts', '/nowhere/files')",
  );
  const { skipped } = await importMlflow(aRivulet(), { path });
  expect(skipped).toEqual([
    { path: "/nowhere/files", why: "this folder with the files of runs is nowhere" },
  ]);
});

test("what a database has besides is told: datasets that are not there, and what is not imported", async () => {
  const path = await changed(`
    DELETE FROM datasets;
    INSERT INTO scorers (experiment_id, scorer_name, scorer_id) VALUES (1, 'polite', 's-1');
  `);
  const { skipped } = await importMlflow(aRivulet(), { path });
  expect(skipped.map((one) => [one.path.slice(path.length), one.why])).toEqual([
    [
      expect.stringMatching(/^: run [\da-f]{32}$/),
      expect.stringMatching(/^its dataset [\da-f]+ is not there$/),
    ],
    [": scorer polite", "is Python, and cannot be imported"],
  ]);
});

test("a model whose last version MLflow has deleted can be imported again and again", async () => {
  const path = await changed(
    "UPDATE model_versions SET current_stage = 'Deleted_Internal' WHERE name = 'iris' AND version = 3",
  );
  const rivulet = aRivulet();
  const first = await importMlflow(rivulet, { path });
  expect(await versionsOf(rivulet)).toEqual([1]);
  expect(await importMlflow(rivulet, { path })).toEqual(first);
  expect(await versionsOf(rivulet)).toEqual([1]);
});

test("a stage is a stage, and a version of a logged model is of that and has its files", async () => {
  const path = await written("mlflow-3.17");
  const database = new DatabaseSync(path);
  const [{ model_id: modelId } = {}] = database.prepare("SELECT * FROM logged_models").all();
  database.exec(`UPDATE model_versions SET source = 'models:/${modelId}' WHERE name = 'iris' AND version = 3;
    UPDATE model_versions SET current_stage = 'Production' WHERE name = 'iris' AND version = 3`);
  database.close();
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path });
  expect((await rivulet.models.getVersion("iris@1")).stage).toBe("staging");
  expect(await rivulet.models.getVersion("iris@3")).toMatchObject({
    stage: "production",
    modelId,
    artifactPath: `models/${modelId}`,
    tags: {},
  });
  expect((await rivulet.models.files("iris@3")).map((file) => file.path)).toEqual(["MLmodel"]);
});

test("deleted runs were deleted when MLflow deleted them, so that a purge finds them", async () => {
  const deletedAt = 1_700_000_100_000;
  const path = await changed(
    `UPDATE runs SET deleted_time = ${deletedAt} WHERE lifecycle_stage = 'deleted'`,
  );
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path });
  const { items } = await rivulet.runs.search({ lifecycle: "deleted", filter: "name = 'gone'" });
  expect(items).toMatchObject([{ name: "gone", deletedAt }]);
});

test("files that a run which is deleted here does not have are told, and do not count", async () => {
  const path = await written("mlflow-3.17");
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path, artifacts: "none" });
  const { items } = await rivulet.runs.search({ filter: "name = 'best'" });
  await rivulet.runs.delete(items[0]?.id ?? "");
  const { artifacts, skipped } = await importMlflow(rivulet, { path });
  expect(artifacts).toBe(0);
  expect(new Set(skipped.map(({ why }) => why))).toEqual(
    new Set([`the run ${items[0]?.id} is deleted here`]),
  );
});

test("prompts are completed after an import that was killed between their versions and aliases", async () => {
  const path = await written("mlflow-3.17");
  const whole = aRivulet();
  await importMlflow(whole, { path });
  const rivulet = aRivulet();
  await rivulet.prompts.register({ name: "greet", template: "Hello {{name}}" });
  await importMlflow(rivulet, { path });
  expect(await rivulet.prompts.get("greet@live")).toMatchObject({ version: 1 });
  expect((await rivulet.prompts.get("greet@2")).template).toEqual(
    (await whole.prompts.get("greet@2")).template,
  );
});

test("versions of a prompt keep their numbers: equal ones, and those behind a deleted one", async () => {
  const add = (version: number): string => `
    INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage, source, workspace)
      SELECT name, ${version}, creation_time, last_updated_time, current_stage, source, workspace
      FROM model_versions WHERE name = 'greet' AND version = 2;
    INSERT INTO model_version_tags (key, value, name, version, workspace)
      SELECT key, value, name, ${version}, workspace
      FROM model_version_tags WHERE name = 'greet' AND version = 2;`;
  const path = await changed(add(3) + add(5));
  const rivulet = aRivulet();
  const first = await importMlflow(rivulet, { path });
  expect(first).toMatchObject({ prompts: 4, skipped: [] });
  const [two, three, five] = await Promise.all(
    [2, 3, 5].map((version) => rivulet.prompts.get(`greet@${version}`)),
  );
  expect([three?.template, five?.template]).toEqual([two?.template, two?.template]);
  expect((await rivulet.prompts.get("greet@4")).commitMessage).toBe("Deleted in MLflow");
  expect(await importMlflow(rivulet, { path })).toEqual(first);
  const { items } = await rivulet.prompts.listVersions({ name: "greet" });
  expect(items.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
});

test("traces that retention is going to remove are counted", async () => {
  const path = await written("mlflow-3.17");
  const DAY = 86_400_000;
  const at = Date.now() + 400 * DAY;
  const store = `sqlite:${join(await aFolder(), "app.db")}`;
  const rivulet = createRivulet({ store, clock: () => at });
  onTestFinished(() => rivulet.close());
  // Of the two, one has feedback.
  expect(await importMlflow(rivulet, { path })).toMatchObject({ traces: 2, expiring: 1 });
  expect(await importMlflow(aRivulet(), { path })).toMatchObject({ traces: 2, expiring: 0 });
});

test.each([0.3, 0.6, 0.9])(
  "a database that is damaged at %d of its length is told, and read as far as it goes",
  async (part) => {
    const path = await written("mlflow-3.17");
    const bytes = await readFile(path);
    bytes.fill(0xa5, Math.floor(bytes.length * part), Math.floor(bytes.length * part) + 8_192);
    await writeFile(path, bytes);
    const { skipped } = await importMlflow(aRivulet(), { path });
    expect(skipped[0]).toEqual({
      path,
      why: expect.stringMatching(/^is damaged \(.+\): what can be read of it is imported$/s),
    });
  },
);
