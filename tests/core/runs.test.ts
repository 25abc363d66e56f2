import { openStore, type RunSearch } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { aClient, refusal, runId, START, STORES, sharedClient, type TestClient } from "./client.ts";

describe.each(STORES)("runs on %s", (kind) => {
  test("keep params, metrics and tags, and end", async () => {
    const { rivulet, clock } = await aClient(kind);
    const run = await rivulet.runs.start({
      experiment: "iris",
      name: "first",
      params: { lr: 0.1, depth: 3, fast: true },
      tags: { stage: "dev" },
      userId: "ann",
    });
    run.logMetrics({ loss: 0.9, acc: 0.4 }, { step: 0 });
    run.logMetrics({ loss: 0.5, acc: 0.7 }, { step: 1 });
    clock.advance(5000);
    await run.logParams({ solver: "sgd" });
    await run.setTags({ note: "good" });
    expect(await run.finish()).toEqual({
      id: runId(1),
      experimentId: "1",
      name: "first",
      status: "finished",
      startTime: START,
      endTime: START + 5000,
      userId: "ann",
      lifecycleStage: "active",
      params: { lr: "0.1", depth: "3", fast: "true", solver: "sgd" },
      tags: { stage: "dev", note: "good" },
      metrics: { loss: 0.5, acc: 0.7 },
    });
  });

  test("are compared side by side, in the order asked for, with the best of them", async () => {
    const { rivulet, clock } = await aClient(kind);
    const start = (experiment: string, lr: number, metrics: Readonly<Record<string, number>>) =>
      rivulet.runs.with({ experiment, name: `lr ${lr}`, params: { lr, depth: 3 } }, (run) => {
        run.logMetrics(metrics);
        clock.advance(10);
      });
    await start("a", 0.1, { loss: 0.5, acc: 0.9, same: 1, odd: Number.NaN });
    await start("a", 0.2, { loss: 0.25, acc: 0.9, same: 1, odd: Number.NaN });
    await start("b", 0.3, { loss: Number.NaN, acc: 0.8, same: 1, odd: Number.NaN });
    await rivulet.runs.update(runId(3), { tags: { note: "x" } });
    await rivulet.runs.delete(runId(1));
    const lower = { better: "lower" } as const;
    const higher = { better: "higher" } as const;
    await rivulet.experiments.update("1", { metrics: { loss: lower, acc: higher, same: higher } });
    await rivulet.experiments.update("2", { metrics: { acc: higher, odd: lower } });
    const runIds = [3, 1, 2].map((number) => runId(number));
    const { runs, ...compared } = await rivulet.runs.compare({ runIds });
    expect(runs.map(({ id }) => id)).toEqual(runIds);
    expect(runs[0]).toEqual({
      id: runId(3),
      experimentId: "2",
      experimentName: "b",
      name: "lr 0.3",
      status: "finished",
      startTime: START + 20,
      endTime: START + 30,
      lifecycleStage: "active",
    });
    const [first, second] = [runId(1), runId(2)];
    expect(compared).toEqual({
      params: [
        { key: "depth", values: ["3", "3", "3"], differs: false },
        { key: "lr", values: ["0.3", "0.1", "0.2"], differs: true },
      ],
      metrics: [
        { key: "acc", values: [0.8, 0.9, 0.9], differs: true, ...higher, best: [first, second] },
        { key: "loss", values: [Number.NaN, 0.5, 0.25], differs: true, ...lower, best: [second] },
        { key: "odd", values: Array(3).fill(Number.NaN), differs: false, ...lower, best: [] },
        { key: "same", values: [1, 1, 1], differs: false, ...higher, best: [] },
      ],
      tags: [{ key: "note", values: ["x", null, null], differs: true }],
    });
    await rivulet.experiments.update("2", { metrics: { loss: higher } });
    const [, loss] = (await rivulet.runs.compare({ runIds })).metrics;
    expect(loss).toEqual({ key: "loss", values: [Number.NaN, 0.5, 0.25], differs: true, best: [] });
  });

  test("that are not there are not compared", async () => {
    const { rivulet } = await aClient(kind);
    const { id } = await rivulet.runs.start();
    await expect(rivulet.runs.compare({ runIds: ["x", id, "y"] })).rejects.toMatchObject({
      code: "not_found",
      details: { id: "x", ids: "x, y" },
    });
    const many = Array.from({ length: 1_001 }, () => id);
    for (const runIds of [[], many]) {
      await expect(rivulet.runs.compare({ runIds })).rejects.toMatchObject({
        code: "invalid_argument",
      });
    }
  });

  test("keep what has half a surrogate pair in its name", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start({ params: { "half \ud800": 1, whole: 2 } });
    run.logMetric("half \ud800", 3);
    await run.logParams({ "half \ud800": 1 });
    const { params, metrics } = await run.finish();
    expect(Object.values(params).sort()).toEqual(["1", "2"]);
    expect(Object.values(metrics)).toEqual([3]);
  });

  test("keep every point of a metric, by step", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    for (const step of [2, 0, 1]) run.logMetric("loss", 1 - step / 10, { step });
    await rivulet.flush();
    const history = await rivulet.runs.metricHistory({ runId: run.id, key: "loss" });
    expect(history.items).toEqual(
      [0, 1, 2].map((step) => ({ key: "loss", value: 1 - step / 10, step, timestamp: START })),
    );
    const page = await rivulet.runs.metricHistory({ runId: run.id, key: "loss", limit: 2 });
    expect(page.items).toHaveLength(2);
    const rest = await rivulet.runs.metricHistory({
      runId: run.id,
      key: "loss",
      limit: 2,
      pageToken: page.nextPageToken ?? "",
    });
    expect(rest.items.map(({ step }) => step)).toEqual([2]);
    expect(rest.nextPageToken).toBeUndefined();
  });

  test("get a name that people can say, from their id", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    expect(run.name).toMatch(/^[a-z]+-[a-z]+-\d{1,2}$/);
    expect((await rivulet.runs.get(run.id)).name).toBe(run.name);
    expect((await rivulet.runs.start()).name).not.toBe(run.name);
  });

  test("nest in the run whose with encloses them, in its experiment", async () => {
    const { rivulet } = await aClient(kind);
    const ids = await rivulet.runs.with({ experiment: "outer" }, async (outer) => {
      const inner = await rivulet.runs.with({ name: "inner" }, (run) => run.id);
      const started = await rivulet.runs.start();
      return { outer: outer.id, inner, started: started.id };
    });
    const outer = await rivulet.runs.get(ids.outer);
    const inner = await rivulet.runs.get(ids.inner);
    expect(inner).toMatchObject({
      parentRunId: outer.id,
      experimentId: outer.experimentId,
      status: "finished",
    });
    expect((await rivulet.runs.get(ids.started)).parentRunId).toBe(outer.id);
    expect((await rivulet.runs.start()).experimentId).toBe("0");
  });

  test("are of the experiment that an id names, before one that a name does", async () => {
    const { rivulet } = await aClient(kind);
    const { id: experimentId } = await rivulet.experiments.create({ name: "by id" });
    const run = await rivulet.runs.start({ experimentId, experiment: "by name" });
    expect(run.experimentId).toBe(experimentId);
    expect(await rivulet.experiments.find("by name")).toBeUndefined();
  });

  test("nest in the run that they name, wherever they are started", async () => {
    const { rivulet } = await aClient(kind);
    const named = await rivulet.runs.start();
    const inner = await rivulet.runs.with({}, () => rivulet.runs.start({ parentRunId: named.id }));
    expect((await rivulet.runs.get(inner.id)).parentRunId).toBe(named.id);
  });

  test("fail when their work throws, and the error goes on", async () => {
    const { rivulet } = await aClient(kind);
    const failure = new Error("diverged");
    await expect(
      rivulet.runs.with({}, () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect((await rivulet.runs.get(runId(1))).status).toBe("failed");
  });

  test("end now when an update says that they are over, or when it says", async () => {
    const { rivulet, clock } = await aClient(kind);
    for (const status of ["finished", "failed", "killed"] as const) {
      const [one, other] = [await rivulet.runs.start(), await rivulet.runs.start()];
      clock.advance(5);
      expect(await rivulet.runs.update(one.id, { name: "renamed" })).not.toHaveProperty("endTime");
      const ended = await rivulet.runs.update(one.id, { status });
      expect(ended).toMatchObject({ status, endTime: clock() });
      const said = await rivulet.runs.update(other.id, { status, endTime: START + 2 });
      expect(said).toMatchObject({ status, endTime: START + 2 });
    }
  });

  test("keep the status they were finished with inside", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.runs.with({}, (run) => run.finish("killed"));
    expect((await rivulet.runs.get(runId(1))).status).toBe("killed");
  });

  test("give their id to the traces made inside", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.runs.with({}, () => rivulet.withSpan("inside", () => 1));
    rivulet.withSpan("outside", () => 1);
    await rivulet.flush();
    const { items } = await rivulet.traces.search({ orderBy: ["name"] });
    expect(items.map(({ name, runId: run }) => [name, run])).toEqual([
      ["inside", runId(1)],
      ["outside", undefined],
    ]);
  });

  test("refuse another value for a param and write nothing of the batch", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start({ params: { lr: 0.1 } });
    await expect(
      rivulet.runs.logBatch({ runId: run.id, params: { lr: 0.2, depth: 3 }, tags: { t: "1" } }),
    ).rejects.toMatchObject({ code: "conflict" });
    const { params, tags } = await rivulet.runs.get(run.id);
    expect({ params, tags }).toEqual({ params: { lr: "0.1" }, tags: {} });
    await run.logParams({ lr: 0.1 });
  });

  test("refuse writes while they are deleted", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    expect((await rivulet.runs.delete(run.id)).lifecycleStage).toBe("deleted");
    await expect(run.setTags({ a: "b" })).rejects.toMatchObject({ code: "conflict" });
    expect((await rivulet.runs.restore(run.id)).lifecycleStage).toBe("active");
    await run.setTags({ a: "b" });
    expect((await rivulet.runs.get(run.id)).tags).toEqual({ a: "b" });
  });

  test("refuse a run in an experiment or under a parent that is not there", async () => {
    const { rivulet } = await aClient(kind);
    await expect(rivulet.runs.start({ experimentId: "77" })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(
      rivulet.runs.start({ experimentId: "0", parentRunId: runId(99) }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect((await rivulet.runs.search()).items).toEqual([]);
  });

  test("take __proto__ as a key like any other", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    run.logMetric("__proto__", 1);
    run.logMetric("constructor", 2);
    await run.finish();
    const { metrics } = await rivulet.runs.get(run.id);
    expect(Object.entries(metrics).sort()).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
    expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
  });
});

