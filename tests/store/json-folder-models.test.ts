import { execFileSync } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRivulet, inputDataset, type Rivulet } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { aFolder } from "./folder.ts";

const IRIS = { name: "iris", digest: "d1" };

function open(folder: string): Rivulet {
  const rivulet = createRivulet({ store: `json:${folder}` });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

/** A run that was given a dataset for two purposes and has made a model; its id, and that of the model. */
async function aModel(rivulet: Rivulet): Promise<{ runId: string; modelId: string }> {
  const run = await rivulet.runs.start({ name: "train" });
  const rows = [{ a: 1, b: "x" }];
  const dataset = inputDataset.fromRows(rows, { name: "iris", source: "/home/me/iris.csv" });
  await run.logInput(dataset, { context: "training", tags: { split: "0.8" } });
  await run.logInput(dataset);
  const model = await run.logModel(
    "tree",
    { "model.json": { depth: 3 } },
    {
      modelType: "mine",
      params: { depth: 3, criterion: "gini\nsecond line" },
      tags: { team: "a" },
      signature: { inputs: [{ name: "a", type: "float32", shape: [null, 4] }] },
    },
  );
  run.logMetric("accuracy", 0.93, { modelId: model.id, dataset: IRIS });
  run.logMetric("loss", Number.NaN, { modelId: model.id });
  await run.finish();
  return { runId: run.id, modelId: model.id };
}

test("another machine has the models and inputs of runs, which are in the project's files", async () => {
  const folder = join(await aFolder(), "project");
  const here = createRivulet({ store: `json:${folder}` });
  const { runId, modelId } = await aModel(here);
  const model = await here.loggedModels.get(modelId);
  const inputs = await here.runs.inputs({ runId });
  await here.close();
  await rm(join(folder, "local"), { recursive: true });

  const there = open(folder);
  // When a model was last changed is known to the machine that did it, as with all that is in such a project.
  const { updatedAt: _, ...known } = await there.loggedModels.get(modelId);
  expect(model).toMatchObject(known);
  expect(known.metrics.map(({ key, value, datasetName }) => [key, value, datasetName])).toEqual([
    ["accuracy", 0.93, "iris"],
    ["loss", Number.NaN, undefined],
  ]);
  expect(known.tags).toEqual({ team: "a" });
  expect(await there.runs.inputs({ runId })).toEqual(inputs);
  expect(inputs.items.map(({ context, tags }) => [context, tags])).toEqual([
    [undefined, {}],
    ["training", { split: "0.8" }],
  ]);
  const found = await there.loggedModels.search({ filter: "params.depth > 2" });
  expect(found.items.map(({ id }) => id)).toEqual([modelId]);
  const runs = await there.runs.search({ filter: "dataset.context = 'training'" });
  expect(runs.items.map(({ id }) => id)).toEqual([runId]);
});

test("what is said of a model later is in the file of its run, also when another run measures it", async () => {
  const folder = join(await aFolder(), "project");
  const here = createRivulet({ store: `json:${folder}` });
  const { runId, modelId } = await aModel(here);
  await here.runs.with({ name: "evaluate" }, async (run) => {
    run.logMetric("f1", 0.5, { modelId });
  });
  await here.flush();
  await here.loggedModels.update(modelId, { tags: { reviewed: "yes" }, removeTags: ["team"] });
  const written = JSON.parse(await readFile(join(folder, "runs", `${runId}.json`), "utf8"));
  expect(written.models[0].tags).toEqual({ reviewed: "yes" });
  expect(written.models[0].metrics.map(({ key }: { key: string }) => key)).toContain("f1");
  await here.loggedModels.delete(modelId);
  await here.close();
  await rm(join(folder, "local"), { recursive: true });
  const there = open(folder);
  expect((await there.loggedModels.get(modelId)).lifecycleStage).toBe("deleted");
  expect((await there.loggedModels.search()).items).toEqual([]);
});

test("of a run that is purged nothing is left in the files, and another run keeps the data it shares", async () => {
  const folder = join(await aFolder(), "project");
  const here = createRivulet({ store: `json:${folder}` });
  const gone = await aModel(here);
  const kept = await aModel(here);
  await here.runs.delete(gone.runId);
  await here.runs.purge({ ids: [gone.runId] });
  await here.close();
  expect(await readdir(join(folder, "runs"))).toEqual([`${kept.runId}.json`]);
  const there = open(folder);
  expect(await there.loggedModels.find(gone.modelId)).toBeUndefined();
  expect((await there.loggedModels.get(kept.modelId)).params).toMatchObject({ depth: "3" });
  expect((await there.runs.inputs({ runId: kept.runId })).items).toHaveLength(2);
});

test("two branches that each give the same data to a run are merged, wherever it lay", async () => {
  const repository = await aFolder();
  const git = (...words: readonly string[]) => {
    const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    execFileSync("git", [...who, ...words], { cwd: repository, stdio: "pipe" });
  };
  const folder = join(repository, "project");
  const work = async (name: string): Promise<void> => {
    const rivulet = createRivulet({ store: `json:${folder}` });
    await rivulet.runs.with({ name }, async (run) => {
      await run.logInput({ ...IRIS, sourceType: "local", source: `/home/${name}/iris.csv` });
    });
    await rivulet.close();
    git("add", "--all");
    git("commit", "--quiet", "--message", name);
  };
  git("init", "--quiet", "--initial-branch", "main");
  await work("first");
  git("checkout", "--quiet", "-b", "theirs");
  await work("theirs");
  git("checkout", "--quiet", "main");
  await work("ours");
  git("merge", "--quiet", "--no-edit", "theirs");

  const rivulet = open(folder);
  const runs = await rivulet.runs.search({ filter: "dataset.name = 'iris'" });
  expect(runs.items.map(({ name }) => name).toSorted()).toEqual(["first", "ours", "theirs"]);
  expect(await rivulet.experiments.datasets()).toHaveLength(1);
});

test("an input whose dataset was removed by hand is told with its file", async () => {
  const folder = join(await aFolder(), "project");
  const here = createRivulet({ store: `json:${folder}` });
  await aModel(here);
  await here.close();
  const [name = ""] = await readdir(join(folder, "runs"));
  const file = join(folder, "runs", name);
  const { inputs, ...run } = JSON.parse(await readFile(file, "utf8"));
  const [{ dataset: _, ...input }] = inputs;
  await writeFile(file, JSON.stringify({ ...run, inputs: [input] }));
  const refused = await open(folder)
    .runs.search()
    .catch((error: Error) => error);
  expect(String(refused)).toContain(
    `${name}, line 1: "dataset" of the input "iris" is missing. Nothing was changed on disk`,
  );
});
