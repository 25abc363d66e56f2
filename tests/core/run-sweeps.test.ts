import { describe, expect, test } from "vitest";
import { aClient, refusal, runId, STORES } from "./client.ts";

const loss = { metric: "loss", better: "lower" } as const;

describe.each(STORES)("runs.sweep on %s", (kind) => {
  test("tries every combination in a child of its own, and finds the best", async () => {
    const { rivulet, errors } = await aClient(kind);
    const options = { experiment: "grid", name: "depths", ...loss };
    const { parent, children, best } = await rivulet.runs.sweep(
      { ...options, params: { lr: [0.1, 0.01], depth: [2, 4] } },
      (run, { lr, depth }) => run.logMetrics({ loss: lr * depth }),
    );

    expect(children.map(({ params, status, value }) => [params, status, value])).toEqual([
      [{ lr: 0.1, depth: 2 }, "finished", 0.2],
      [{ lr: 0.1, depth: 4 }, "finished", 0.4],
      [{ lr: 0.01, depth: 2 }, "finished", 0.02],
      [{ lr: 0.01, depth: 4 }, "finished", 0.04],
    ]);
    expect(best).toBe(children[2]);
    expect(best?.run).toMatchObject({
      id: runId(4),
      name: "lr=0.01 depth=2",
      parentRunId: runId(1),
      experimentId: parent.experimentId,
      status: "finished",
      params: { lr: "0.01", depth: "2" },
      metrics: { loss: 0.02 },
    });
    expect(parent).toMatchObject({ id: runId(1), name: "depths", status: "finished" });
    expect(parent.params).toEqual({ sweep: '{"strategy":"grid","metric":"loss"}' });
    const [summary] = await rivulet.runs.childSummaries({ runIds: [parent.id] });
    expect(summary?.metrics[0]?.best?.runId).toBe(best?.run.id);
    expect(errors).toEqual([]);
  });

  test("goes on after children that throw or diverge, keeps them, and never calls them best", async () => {
    const { rivulet, errors } = await aClient(kind);
    const broken = new Error("out of memory");
    const { parent, children, best } = await rivulet.runs.sweep(
      { params: { lr: [0.1, 1, 10, 100, 1000] }, ...loss },
      async (run, { lr }) => {
        run.logMetrics({ loss: 1 }, { step: 0 });
        run.logMetrics({ loss: lr === 10 ? Number.NaN : 1 / lr }, { step: 1 });
        if (lr === 100) run.logMetrics({ loss: Number.NEGATIVE_INFINITY }, { step: 2 });
        if (lr === 1000) throw broken;
        if (lr === 0.1) await run.finish("killed");
      },
    );

    expect(children.map(({ status, value }) => [status, value])).toEqual([
      ["killed", 10],
      ["finished", 1],
      ["diverged", Number.NaN],
      ["diverged", Number.NEGATIVE_INFINITY],
      ["failed", 0.001],
    ]);
    expect(children.map(({ run }) => run.status)).toEqual([
      "killed",
      "finished",
      "finished",
      "finished",
      "failed",
    ]);
    expect(children[4]?.error).toBe(broken);
    expect(errors.map(({ message }) => message)).toEqual(["out of memory"]);
    expect(best).toBe(children[1]);
    const [summary] = await rivulet.runs.childSummaries({ runIds: [parent.id] });
    expect(summary).toMatchObject({
      count: 5,
      statuses: { finished: 3, failed: 1, killed: 1 },
      metrics: [{ key: "loss", count: 1, failed: 2, diverged: 2, best: { name: "lr=1" } }],
    });
  });
});

test("a random sweep draws different combinations, the same for the same seed", async () => {
  const { rivulet } = await aClient("memory");
  const params = { lr: [1, 2, 3, 4, 5, 6], kind: ["sgd", "adam"] } as const;
  const draw = async (seed: number): Promise<readonly object[]> => {
    const options = { params, strategy: "random", count: 7, seed } as const;
    const { parent, children } = await rivulet.runs.sweep(options, () => undefined);
    expect(parent.params).toEqual({ sweep: `{"strategy":"random","seed":${seed}}` });
    return children.map((child) => child.params);
  };

  const drawn = await draw(7);
  expect(await draw(7)).toEqual(drawn);
  expect(await draw(8)).not.toEqual(drawn);
  expect(new Set(drawn.map((one) => JSON.stringify(one))).size).toBe(7);
  const all = { params, strategy: "random", count: 12 } as const;
  const { parent, children } = await rivulet.runs.sweep(all, () => undefined);
  expect(new Set(children.map((child) => JSON.stringify(child.params))).size).toBe(12);
  // A seed that was not given is kept, so that the sweep can be made again.
  expect(JSON.parse(parent.params["sweep"] ?? "")).toMatchObject({ seed: expect.any(Number) });
});