test("the error of a run's work is thrown, and not that the store could not be told of it", async () => {
  const store = await openStore("memory:");
  const runs = { ...store.runs, update: () => Promise.reject(new Error("the store is away")) };
  const { rivulet, errors } = await aClient("memory", { store: { ...store, runs } });
  const failure = new Error("diverged");
  await expect(
    rivulet.runs.with({}, () => {
      throw failure;
    }),
  ).rejects.toBe(failure);
  expect(errors.map(({ message }) => message)).toEqual(["the store is away"]);
});

test.each(STORES)(
  "NaN and the infinities are metrics like others, last in every order: %s",
  async (kind) => {
    const { rivulet } = await aClient(kind);
    const values = {
      nan: Number.NaN,
      up: Number.POSITIVE_INFINITY,
      down: Number.NEGATIVE_INFINITY,
      one: 1,
      two: 2,
    };
    for (const [name, loss] of Object.entries(values)) {
      await rivulet.runs.with({ name }, async (run) => {
        run.logMetric("loss", loss);
        await rivulet.runs.logBatch({ runId: run.id, metrics: [{ key: "batch", value: loss }] });
      });
    }
    const read = async (query: RunSearch): Promise<readonly string[]> =>
      (await rivulet.runs.search(query)).items.map(({ name }) => name);
    const { items } = await rivulet.runs.search({ orderBy: ["name"] });
    expect(items.map(({ name, metrics }) => [name, metrics["loss"], metrics["batch"]])).toEqual([
      ["down", Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
      ["nan", Number.NaN, Number.NaN],
      ["one", 1, 1],
      ["two", 2, 2],
      ["up", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ]);
    expect((await read({ orderBy: ["metrics.loss"] })).slice(0, 2)).toEqual(["one", "two"]);
    expect((await read({ orderBy: ["metrics.loss DESC"] })).slice(0, 2)).toEqual(["two", "one"]);
    expect(await read({ filter: "metrics.loss = NaN" })).toEqual(["nan"]);
    expect(await read({ filter: "metrics.loss > 1", orderBy: ["name"] })).toEqual(["two", "up"]);
    const history = await rivulet.runs.metricHistory({ runId: items[1]?.id ?? "", key: "loss" });
    expect(history.items.map(({ value }) => value)).toEqual([Number.NaN]);
  },
);

test.each(STORES)("a configuration of 1,000 params is kept whole on %s", async (kind) => {
  const { rivulet } = await aClient(kind);
  const configuration = Object.fromEntries(
    Array.from({ length: 1000 }, (_, at) => [`layer.${at}.units`, at]),
  );
  const kept = Object.fromEntries(
    Object.entries(configuration).map(([key, units]) => [key, String(units)]),
  );
  const run = await rivulet.runs.start({ params: configuration });
  const other = await rivulet.runs.start();
  await other.logParams(configuration);
  await other.logParams(configuration);
  expect((await rivulet.runs.get(run.id)).params).toEqual(kept);
  expect((await rivulet.runs.get(other.id)).params).toEqual(kept);
});

test.each(STORES)("1,000 tags are taken in one call on %s", async (kind) => {
  const { rivulet } = await aClient(kind);
  const tagsOf = (value: string) =>
    Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`host.${at}`, value]));
  const run = await rivulet.runs.start({ tags: tagsOf("a") });
  const tags = async () => (await rivulet.runs.get(run.id)).tags;
  expect(await tags()).toMatchObject(tagsOf("a"));
  await run.setTags(tagsOf("b"));
  expect(await tags()).toMatchObject(tagsOf("b"));
  await rivulet.runs.logBatch({ runId: run.id, tags: tagsOf("c") });
  expect(await tags()).toMatchObject(tagsOf("c"));
  await rivulet.runs.update(run.id, { tags: tagsOf("d") });
  expect(await tags()).toMatchObject(tagsOf("d"));
  await rivulet.runs.update(run.id, { removeTags: Object.keys(tagsOf("d")) });
  expect(Object.keys(await tags()).filter((key) => key.startsWith("host."))).toEqual([]);
});

