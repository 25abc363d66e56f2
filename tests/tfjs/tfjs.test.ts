import { autolog, logTfjsModel, rivuletCallback, rivuletHandler, saveTo } from "@rivulet/tfjs";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { aClient, refusal } from "../core/client.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});
afterEach(() => tf.disposeVariables());

/** A model of one input and one output, whose weights are the same each time. */
function aModel(learningRate = 0.1): tf.Sequential {
  const model = tf.sequential({
    name: "line",
    layers: [
      tf.layers.dense({ units: 2, inputShape: [1], kernelInitializer: "ones", name: "hidden" }),
      tf.layers.dense({ units: 1, kernelInitializer: "ones", name: "out" }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(learningRate), loss: "meanSquaredError" });
  return model;
}

const xs = () => tf.tensor2d([0, 1, 2, 3], [4, 1]);
const ys = () => tf.tensor2d([1, 3, 5, 7], [4, 1]);

function predicted(model: tf.LayersModel): readonly number[] {
  const answer = model.predict(xs()) as tf.Tensor;
  return [...answer.dataSync()];
}

test("the callback logs losses and metrics of each epoch, those of validation included", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const history = await aModel(0.01).fit(xs(), ys(), {
    epochs: 3,
    validationSplit: 0.25,
    shuffle: false,
    callbacks: rivuletCallback(run),
  });
  await rivulet.flush();
  for (const key of ["loss", "val_loss"]) {
    const { items } = await rivulet.runs.metricHistory({ runId: run.id, key });
    expect(items.map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(items.map(({ value }) => value)).toEqual(history.history[key]);
  }
});

test("the callback logs batches where it is asked to", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  await aModel(0.01).fit(xs(), ys(), {
    epochs: 2,
    batchSize: 2,
    callbacks: rivuletCallback(run, { batches: true, prefix: "fold1/" }),
  });
  await rivulet.flush();
  const { items } = await rivulet.runs.metricHistory({ runId: run.id, key: "fold1/batch_loss" });
  expect(items.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
  expect((await rivulet.runs.keys()).metrics).toEqual(["fold1/batch_loss", "fold1/loss"]);
});

test("a fit goes on when its loss is no number any more, and that is what is logged", async () => {
  const { rivulet, errors } = await aClient("memory");
  const run = await rivulet.runs.start();
  const { history } = await aModel(1e30).fit(xs(), ys(), {
    epochs: 5,
    callbacks: rivuletCallback(run),
  });
  await rivulet.flush();
  expect(history["loss"]?.at(-1)).toBeNaN();
  const { items } = await rivulet.runs.metricHistory({ runId: run.id, key: "loss" });
  expect(items.map(({ value }) => value)).toEqual(history["loss"]);
  expect(errors).toEqual([]);
});

test("a callback that cannot log does not end the fit", async () => {
  const failures: unknown[] = [];
  const run = {
    logMetrics: () => {
      throw new Error("no room");
    },
  };
  const { epoch } = await aModel().fit(xs(), ys(), {
    epochs: 2,
    callbacks: rivuletCallback(run, { onError: (error) => failures.push(error) }),
  });
  expect(epoch).toEqual([0, 1]);
  expect(failures).toHaveLength(2);
});

test("autolog makes a run of each fit, with its params, its metrics and its model", async () => {
  const { rivulet, errors } = await aClient("memory");
  const logging = autolog(tf, rivulet, { experiment: "lines" });
  onTestFinished(() => logging.stop());
  const model = aModel(0.01);
  const history = await model.fit(xs(), ys(), {
    epochs: 2,
    batchSize: 2,
    callbacks: tf.callbacks.earlyStopping({ monitor: "loss", patience: 3 }),
  });
  const { items: runs } = await rivulet.runs.search();
  expect(runs).toMatchObject([
    {
      status: "finished",
      params: {
        optimizer: "SGD",
        learning_rate: "0.01",
        loss: "meanSquaredError",
        layers: "2",
        weights: "7",
        epochs: "2",
        batchSize: "2",
        early_stop_monitor: "loss",
        early_stop_patience: "3",
      },
      metrics: { loss: history.history["loss"]?.[1] },
    },
  ]);
  const { items: models } = await rivulet.loggedModels.search();
  expect(models).toMatchObject([
    {
      runId: runs[0]?.id,
      modelType: "tfjs",
      status: "ready",
      signature: {
        inputs: [
          { name: expect.stringMatching(/^hidden_input/), type: "float32", shape: [null, 1] },
        ],
        outputs: [{ type: "float32", shape: [null, 1] }],
      },
    },
  ]);
  const loaded = await tf.loadLayersModel(rivuletHandler(rivulet, `models:/${models[0]?.id}`));
  expect(predicted(loaded)).toEqual(predicted(model));
  expect(errors).toEqual([]);
});

test("autolog logs fitDataset, and one run where it is given one", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const logging = autolog(tf, rivulet, { run, models: false });
  onTestFinished(() => logging.stop());
  const batches = tf.data
    .zip({ xs: tf.data.array([[0], [1]]), ys: tf.data.array([[1], [3]]) })
    .batch(2) as tf.data.Dataset<tf.TensorContainer>;
  const seen: number[] = [];
  await aModel().fitDataset(batches, {
    epochs: 2,
    callbacks: { onEpochEnd: (epoch) => void seen.push(epoch) },
  });
  await rivulet.flush();
  expect(seen).toEqual([0, 1]);
  const { items } = await rivulet.runs.metricHistory({ runId: run.id, key: "loss" });
  expect(items.map(({ step }) => step)).toEqual([0, 1]);
  expect(await rivulet.runs.search()).toMatchObject({ items: [{ status: "running" }] });
  expect(await rivulet.loggedModels.search()).toEqual({ items: [] });
});

test("what fit throws stays what it is, and its run has failed", async () => {
  const { rivulet } = await aClient("memory");
  const logging = autolog(tf, rivulet);
  onTestFinished(() => logging.stop());
  const wrong = tf.tensor2d([1, 2], [1, 2]);
  const plain = await aModel()
    .fit(wrong, wrong)
    .catch((error: unknown) => error);
  logging.stop();
  const expected = await aModel()
    .fit(wrong, wrong)
    .catch((error: unknown) => error);
  expect(String(plain)).toBe(String(expected));
  expect(await rivulet.runs.search()).toMatchObject({ items: [{ status: "failed" }] });
});

test("a fit is what it is when nothing can be logged", async () => {
  const failures: unknown[] = [];
  const rivulet = {
    runs: { start: async () => Promise.reject(new Error("closed")) },
    activeRun: () => undefined,
    reportError: (error: unknown) => failures.push(error),
  };
  const logging = autolog(tf, rivulet as never);
  onTestFinished(() => logging.stop());
  const { epoch } = await aModel().fit(xs(), ys(), { epochs: 2 });
  expect(epoch).toEqual([0, 1]);
  expect(failures).toMatchObject([{ message: "closed" }]);
});

test("autolog is on once, and stop gives TensorFlow.js its own methods back", async () => {
  const { rivulet } = await aClient("memory");
  const { fit } = tf.LayersModel.prototype;
  const logging = autolog(tf, rivulet);
  onTestFinished(() => logging.stop());
  expect(tf.LayersModel.prototype.fit).not.toBe(fit);
  expect(() => autolog(tf, rivulet)).toThrow(/stop\(\) it first/);
  logging.stop();
  expect(tf.LayersModel.prototype.fit).toBe(fit);
  await aModel().fit(xs(), ys());
  expect(await rivulet.runs.search()).toEqual({ items: [] });
});

test("a model is saved to a run and read back with the same weights", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const model = aModel(0.01);
  await model.fit(xs(), ys(), { epochs: 2 });
  await model.save(saveTo(rivulet, run, "models/line"));
  const files = await rivulet.artifacts.list({ runId: run.id });
  expect(files.map(({ path, size }) => [path, size > 0])).toEqual([
    ["models/line/model.json", true],
    ["models/line/weights.bin", true],
  ]);
  for (const address of [`rivulet://${run.id}/models/line`, `runs:/${run.id}/models/line/`]) {
    const loaded = await tf.loadLayersModel(rivuletHandler(rivulet, address));
    expect(predicted(loaded)).toEqual(predicted(model));
  }
});

