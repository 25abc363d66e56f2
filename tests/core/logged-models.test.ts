import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aClient, aFolder, refusal, START, STORES } from "./client.ts";

const LOGGED = "m-00000000000000000000000000000001";

describe.each(STORES)("logged models on %s", (kind) => {
  test("are files of a run and a record that says when they are there", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    const files = { "model.json": "{}", "weights/0.bin": Uint8Array.of(0, 255) };
    const model = await run.logModel("iris", files, {
      modelType: "tfjs",
      params: { layers: 2 },
      tags: { team: "a" },
    });
    expect(model).toEqual({
      id: LOGGED,
      experimentId: "0",
      name: "iris",
      runId: run.id,
      artifactPath: "iris",
      modelType: "tfjs",
      status: "ready",
      params: { layers: "2" },
      tags: { team: "a" },
      metrics: [],
      createdAt: START,
      updatedAt: START,
      lifecycleStage: "active",
    });
    const listed = await rivulet.artifacts.list({ runId: run.id });
    expect(listed.map(({ path }) => path)).toEqual(["iris/model.json", "iris/weights/0.bin"]);
    expect(await rivulet.loggedModels.get(LOGGED)).toEqual(model);
  });

  test("of one name, such as checkpoints, have each their own files, also when logged at once", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    const steps = [1, 2, 3, 4];
    const models = await Promise.all(
      steps.map((step) => run.logModel("checkpoint", { "step.txt": String(step) })),
    );
    expect(new Set(models.map(({ artifactPath }) => artifactPath)).size).toBe(4);
    expect(models.map(({ artifactPath }) => artifactPath)).toContain("checkpoint");
    const kept = await Promise.all(
      models.map(async ({ artifactPath }) => {
        const path = `${artifactPath}/step.txt`;
        const { content } = await rivulet.artifacts.get({ runId: run.id, path });
        return Number(Buffer.from(content).toString());
      }),
    );
    expect(kept).toEqual(steps);
    const long = "n".repeat(250);
    const [one, other] = [
      await run.logModel(long, { a: "1" }),
      await run.logModel(long, { a: "2" }),
    ];
    expect([one.artifactPath, other.artifactPath]).toEqual([long, other.id]);
  });

  test("keep the metrics that were measured of them, by dataset", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    const one = await run.logModel("one", { a: "1" });
    const two = await run.logModel("two", { a: "2" });
    const dataset = { name: "iris", digest: "d1" };
    run.logMetric("acc", 0.9, { modelId: one.id, dataset });
    run.logMetric("acc", 0.8, { modelId: two.id, dataset, step: 1 });
    run.logMetric("loss", Number.NaN, { modelId: two.id });
    await rivulet.flush();
    const { items } = await rivulet.loggedModels.search({
      filter: "metrics.acc > 0.5",
      orderBy: ["metrics.acc DESC"],
      datasets: [dataset],
    });
    expect(items.map(({ name }) => name)).toEqual(["one", "two"]);
    const place = { runId: run.id, timestamp: START };
    expect(items[1]?.metrics).toEqual([
      { ...place, key: "acc", value: 0.8, step: 1, datasetName: "iris", datasetDigest: "d1" },
      { ...place, key: "loss", value: Number.NaN, step: 0 },
    ]);
    expect((await rivulet.runs.get(run.id)).metrics).toEqual({ acc: 0.8, loss: Number.NaN });
  });
});

test("the files of a model are those of a folder on disk, with their paths in it", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const folder = await aFolder();
  await mkdir(join(folder, "weights"));
  await writeFile(join(folder, "model.json"), "{}");
  await writeFile(join(folder, "weights", "0.bin"), Uint8Array.of(1, 2));
  await run.logModel("iris", folder, { artifactPath: "models/iris" });
  await run.logModel("alone", join(folder, "model.json"));
  const listed = await rivulet.artifacts.list({ runId: run.id });
  expect(listed.map(({ path }) => path)).toEqual([
    "alone/model.json",
    "models/iris/model.json",
    "models/iris/weights/0.bin",
  ]);
  const { content } = await rivulet.artifacts.get({
    runId: run.id,
    path: "models/iris/weights/0.bin",
  });
  expect([...content]).toEqual([1, 2]);
});