test("a random sweep draws from ranges and lists, the same for the same seed", async () => {
  const { rivulet } = await aClient("memory");
  const params = {
    lr: { distribution: "logUniform", min: 0.0001, max: 1 },
    momentum: { distribution: "uniform", min: 0.5, max: 1 },
    dropout: { distribution: "uniform", min: 0.1, max: 0.5, step: 0.1 },
    layers: { distribution: "int", min: 1, max: 3 },
    units: { distribution: "int", min: 16, max: 64, step: 16 },
    kind: ["sgd", "adam"],
  } as const;
  const draw = async (seed: number) => {
    const options = { params, strategy: "random", count: 100, seed } as const;
    const { children } = await rivulet.runs.sweep(options, () => undefined);
    return children.map((child) => child.params);
  };

  const drawn = await draw(7);
  expect(await draw(7)).toEqual(drawn);
  const valuesOf = <K extends keyof typeof params>(key: K) =>
    [...new Set(drawn.map((one) => one[key]))].toSorted();
  expect(valuesOf("dropout")).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  expect(valuesOf("layers")).toEqual([1, 2, 3]);
  expect(valuesOf("units")).toEqual([16, 32, 48, 64]);
  expect(valuesOf("kind")).toEqual(["adam", "sgd"]);
  const momentum = drawn.map((one) => one.momentum);
  expect(Math.min(...momentum)).toBeGreaterThanOrEqual(0.5);
  expect(Math.max(...momentum)).toBeLessThan(1);
  // As many of each power of ten, about.
  const powers = Map.groupBy(drawn, ({ lr }) => Math.floor(Math.log10(lr)));
  expect([...powers.keys()].toSorted()).toEqual([-1, -2, -3, -4]);
  expect(Math.min(...[...powers.values()].map((ones) => ones.length))).toBeGreaterThan(10);
});

test("a range that has not as many numbers as are to be drawn is refused", async () => {
  const { rivulet } = await aClient("memory");
  const most = { distribution: "uniform", min: 1, max: 1 + 2 * Number.EPSILON } as const;
  const options = { params: { a: most }, strategy: "random", count: 10, seed: 1 } as const;
  await expect(rivulet.runs.sweep(options, () => undefined)).rejects.toMatchObject(
    refusal("invalid_argument", /of 10 different combinations only [123] were found/),
  );
  expect(await rivulet.runs.count()).toBe(0);
});

test("as many children run at once as are let", async () => {
  const { rivulet } = await aClient("memory");
  const second = Promise.withResolvers<void>();
  const running = new Set<number>();
  const seen: number[] = [];
  await rivulet.runs.sweep({ params: { n: [1, 2, 3, 4] }, concurrency: 2 }, async (_, { n }) => {
    running.add(n);
    seen.push(running.size);
    if (n === 2) second.resolve();
    await second.promise;
    running.delete(n);
  });
  expect(Math.max(...seen)).toBe(2);
});

test("what is started in a child is nested in it, and a sweep in the run around it", async () => {
  const { rivulet } = await aClient("memory");
  await rivulet.runs.with({ experiment: "outer" }, async (outer) => {
    const { parent, children } = await rivulet.runs.sweep(
      { params: { fold: [1] } },
      async (run) => {
        const inner = await rivulet.runs.start();
        expect((await rivulet.runs.get(inner.id)).parentRunId).toBe(run.id);
      },
    );
    expect(parent).toMatchObject({ parentRunId: outer.id, experimentId: outer.experimentId });
    expect(children[0]?.run.experimentId).toBe(outer.experimentId);
  });
});

test("best follows what the experiment declares, and the first of equal children", async () => {
  const { rivulet } = await aClient("memory");
  await rivulet.experiments.create({ name: "iris", metrics: { acc: { better: "higher" } } });
  const { best } = await rivulet.runs.sweep(
    { experiment: "iris", params: { depth: [1, 2, 3] }, metric: "acc" },
    (run, { depth }) => run.logMetric("acc", Math.min(depth, 2)),
  );
  expect(best?.params).toEqual({ depth: 2 });
});