test("a registered version is read by its alias and by its number", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const model = aModel();
  const logged = await logTfjsModel(run, model, { name: "line", tags: { team: "a" } });
  await rivulet.models.register({
    name: "line",
    runId: run.id,
    artifactPath: `${logged.artifactPath}/model.json`,
    aliases: ["live"],
  });
  for (const address of ["models:/line@live", "models:/line/1", "rivulet://models:/line"]) {
    const loaded = await tf.loadLayersModel(rivuletHandler(rivulet, address));
    expect(predicted(loaded)).toEqual(predicted(model));
  }
});

test("a version is read as it was registered, by each of the registry's references", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const model = aModel();
  const { artifactPath } = await logTfjsModel(run, model, { name: "line" });
  await rivulet.models.register({ name: "line", runId: run.id, artifactPath });
  await rivulet.models.setStage({ name: "line", version: 1, stage: "Production" });
  await rivulet.artifacts.delete({ runId: run.id, path: artifactPath });
  for (const address of ["models:/line/latest", "models:/line/Production", "models:/line/1"]) {
    const loaded = await tf.loadLayersModel(rivuletHandler(rivulet, address));
    expect(predicted(loaded)).toEqual(predicted(model));
  }
  await expect(
    tf.loadLayersModel(rivuletHandler(rivulet, "models:/line/none")),
  ).rejects.toMatchObject(refusal("invalid_argument", /is no reference to a model/));
});

