import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Rivulet, Run } from "@rivulet/core";
import { type ImportReport, importMlflow } from "@rivulet/mlflow";
import { describe, expect, test } from "vitest";
import { aFolder, aRivulet, written } from "./written.ts";

const T = 1_700_000_000_000;

async function byName(rivulet: Rivulet): Promise<ReadonlyMap<string, Run>> {
  const { items } = await rivulet.runs.search({ lifecycle: "all" });
  return new Map(items.map((run) => [run.name, run]));
}

/** The run of this name. */
async function theRun(rivulet: Rivulet, name: string): Promise<Run> {
  const run = (await byName(rivulet)).get(name);
  if (run === undefined) throw new Error(`There is no run ${name}.`);
  return run;
}

/** Everything that an import is about, in an order of its own. */
async function contents(rivulet: Rivulet): Promise<object> {
  const { items: experiments } = await rivulet.experiments.search({ lifecycle: "all" });
  const runs = [...(await byName(rivulet)).values()];
  const points = await Promise.all(
    runs.flatMap(({ id, metrics }) =>
      Object.keys(metrics).map((key) => rivulet.runs.metricHistory({ runId: id, key })),
    ),
  );
  const artifacts = await Promise.all(
    runs.map(async ({ id }) =>
      (await rivulet.artifacts.list({ runId: id })).map(({ path }) => path),
    ),
  );
  const { items: versions } = await rivulet.models.searchVersions({});
  const { items: traces } = await rivulet.traces.search({});
  return { experiments, runs, points, artifacts, versions, traces };
}

describe.each(["mlruns", "mlflow-3.17", "mlflow-2.22"] as const)(
  "what MLflow has written as %s",
  (kind) => {
    test("is there as it was: experiments, runs and what they have logged", async () => {
      const rivulet = aRivulet();
      const report = await importMlflow(rivulet, { path: await written(kind) });
      expect(report).toMatchObject({ experiments: 3, runs: 6, params: 5, models: 2, versions: 2 });
      const iris = await rivulet.experiments.find("iris");
      expect(iris).toMatchObject({
        id: expect.stringMatching(/^\d+$/),
        lifecycleStage: "active",
        tags: { team: "a", "mlflow.note.content": "# Iris" },
      });
      expect(await rivulet.experiments.find("old")).toMatchObject({ lifecycleStage: "deleted" });
      const best = await theRun(rivulet, "best");
      expect(best).toEqual({
        id: expect.stringMatching(/^[\da-f]{32}$/),
        experimentId: iris?.id,
        name: "best",
        status: "finished",
        startTime: T,
        endTime: T + 60_000,
        userId: "ann",
        lifecycleStage: "active",
        params: { lr: "0.1", layers: "[64, 32]", "nested/depth": "3", empty: "" },
        tags: {
          "mlflow.note.content": "The *best* one",
          "mlflow.source.name": "train.py",
          color: "blue",
          multi: "two\nlines",
        },
        metrics: expect.objectContaining({
          loss: 0.05,
          odd: 0.5,
          diverged: Number.NaN,
          high: Number.POSITIVE_INFINITY,
          "val/acc": 0.9,
          "same step": 2,
        }),
      });
      expect((await rivulet.runs.inputs({ runId: best.id })).items).toMatchObject([
        {
          dataset: {
            name: "iris.csv",
            digest: "abc123",
            sourceType: "http",
            source: '{"url": "https://data.example/iris.csv"}',
            profile: { rows: 150 },
          },
          context: "training",
        },
      ]);
      const odd = await rivulet.runs.metricHistory({ runId: best.id, key: "odd" });
      expect(odd.items.map(({ step, timestamp, value }) => [step, timestamp, value])).toEqual([
        [0, T, Number.NaN],
        [1, T + 1, Number.POSITIVE_INFINITY],
        [2, T + 2, Number.NEGATIVE_INFINITY],
        [3, T + 3, 0.5],
      ]);
      const runs = await byName(rivulet);
      const shown = ["child", "killed", "running", "gone"].map((name) => {
        const { status, endTime, parentRunId, lifecycleStage } = runs.get(name) ?? {};
        return { name, status, endTime, parentRunId, lifecycleStage };
      });
      expect(shown).toEqual([
        {
          name: "child",
          status: "failed",
          endTime: T + 70_000,
          parentRunId: best.id,
          lifecycleStage: "active",
        },
        { name: "killed", status: "killed", endTime: T + 80_000, lifecycleStage: "active" },
        { name: "running", status: "running", lifecycleStage: "active" },
        { name: "gone", status: "finished", endTime: T + 50_000, lifecycleStage: "deleted" },
      ]);
      const old = await rivulet.experiments.find("old");
      expect(runs.get("lost")).toMatchObject({ experimentId: old?.id, endTime: T + 55_000 });
    });

    test("has its models, with their numbers, stages and aliases", async () => {
      const rivulet = aRivulet();
      await importMlflow(rivulet, { path: await written(kind) });
      expect(await rivulet.models.get("iris")).toMatchObject({
        description: "Tells flowers apart",
        tags: { domain: "flowers" },
        aliases: { production: 3, old: 1 },
        latestVersion: 3,
      });
      const { id } = await theRun(rivulet, "best");
      const { items } = await rivulet.models.searchVersions({ orderBy: ["version ASC"] });
      expect(items).toMatchObject([
        { version: 1, description: "First", runId: id, artifactPath: "model", tags: { q: "1" } },
        { version: 3, description: "", runId: id, artifactPath: "config.json" },
      ]);
      expect(await rivulet.models.find("empty")).toMatchObject({ aliases: {} });
    });

    test("is not there twice when it is imported again", async () => {
      const rivulet = aRivulet();
      const path = await written(kind);
      const first = await importMlflow(rivulet, { path });
      const before = await contents(rivulet);
      expect(await importMlflow(rivulet, { path })).toEqual(first);
      expect(await contents(rivulet)).toEqual(before);
    });

    test("is completed after an import that was stopped in the middle", async () => {
      const path = await written(kind);
      const whole = aRivulet();
      await importMlflow(whole, { path });
      const rivulet = aRivulet();
      const stop = new AbortController();
      const onProgress = ({ runs }: ImportReport): void => {
        if (runs === 2) stop.abort();
      };
      const stopped = importMlflow(rivulet, { path, signal: stop.signal, onProgress });
      await expect(stopped).rejects.toThrow(/abort/i);
      await importMlflow(rivulet, { path });
      expect(await contents(rivulet)).toEqual(await contents(whole));
    });
  },
);