test("an abort lets no further child begin, and kills the sweep when those that run have ended", async () => {
  const { rivulet } = await aClient("memory");
  const stop = new AbortController();
  const sweep = rivulet.runs.sweep(
    { name: "long", params: { n: [1, 2, 3] }, signal: stop.signal },
    (run, { n }) => {
      run.logMetric("n", n);
      if (n === 2) stop.abort();
    },
  );
  await expect(sweep).rejects.toMatchObject(refusal("aborted", /^Sweep "long" was aborted/));
  const { items } = await rivulet.runs.search({ orderBy: ["name"] });
  expect(items.map(({ name, status }) => [name, status])).toEqual([
    ["long", "killed"],
    ["n=1", "finished"],
    ["n=2", "finished"],
  ]);
  const again = rivulet.runs.sweep({ params: { n: [1] }, signal: stop.signal }, () => undefined);
  await expect(again).rejects.toMatchObject({ code: "aborted" });
  expect(await rivulet.runs.count()).toBe(3);
});

test("a sweep in which nothing finishes has failed, and a metric that nobody logs is told", async () => {
  const { rivulet, errors } = await aClient("memory");
  const { parent, best } = await rivulet.runs.sweep(
    { params: { n: [1, 2] }, ...loss },
    (_, { n }) => {
      throw new Error(`no data ${n}`);
    },
  );
  expect([parent.status, best]).toEqual(["failed", undefined]);
  expect(errors.map(({ message }) => message)).toEqual([
    "no data 1",
    "no data 2",
    'Sweep "sweep": no child has logged "loss".',
  ]);
});

test.each([
  ["no params", { params: {} }, /sweep\.params: names no param/],
  ["a param without values", { params: { lr: [] } }, /sweep\.params\.lr: has no value to try/],
  ["a param that is no list", { params: { lr: 0.1 } }, /sweep\.params\.lr/],
  ["a misspelt option", { params: { a: [1] }, metrics: "a" }, /sweep\.metrics: .*metric\?/],
  ["a count of a grid", { params: { a: [1] }, count: 1 }, /sweep\.count: needs strategy/],
  ["a seed of a grid", { params: { a: [1] }, seed: 1 }, /sweep\.seed: needs strategy/],
  [
    "a range of a grid",
    { params: { a: { distribution: "int", min: 1, max: 2 } } },
    /sweep\.params\.a: is a range, which needs strategy: "random"/,
  ],
  [
    "a distribution that nobody knows",
    { params: { a: { distribution: "normal", min: 1, max: 2 } }, strategy: "random", count: 1 },
    /sweep\.params\.a\.distribution/,
  ],
  [
    "a misspelt bound",
    { params: { a: { distribution: "int", mim: 1, max: 2 } }, strategy: "random", count: 1 },
    /sweep\.params\.a\.mi[mn]/,
  ],
  [
    "a range upside down",
    { params: { a: { distribution: "uniform", min: 2, max: 1 } }, strategy: "random", count: 1 },
    /sweep\.params\.a\.max: must be greater than min/,
  ],
  [
    "the logarithm of nothing",
    { params: { a: { distribution: "logUniform", min: 0, max: 1 } }, strategy: "random", count: 1 },
    /sweep\.params\.a\.min: must be above 0/,
  ],
  [
    "a half of a whole number",
    { params: { a: { distribution: "int", min: 0.5, max: 2 } }, strategy: "random", count: 1 },
    /sweep\.params\.a\.min: must be a whole number/,
  ],
  [
    "more than a range has",
    { params: { a: { distribution: "int", min: 1, max: 3 } }, strategy: "random", count: 4 },
    /sweep\.count: is more than the 3 combinations/,
  ],
  ["no count", { params: { a: [1] }, strategy: "random" }, /sweep\.count: is needed/],
  [
    "more than there are",
    { params: { a: [1, 2] }, strategy: "random", count: 3 },
    /sweep\.count: is more than the 2 combinations/,
  ],
  [
    "too many",
    { params: { a: Array(101).fill(1), b: Array(100).fill(1) } },
    /sweep\.params: are 10100 combinations/,
  ],
  [
    "a direction of nothing",
    { params: { a: [1] }, better: "lower" },
    /sweep\.better: needs a metric/,
  ],
  ["no direction", { params: { a: [1] }, metric: "loss" }, /"Default" does not declare.*"loss"/],
  ["no child at once", { params: { a: [1] }, concurrency: 0 }, /sweep\.concurrency/],
  [
    "what is no signal",
    { params: { a: [1] }, signal: {} },
    /sweep\.signal: must be an AbortSignal/,
  ],
  ["a value that has no text", { params: { a: [1, () => 1] } }, /sweep\.params\.a\.1/],
])("%s is refused before anything is begun", async (_, options, message) => {
  const { rivulet } = await aClient("memory");
  const sweep = rivulet.runs.sweep(options as never, () => undefined);
  await expect(sweep).rejects.toMatchObject(refusal("invalid_argument", message));
  expect(await rivulet.runs.count()).toBe(0);
});