describe("runs with bad input", () => {
  const client = sharedClient();

  test.each([
    [
      "a metric key of 251 characters",
      { metrics: [{ key: "k".repeat(251), value: 1 }] },
      /at most 250/,
    ],
    ["an empty metric key", { metrics: [{ key: "", value: 1 }] }, /must not be empty/],
    [
      "a step that is no whole number",
      { metrics: [{ key: "k", value: 1, step: 0.5 }] },
      /step 0\.5/,
    ],
    ["a param of 6001 characters", { params: { k: "x".repeat(6001) } }, /batch\.params\.k/],
    [
      "1001 points",
      { metrics: Array.from({ length: 1001 }, () => ({ key: "k", value: 1 })) },
      /at most 1000 points/,
    ],
    [
      "1001 params",
      { params: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`p${i}`, i])) },
      /at most 1000 params/,
    ],
    [
      "1001 tags",
      { tags: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`t${i}`, "x"])) },
      /at most 1000 tags/,
    ],
  ])("refuse %s", async (_case, batch, message) => {
    const rivulet = client();
    const { id } = await rivulet.runs.start();
    await expect(rivulet.runs.logBatch({ runId: id, ...batch })).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
    const { params, metrics } = await rivulet.runs.get(id);
    expect({ params, metrics }).toEqual({ params: {}, metrics: {} });
  });
});