describe.each(["mlruns", "mlflow-3.17"] as const)("the files of %s", (kind) => {
  test("are those of their runs, byte for byte", async () => {
    const rivulet = aRivulet();
    const report = await importMlflow(rivulet, { path: await written(kind) });
    expect(report.artifacts).toBe(5);
    const { id: runId } = await theRun(rivulet, "best");
    const paths = (await rivulet.artifacts.list({ runId })).map(({ path }) => path);
    expect(paths).toEqual([
      "config.json",
      "model/MLmodel",
      "model/weights.bin",
      expect.stringMatching(/^models\/m-[\da-f]{32}\/MLmodel$/),
      "notes/hello.txt",
    ]);
    const { content } = await rivulet.artifacts.get({ runId, path: "model/weights.bin" });
    expect(content).toEqual(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  });
});

test.each(["mlruns", "mlflow-3.17"] as const)(
  "logged models of %s come with params, tags and metrics",
  async (kind) => {
    const rivulet = aRivulet();
    const report = await importMlflow(rivulet, { path: await written(kind) });
    expect(report).toMatchObject({ loggedModels: 1, skipped: [] });
    const { id: runId, experimentId } = await theRun(rivulet, "best");
    const { items } = await rivulet.loggedModels.search({});
    expect(items).toMatchObject([
      {
        id: expect.stringMatching(/^m-[\da-f]{32}$/),
        name: "net",
        runId,
        experimentId,
        artifactPath: `models/${items[0]?.id}`,
        modelType: "tfjs",
        status: "ready",
        params: { depth: "3" },
        tags: { a: "b" },
        metrics: [
          {
            key: "acc",
            value: 0.95,
            step: 1,
            timestamp: T + 9,
            runId,
            datasetName: "iris.csv",
            datasetDigest: "abc123",
          },
        ],
      },
    ]);
  },
);

test("traces of MLflow's database come with their spans, and what was said of them", async () => {
  const rivulet = aRivulet();
  const report = await importMlflow(rivulet, { path: await written("mlflow-3.17") });
  expect(report).toMatchObject({ traces: 2, assessments: 2, prompts: 2 });
  const { items } = await rivulet.traces.search({ filter: "name = 'answer'" });
  expect(items).toMatchObject([
    { status: "ok", sessionId: "s1", userId: "ann", tags: { env: "test" } },
  ]);
  const [trace] = items;
  const spans = await rivulet.traces.loadSpans(trace?.id ?? "");
  expect(spans).toMatchObject([
    { name: "answer", type: "chain", input: { question: "2 + 2?" }, output: { answer: "4" } },
    { name: "model", type: "chat_model", usage: { inputTokens: 7, outputTokens: 1 } },
  ]);
  expect(await rivulet.traces.listAssessments({ traceIds: [trace?.id ?? ""] })).toMatchObject([
    { kind: "feedback", name: "right", value: true, rationale: "It is 4", source: "human" },
    { kind: "expectation", name: "answer", value: "4", sourceId: "bob" },
  ]);
  const failed = await rivulet.traces.search({ filter: "status = 'error'" });
  expect(failed.items).toMatchObject([{ name: "fails" }]);
});

test("prompts are prompts, with their versions and aliases", async () => {
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path: await written("mlflow-3.17") });
  expect(await rivulet.prompts.get("greet@live")).toMatchObject({
    version: 1,
    template: "Hello {{name}}",
    commitMessage: "First",
    tags: { a: "b" },
  });
  expect(await rivulet.prompts.get("greet@2")).toMatchObject({
    template: [{ role: "user", content: "Hi {{name}}" }],
  });
});

