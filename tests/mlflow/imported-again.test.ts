import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Rivulet, Run } from "@rivulet/core";
import { importMlflow } from "@rivulet/mlflow";
import { describe, expect, test } from "vitest";
import { aRivulet, written } from "./written.ts";

/** The run of this name. */
async function runOf(rivulet: Rivulet, name: string): Promise<Run> {
  const filter = `name = '${name}'`;
  const { items } = await rivulet.runs.search({ filter, lifecycle: "all" });
  const [run] = items;
  if (run === undefined) throw new Error(`There is no run ${name}.`);
  return run;
}

/** A database of MLflow, after it was changed. */
async function changed(change: (database: DatabaseSync) => void): Promise<string> {
  const path = await written("mlflow-3.17");
  const database = new DatabaseSync(path);
  change(database);
  database.close();
  return path;
}

describe.each(["mlruns", "mlflow-3.17"] as const)("another import of %s", (kind) => {
  test("leaves alone what was changed here since", async () => {
    const path = await written(kind);
    const rivulet = aRivulet();
    await importMlflow(rivulet, { path });
    const iris = await rivulet.experiments.find("iris");
    await rivulet.experiments.update(iris?.id ?? "", { tags: { team: "b" } });
    await rivulet.models.setAlias({ name: "iris", alias: "production", version: 1 });
    const best = await runOf(rivulet, "best");
    await rivulet.runs.update(best.id, { name: "the best", tags: { mine: "1" } });
    await importMlflow(rivulet, { path });
    expect((await rivulet.experiments.find("iris"))?.tags).toMatchObject({ team: "b" });
    expect((await rivulet.models.get("iris")).aliases).toEqual({ production: 1, old: 1 });
    expect(await rivulet.runs.get(best.id)).toMatchObject({
      name: "the best",
      tags: expect.objectContaining({ mine: "1" }),
    });
  });

  test("adds nothing to a run that was deleted here since, and does not bring it back", async () => {
    const path = await written(kind);
    const rivulet = aRivulet();
    const first = await importMlflow(rivulet, { path });
    const { id } = await runOf(rivulet, "best");
    await rivulet.runs.delete(id);
    const before = await rivulet.runs.get(id);
    const { skipped } = await importMlflow(rivulet, { path });
    expect(skipped).toEqual(first.skipped);
    expect(await rivulet.runs.get(id)).toEqual(before);
  });
});

test("a run whose parent MLflow has removed for good keeps its id in a tag", async () => {
  const gone = "f".repeat(32);
  const path = await changed((database) => {
    const insert =
      "INSERT INTO tags (run_uuid, key, value) SELECT run_uuid, ?, ? FROM runs WHERE name = ?";
    database.prepare(insert).run("mlflow.parentRunId", gone, "best");
  });
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path });
  const best = await runOf(rivulet, "best");
  expect(best).not.toHaveProperty("parentRunId");
  expect(best.tags["mlflow.parentRunId"]).toBe(gone);
  const child = await runOf(rivulet, "child");
  expect(child.parentRunId).toBe(best.id);
  expect(child.tags).not.toHaveProperty("mlflow.parentRunId");
});

test("a metric of a logged model belongs to the run that measured it", async () => {
  const path = await changed((database) => {
    database.exec(
      `INSERT INTO logged_model_metrics SELECT model_id, 'recall', metric_timestamp_ms, 7, 0.5,
         experiment_id, (SELECT run_uuid FROM runs WHERE name = 'running'), NULL, NULL, NULL
       FROM logged_model_metrics`,
    );
  });
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path });
  const [best, running] = [await runOf(rivulet, "best"), await runOf(rivulet, "running")];
  const { items } = await rivulet.loggedModels.search();
  const [model] = items;
  expect(model?.runId).toBe(best.id);
  expect(model?.metrics).toEqual([
    {
      key: "acc",
      value: 0.95,
      step: 1,
      timestamp: 1_700_000_000_009,
      runId: best.id,
      datasetName: "iris.csv",
      datasetDigest: "abc123",
    },
    { key: "recall", value: 0.5, step: 7, timestamp: 1_700_000_000_009, runId: running.id },
  ]);
  expect(running.metrics["recall"]).toBe(0.5);
  expect(best.metrics).not.toHaveProperty("recall");
});

test("a dataset was given to a run when that began; a stage that nobody knows stays a tag", async () => {
  const path = await changed((database) => {
    database.exec(
      "UPDATE model_versions SET current_stage = 'Canary' WHERE name = 'iris' AND version = 3",
    );
  });
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path });
  const best = await runOf(rivulet, "best");
  const { items } = await rivulet.runs.inputs({ runId: best.id });
  expect(items.map(({ loggedAt }) => loggedAt)).toEqual([best.startTime]);
  const version = await rivulet.models.getVersion("iris@3");
  expect(version).not.toHaveProperty("stage");
  expect(version.tags["mlflow.stage"]).toBe("Canary");
});

test("more than nine versions in a folder have their numbers, and the next one the next", async () => {
  const path = await written("mlruns");
  const model = join(path, "models", "iris");
  for (let version = 4; version <= 11; version += 1) {
    const folder = join(model, `version-${version}`);
    await cp(join(model, "version-1"), folder, { recursive: true });
    const meta = join(folder, "meta.yaml");
    const text = await readFile(meta, "utf8");
    await writeFile(meta, text.replace(/^version: 1$/m, `version: ${version}`));
  }
  const rivulet = aRivulet();
  expect(await importMlflow(rivulet, { path })).toMatchObject({ versions: 10 });
  const { items } = await rivulet.models.searchVersions({
    filter: "name = 'iris'",
    orderBy: ["version ASC"],
  });
  expect(items.map(({ version }) => version)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect((await rivulet.models.register({ name: "iris" })).version).toBe(12);
});

test("a span that failed says why", async () => {
  const path = await changed((database) => {
    database.exec(
      `UPDATE spans SET content = json_set(content, '$.status.message', 'no such city')
       WHERE name = 'fails'`,
    );
  });
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path });
  const { items } = await rivulet.traces.search({ filter: "name = 'fails'" });
  const [span] = await rivulet.traces.loadSpans(items[0]?.id ?? "");
  expect([span?.status, span?.statusMessage]).toEqual(["error", "no such city"]);
});