test("a model is read from one version, though its alias moves meanwhile", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const models = [aModel(), aModel()] as const;
  models[1].setWeights([...models[1].getWeights()].map((weight) => weight.mul(3)));
  for (const [at, model] of models.entries()) {
    const { artifactPath } = await logTfjsModel(run, model, { name: `line-${at}` });
    await rivulet.models.register({ name: "line", runId: run.id, artifactPath });
  }
  await rivulet.models.setAlias({ name: "line", alias: "live", version: 1 });
  const moving = {
    ...rivulet,
    models: {
      ...rivulet.models,
      load: async (...given: Parameters<typeof rivulet.models.load>) => {
        const bytes = await rivulet.models.load(...given);
        await rivulet.models.setAlias({ name: "line", alias: "live", version: 2 });
        return bytes;
      },
    },
  };
  const loaded = await tf.loadLayersModel(rivuletHandler(moving, "models:/line@live"));
  expect(predicted(loaded)).toEqual(predicted(models[0]));
});

test("autolog logs to the run around a fit, which goes on; two fits leave two models there", async () => {
  const { rivulet } = await aClient("memory");
  const logging = autolog(tf, rivulet);
  onTestFinished(() => logging.stop());
  const models = [aModel(0.01), aModel(0.02)] as const;
  const id = await rivulet.runs.with({ name: "outer" }, async (run) => {
    for (const model of models) await model.fit(xs(), ys(), { epochs: 1 });
    run.logMetric("after", 1);
    return run.id;
  });
  const { items } = await rivulet.runs.search();
  expect(items.map((run) => [run.id, run.status])).toEqual([[id, "finished"]]);
  expect(items[0]?.metrics).toMatchObject({ after: 1, loss: expect.any(Number) });
  const logged = (await rivulet.loggedModels.search({ orderBy: ["id"] })).items;
  expect(new Set(logged.map(({ artifactPath }) => artifactPath)).size).toBe(2);
  const learned: string[] = [];
  for (const { id: modelId } of logged) {
    const loaded = await tf.loadLayersModel(rivuletHandler(rivulet, `models:/${modelId}`));
    learned.push(JSON.stringify(predicted(loaded)));
  }
  expect(learned.toSorted()).toEqual(
    models.map((one) => JSON.stringify(predicted(one))).toSorted(),
  );
});

test("a registered version stays what it is, whatever becomes of its run", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const model = aModel();
  const logged = await logTfjsModel(run, model, { name: "line" });
  await rivulet.models.register({ name: "line", modelId: logged.id });
  await run.logArtifact("line/weights.bin", new Uint8Array(28));
  const changed = await tf.loadLayersModel(rivuletHandler(rivulet, "models:/line/1"));
  expect(predicted(changed)).toEqual(predicted(model));
  await run.finish();
  await rivulet.runs.delete(run.id);
  const deleted = await tf.loadLayersModel(rivuletHandler(rivulet, "models:/line/1"));
  expect(predicted(deleted)).toEqual(predicted(model));
});

test("an address that names no model is refused, and nothing is saved to a version", async () => {
  const { rivulet } = await aClient("memory");
  expect(() => rivuletHandler(rivulet, "file://model")).toThrow(/names no model/);
  expect(() => rivuletHandler(rivulet, "rivulet://onlyrun")).toThrow(/names no model/);
  await expect(aModel().save(rivuletHandler(rivulet, "models:/line@live"))).rejects.toMatchObject(
    refusal("invalid_argument", /saved to a run/),
  );
  await expect(
    tf.loadLayersModel(rivuletHandler(rivulet, "rivulet://none/model")),
  ).rejects.toMatchObject({ code: "not_found" });
});