describe("what cannot be imported", () => {
  test("is told with its file, and everything else goes on", async () => {
    const rivulet = aRivulet();
    const path = await written("mlruns");
    const whole = aRivulet();
    await importMlflow(whole, { path });
    const { id, experimentId } = await theRun(whole, "best");
    const child = await theRun(whole, "child");
    const run = join(path, experimentId, id);
    await writeFile(join(run, "metrics", "loss"), "1700000000000 zero 0\n");
    await writeFile(join(path, experimentId, child.id, "meta.yaml"), "{ no yaml");
    await symlink("/etc/hostname", join(run, "artifacts", "link"));
    await mkdir(join(path, "7"));
    const { skipped, runs } = await importMlflow(rivulet, { path });
    const said = skipped.filter(({ why }) => !why.endsWith("not imported yet"));
    expect(said.map((one) => [one.path.slice(path.length), one.why])).toEqual([
      ["/7", expect.stringMatching(/ENOENT.*meta\.yaml/)],
      [`/${experimentId}/${child.id}`, expect.stringMatching(/./)],
      [`/${experimentId}/${id}/metrics/loss`, "zero is no number"],
      [`/${experimentId}/${id}/artifacts/link`, "is a symbolic link"],
    ]);
    expect(runs).toBe(5);
    expect((await theRun(rivulet, "best")).metrics).toMatchObject({ odd: 0.5 });
  });

  test("is a file of a version that nobody knows, unless it is tried all the same", async () => {
    const rivulet = aRivulet();
    const path = await written("mlflow-3.17");
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(path);
    database.exec("UPDATE alembic_version SET version_num = 'ffff00001111'");
    database.close();
    await expect(importMlflow(rivulet, { path })).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(/version "ffff00001111".*newest it knows is of MLflow 3\.18/),
    });
    expect(await importMlflow(rivulet, { path, force: true })).toMatchObject({ runs: 6 });
  });

  test("is a file of something else, or none", async () => {
    const rivulet = aRivulet();
    const path = join(await aFolder(), "a.db");
    await writeFile(path, "no database");
    await expect(importMlflow(rivulet, { path })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    await expect(importMlflow(rivulet, { path: `${path}.none` })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("are files elsewhere on the machine, which are not asked for", async () => {
    const path = await written("mlflow-3.17");
    const elsewhere = await aFolder();
    await cp(join(path, "..", "artifacts"), join(elsewhere, "artifacts"), { recursive: true });
    await rm(join(path, "..", "artifacts"), { recursive: true });
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(path);
    database.exec(
      `UPDATE runs SET artifact_uri = REPLACE(artifact_uri, 'file:///srv/mlflow', 'file://${elsewhere}');
       UPDATE logged_models SET artifact_location = REPLACE(artifact_location, 'file:///srv/mlflow', 'file://${elsewhere}')`,
    );
    database.close();
    const left = await importMlflow(aRivulet(), { path });
    expect(left.artifacts).toBe(0);
    expect(left.skipped.filter(({ why }) => /outside of .*--artifacts all/.test(why))).toHaveLength(
      2,
    );
    expect(await importMlflow(aRivulet(), { path, artifacts: "all" })).toMatchObject({
      artifacts: 5,
    });
  });
});

test("an experiment whose id is another's here gets one of its own", async () => {
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path: await written("mlflow-2.22") });
  const iris = await rivulet.experiments.find("iris");
  await rivulet.experiments.update(iris?.id ?? "", { name: "roses" });
  await importMlflow(rivulet, { path: await written("mlflow-3.17") });
  const other = await rivulet.experiments.find("iris");
  expect([iris?.id, other?.id === iris?.id]).toEqual(["1", false]);
  const found = await rivulet.runs.count({ experimentIds: [other?.id ?? ""], lifecycle: "all" });
  expect(found).toBe(5);
});
