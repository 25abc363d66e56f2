import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createRivulet } from "@rivulet/core";
import { beforeAll, expect, onTestFinished, test } from "vitest";

const FLAGS = ["--disable-warning=ExperimentalWarning", "--conditions=@rivulet/source"];
const EXAMPLE = fileURLToPath(new URL("../../examples/iris-sweep/src/main.ts", import.meta.url));
const CLI = fileURLToPath(new URL("../../packages/cli/src/bin.ts", import.meta.url));

let store = "";
let stdout = "";

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-iris-"));
  store = `sqlite:${join(folder, "iris.db")}`;
  const args = [...FLAGS, EXAMPLE, store];
  ({ stdout } = await promisify(execFile)(process.execPath, args, { timeout: 220_000 }));
  return () => rm(folder, { recursive: true, force: true });
}, 240_000);

test("the example tells how it went", () => {
  expect(stdout.split("\n")).toEqual([
    "1  A sweep",
    "   learningRate=0.001 units=4     finished  val_loss 0.753",
    "   learningRate=0.001 units=16    finished  val_loss 0.544",
    "   learningRate=0.01 units=4      finished  val_loss 0.279",
    "   learningRate=0.01 units=16     finished  val_loss 0.171",
    "   learningRate=0.1 units=4       finished  val_loss 0.140",
    "   learningRate=0.1 units=16      finished  val_loss 0.176",
    "   learningRate=1e+30 units=4     diverged  val_loss NaN",
    "   learningRate=1e+30 units=16    diverged  val_loss NaN",
    "   best of 8: learningRate=0.1 units=4",
    "2  Into production, through a gate",
    "   version 1 is in production",
    '   Alias "production" of model "iris" requires metrics.test_accuracy >= 0.9; version 2 has metrics.test_accuracy = 0.6333333333333333. Choose another version, or set force and say why.',
    "3  Served over HTTP",
    "   version 1 has scored 30 flowers",
    "4  Another version, and back",
    "   version 3 answers",
    "   version 1 answers",
    "5  Loaded in another process",
    "   30 predictions, the same bit for bit",
    "",
  ]);
});

test("the store has all of the sweep, the children that diverged, too", async () => {
  await using rivulet = createRivulet({ store });
  const roots = await rivulet.runs.search({ rootsOnly: true });
  expect(roots.items.map(({ name, status }) => [name, status])).toEqual([["sweep", "finished"]]);
  const parentRunId = roots.items[0]?.id ?? "";
  const [summary] = await rivulet.runs.childSummaries({ runIds: [parentRunId] });
  expect(summary).toMatchObject({
    count: 8,
    statuses: { finished: 8 },
    metrics: [{ key: "val_loss", count: 6, failed: 0, diverged: 2, better: "lower" }],
  });
  const [experiment] = (await rivulet.experiments.search({ filter: "name = 'iris'" })).items;
  const { items } = await rivulet.runs.search({
    experimentIds: [experiment?.id ?? ""],
    parentRunId,
    orderBy: ["metrics.val_loss"],
  });
  const [best] = items;
  expect(best?.name).toBe(summary?.metrics[0]?.best?.name);
  expect(best?.params).toEqual({ learningRate: "0.1", units: "4" });
  expect(best?.metrics["test_accuracy"]).toBe(1);
  // What is no number is behind everything.
  expect(items.slice(6).map(({ metrics }) => metrics["val_loss"])).toEqual([
    Number.NaN,
    Number.NaN,
  ]);

  const runId = best?.id ?? "";
  const history = await rivulet.runs.metricHistory({ runId, key: "val_loss", limit: 100 });
  expect(history.items.map(({ step }) => step)).toEqual([...Array(30).keys()]);
  const inputs = (await rivulet.runs.inputs({ runId })).items;
  expect(inputs.map(({ dataset, context }) => [dataset.name, dataset.profile, context])).toEqual([
    ["iris", { num_rows: 90, num_elements: 450 }, "training"],
    ["iris", { num_rows: 30, num_elements: 150 }, "validation"],
  ]);
  const files = (await rivulet.artifacts.list({ runId })).map(({ path }) => path);
  expect(files).toEqual([
    "classifier/model.json",
    "classifier/weights.bin",
    "confusion.json",
    "confusion.vl.json",
  ]);
  const [parent] = roots.items;
  expect(Object.keys(parent?.metrics ?? {})).toContain("system/process_memory_rss_megabytes");
});

test("the registry tells what became of the alias, and that nothing was forced", async () => {
  await using rivulet = createRivulet({ store });
  const { items } = await rivulet.models.history({ name: "iris", alias: "production" });
  expect(items.map(({ version, why }) => [version, why])).toEqual([
    [1, "the first one was better"],
    [3, undefined],
    [1, undefined],
  ]);
  expect(items.filter(({ forced }) => forced === true)).toEqual([]);
  expect((await rivulet.models.getVersion("iris@production")).version).toBe(1);
});

test("the command line serves it as it was served, whatever the order of the columns", async () => {
  const child = spawn(
    process.execPath,
    [...FLAGS, CLI, "models", "serve", "iris@production", "--port", "0", "--store", store],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  onTestFinished(async () => {
    child.kill("SIGINT");
    await once(child, "exit");
  });
  let url = "";
  for await (const line of createInterface({ input: child.stdout })) {
    url = /http:\S+\/invocations/.exec(line)?.[0] ?? "";
    if (url !== "") break;
  }
  const ask = async (rows: readonly object[]): Promise<unknown> => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ dataframe_records: rows }),
    });
    return answer.json();
  };
  const flower = { sepalLength: 5.1, sepalWidth: 3.5, petalLength: 1.4, petalWidth: 0.2 };
  const reversed = Object.fromEntries(Object.entries(flower).toReversed());
  const { predictions } = (await ask([flower, reversed])) as { predictions: number[][] };
  expect(predictions[1]).toEqual(predictions[0]);
  expect(predictions[0]?.map((share) => Math.round(share))).toEqual([1, 0, 0]);
  const { petalWidth: _, ...less } = flower;
  expect(await ask([less])).toMatchObject({
    message: expect.stringContaining('lacks the column "petalWidth"'),
  });
}, 120_000);