test("a folder without files is no model", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const folder = await aFolder();
  await mkdir(join(folder, "weights"));
  await expect(run.logModel("iris", folder)).rejects.toMatchObject(
    refusal("invalid_argument", /The files of the model: there are none in/),
  );
  expect((await rivulet.loggedModels.search()).items).toEqual([]);
});

test("a model whose file cannot be stored says so, and why", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const files = { "a.txt": "fine", "b.json": new Map() as never };
  await expect(run.logModel("iris", files)).rejects.toMatchObject({ code: "invalid_argument" });
  const { items } = await rivulet.loggedModels.search();
  expect(items).toMatchObject([{ name: "iris", status: "upload_failed" }]);
  expect(items[0]?.statusMessage).toMatch(/artifact/);
});

test.each([
  ["nothing", {}, /there are none/],
  ["a list", ["a"], /must be the path of a folder/],
  ["bytes", Uint8Array.of(1), /must be the path of a folder/],
  ["a path that is not there", "/nowhere/at/all", /cannot be read/],
])("%s is no model, and no record is made", async (_, files, message) => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  await expect(run.logModel("iris", files as never)).rejects.toMatchObject(
    refusal("invalid_argument", message),
  );
  expect(await rivulet.loggedModels.search()).toEqual({ items: [] });
});

test("a metric of a model that does not exist is kept with the run, and reported", async () => {
  const { rivulet, errors } = await aClient("memory");
  const run = await rivulet.runs.start();
  run.logMetric("acc", 0.9, { modelId: "m-none" });
  await rivulet.flush();
  expect((await rivulet.runs.get(run.id)).metrics).toEqual({ acc: 0.9 });
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/no logged model "m-none"/),
  ]);
});

test("a batch with a metric of a model that does not exist writes nothing", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const metrics = [
    { key: "loss", value: 1 },
    { key: "acc", value: 0.9, modelId: "m-none" },
  ];
  await expect(rivulet.runs.logBatch({ runId: run.id, metrics })).rejects.toMatchObject(
    refusal("not_found", /no logged model "m-none"/),
  );
  expect((await rivulet.runs.get(run.id)).metrics).toEqual({});
});

test("a dataset without a model is refused, because the run has no place for it", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const metrics = [{ key: "acc", value: 1, dataset: { name: "iris" } }];
  await expect(rivulet.runs.logBatch({ runId: run.id, metrics })).rejects.toMatchObject(
    refusal("invalid_argument", /needs the modelId/),
  );
});

test("a deleted model takes no writes until it is restored", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const { id } = await run.logModel("iris", { a: "1" });
  expect((await rivulet.loggedModels.delete(id)).lifecycleStage).toBe("deleted");
  expect(await rivulet.loggedModels.search()).toEqual({ items: [] });
  await expect(rivulet.loggedModels.update(id, { name: "b" })).rejects.toMatchObject(
    refusal("conflict", /Restore it/),
  );
  await rivulet.loggedModels.restore(id);
  expect(await rivulet.loggedModels.update(id, { name: "b" })).toMatchObject({ name: "b" });
});

test("traces say of which logged model they are", async () => {
  const { rivulet } = await aClient("memory");
  const trace = (): string => rivulet.withSpan("predict", (span) => span.traceId);
  const before = trace();
  rivulet.setActiveModel("m-1");
  const everywhere = trace();
  const inside = rivulet.withActiveModel({ id: "m-2" }, trace);
  rivulet.setActiveModel(undefined);
  const after = trace();
  await rivulet.flush();
  const modelOf = async (id: string) => (await rivulet.traces.get(id)).metadata["mlflow.modelId"];
  expect(await Promise.all([before, everywhere, inside, after].map(modelOf))).toEqual([
    undefined,
    "m-1",
    "m-2",
    undefined,
  ]);
  const { items } = await rivulet.traces.search({ filter: "metadata.`mlflow.modelId` = 'm-2'" });
  expect(items.map(({ id }) => id)).toEqual([inside]);
  expect(() => rivulet.setActiveModel("")).toThrow(/model: must not be empty/);
});