test("all metrics of one step are kept, however many", async () => {
  const { rivulet } = await aClient("memory");
  const run = await rivulet.runs.start();
  const values = Array.from({ length: 12_000 }, (_, index) => [`m${index}`, index] as const);
  run.logMetrics(Object.fromEntries(values));
  await rivulet.flush();
  expect((await rivulet.runs.get(run.id)).metrics).toEqual(Object.fromEntries(values));
  const compared = await rivulet.runs.compare({ runIds: [run.id, run.id] });
  expect(compared.metrics).toHaveLength(12_000);
  expect(await rivulet.runs.metricSummaries({ runIds: [run.id] })).toHaveLength(12_000);
});

describe.each(STORES)("metrics logged in a loop on %s", (kind) => {
  const historyOf = async ({ rivulet }: TestClient, runId: string, key: string) => {
    const { items } = await rivulet.runs.metricHistory({ runId, key });
    return items.map(({ step, value }) => [step, value]);
  };

  test("throw nothing: what is wrong is told, with its key and step, and the rest is kept", async () => {
    const client = await aClient(kind);
    const { rivulet, errors } = client;
    const run = await rivulet.runs.start();
    const values = { text: "0.1", nothing: undefined, big: 1n, list: [1], good: 0.5 };
    run.logMetrics(values as never, { step: 3 });
    run.logMetric("good", 0.25, { step: 3.5 });
    run.logMetric("late", 1, { step: 1, timestamp: Number.NaN });
    run.logMetric("k".repeat(251), 1);
    run.logMetric(Symbol("sign") as never, 1);
    await run.finish();
    expect((await rivulet.runs.get(run.id)).metrics).toEqual({ good: 0.5 });
    const of = `of run "${run.id}" was not logged:`;
    expect(errors.map(({ message }) => message)).toEqual([
      `Metric "text" at step 3 ${of} 0.1 is not a number.`,
      `Metric "nothing" at step 3 ${of} undefined is not a number.`,
      `Metric "big" at step 3 ${of} 1 is not a number.`,
      `Metric "list" at step 3 ${of} 1 is not a number.`,
      `Metric "good" at step 3.5 ${of} a step is a whole number.`,
      `Metric "late" at step 1 ${of} timestamp NaN is not a finite number.`,
      `Metric "${"k".repeat(251)}" ${of} its key must have at most 250 characters.`,
      `Metric "Symbol(sign)" ${of} its key must be text.`,
    ]);
    expect(errors[0]).toMatchObject({
      code: "invalid_argument",
      details: { field: "text", runId: run.id, step: 3 },
    });
  });

  test("are told of once a second, however often they are wrong", async () => {
    const { rivulet, clock, errors } = await aClient(kind);
    const run = await rivulet.runs.start();
    for (let step = 0; step < 100; step += 1) run.logMetric("loss", "x" as never, { step });
    clock.advance(1000);
    run.logMetric("loss", "x" as never, { step: 100 });
    expect(errors.map(({ message }) => message.slice(0, 25))).toEqual([
      'Metric "loss" at step 0 o',
      'Metric "loss" at step 100',
    ]);
  });

  test("get the next step of their key where none is given", async () => {
    const client = await aClient(kind);
    const run = await client.rivulet.runs.start();
    for (const loss of [4, 3]) run.logMetrics({ loss, acc: 1 / loss });
    run.logMetric("loss", 2, { step: 10 });
    run.logMetric("loss", 9, { step: 5 });
    run.logMetric("loss", "none" as never);
    run.logMetrics({ loss: 1, acc: 1 });
    await client.rivulet.flush();
    expect(await historyOf(client, run.id, "loss")).toEqual([
      [0, 4],
      [1, 3],
      [5, 9],
      [10, 2],
      [12, 1],
    ]);
    expect(await historyOf(client, run.id, "acc")).toEqual([
      [0, 1 / 4],
      [1, 1 / 3],
      [2, 1],
    ]);
  });

  test("may be those of an interface", async () => {
    interface Scores {
      readonly loss: number;
      readonly f1?: number;
    }
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    const scores: Scores = { loss: Number.NaN };
    run.logMetrics(scores);
    expect((await run.finish()).metrics).toEqual({ loss: Number.NaN });
  });
});
