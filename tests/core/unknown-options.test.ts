import type { Rivulet } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { aClient, sharedClient } from "./client.ts";

type Call = (rivulet: Rivulet, options: never) => Promise<unknown>;

describe("a verb refuses an option that there is not", () => {
  const client = sharedClient();

  test.each<[name: string, call: Call, options: object, message: string]>([
    [
      "runs.start",
      ({ runs }, options) => runs.start(options),
      { experimentName: "iris" },
      "run.experimentName: is not known here. The name of the run's experiment is experiment; it is made when it is not there.",
    ],
    [
      "runs.search",
      ({ runs }, options) => runs.search(options),
      { filterString: "metrics.loss < 1" },
      "query.filterString: is not known here. A condition is written as filter.",
    ],
    [
      "models.update",
      ({ models }, options) => models.update("m", options),
      { name: "n" },
      "model.name: is not known here. There are description, tags, removeTags, expected.",
    ],
    [
      "models.create",
      ({ models }, options) => models.create(options),
      { nmae: "m" },
      "model.nmae: is not known here. Did you mean name?; model.name: Invalid input: expected string, received undefined",
    ],
    [
      "models.deleteAlias",
      ({ models }, options) => models.deleteAlias(options),
      { name: "m", alais: "best" },
      "alias.alais: is not known here. Did you mean alias?; alias.alias: Invalid input: expected string, received undefined",
    ],
    [
      "runs.logBatch",
      ({ runs }, options) => runs.logBatch(options),
      { runId: "1", metrics: [{ key: "loss", value: 1, time: 5 }] },
      "batch.metrics.0.time: is not known here. There are key, value, step, timestamp, modelId, dataset.",
    ],
    [
      "prompts.setSplit",
      ({ prompts }, options) => prompts.setSplit(options),
      { name: "p", alias: "a", arms: [{ version: 1, weigth: 1 }] },
      "split.arms.0.weigth: is not known here. Did you mean weight?; split.arms.0.weight: Invalid input: expected number, received undefined",
    ],
    [
      "prompts.get",
      ({ prompts }, options) => prompts.get("p", options),
      { keys: "ann" },
      "options.keys: is not known here. Did you mean key?",
    ],
    [
      "datasets.create",
      ({ datasets }, options) => datasets.create(options),
      { name: "d", records: [{ inputs: 1, expectation: 2 }] },
      "dataset.records.0.expectation: is not known here. Did you mean expectations?",
    ],
    [
      "traces.logFeedback",
      ({ traces }, options) => traces.logFeedback(options),
      { traceId: "1", value: 1, comment: "good" },
      "feedback.comment: is not known here. There are traceId, spanId, name, value, source, sourceId, rationale, metadata, runId.",
    ],
    [
      "artifacts.list",
      ({ artifacts }, options) => artifacts.list(options),
      { run: "1" },
      "query.run: is not known here. Did you mean runId?; query.runId: Invalid input: expected string, received undefined",
    ],
    [
      "artifacts.put",
      ({ artifacts }, options) => artifacts.put(options),
      { runId: "1", path: "a", content: "x", mimeType: "text/plain" },
      "artifact.mimeType: is not known here. There are runId, path, content, contentType.",
    ],
    [
      "evaluations.compare",
      ({ evaluations }, options) => evaluations.compare(options),
      { baselineId: "1", candidate: "2" },
      "query.candidate: is not known here. Did you mean candidateId?; query.candidateId: Invalid input: expected string, received undefined",
    ],
    [
      "evaluate",
      (rivulet, options) => rivulet.evaluate(options),
      { data: [{ inputs: 1 }], task: () => 1, scorers: [], trails: 3 },
      "evaluate.trails: is not known here. Did you mean trials?",
    ],
    [
      "experiments.create",
      ({ experiments }, options) => experiments.create(options),
      JSON.parse('{"name":"e","__proto__":{"x":1}}'),
      "experiment.__proto__: is not known here. There are name, tags, metrics.",
    ],
  ])("%s", async (...given) => {
    const [, call, options, message] = given;
    const field = message.slice(0, message.indexOf(":"));
    await expect(call(client(), options as never)).rejects.toMatchObject({
      name: "RivuletError",
      code: "invalid_argument",
      message,
      details: { field },
    });
  });
});

test("an option that is undefined is left out, known or not", async () => {
  const { rivulet } = await aClient("memory");
  const options = { name: "one", experimentName: undefined, tags: undefined };
  const { name, tags } = await rivulet.runs.create(options as object);
  expect({ name, tags }).toEqual({ name: "one", tags: {} });
  const query = { filter: undefined, filterString: undefined };
  expect((await rivulet.runs.search(query as object)).items).toHaveLength(1);
});

test("maps that are the user's own take any key", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.create({ params: { experimentName: "x" }, tags: { filter: "y" } });
  expect(run).toMatchObject({ params: { experimentName: "x" }, tags: { filter: "y" } });
  const prompt = await rivulet.prompts.register({
    name: "p",
    template: [{ role: "user", content: "Hi", cache_control: { type: "ephemeral" } }],
    config: { modle: "x" },
  });
  expect(prompt.config).toEqual({ modle: "x" });
});

test("logging metrics goes on without an option that there is not, and reports it", async () => {
  const { rivulet, errors } = await aClient("memory");
  const run = await rivulet.runs.start();
  const options = { steps: 3, timestamp: undefined } as object;
  run.logMetric("loss", 1, options);
  run.logMetrics({ loss: 2 }, options);
  expect((await run.finish()).metrics).toEqual({ loss: 2 });
  expect(errors.map(({ message }) => message)).toEqual([
    "logMetrics.steps: is not known here. Did you mean step?",
  ]);
});

test("an error names at most 300 characters of a field", async () => {
  const { rivulet } = await aClient("memory");
  const search = rivulet.runs.search({ ["x".repeat(1_000)]: 1 } as object);
  const error: unknown = await search.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ details: { field: `query.${"x".repeat(294)}` } });
});

test("an order has at most 10 terms", async () => {
  const { rivulet } = await aClient("memory");
  const orderBy = Array.from({ length: 11 }, () => "name ASC");
  await expect(rivulet.runs.search({ orderBy })).rejects.toMatchObject({
    message: "query.orderBy: at most 10 terms",
  });
});
