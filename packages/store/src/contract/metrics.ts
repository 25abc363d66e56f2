import assert from "node:assert/strict";
import type { MetricPoint } from "@rivulet/domain";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup, readPages } from "./contract-case.ts";
import type { Room } from "./room.ts";

function point(step: number, value: number, timestamp: number = BUILT_AT): MetricPoint {
  return { key: "loss", value, step, timestamp };
}

/** Creates a run with these points; returns its id. */
async function runWith(store: Store, room: Room, metrics: readonly MetricPoint[]): Promise<string> {
  const run = room.aRun();
  await store.runs.create(run);
  await store.runs.logBatch({ runId: run.id, metrics });
  return run.id;
}

async function history(store: Store, runId: string, limit = 100): Promise<readonly MetricPoint[]> {
  return readPages((page) => store.runs.metricHistory({ runId, key: "loss", ...page }), limit);
}

/** Rules of metric points. */
export const metricRules: readonly ContractCase[] = contractGroup("metrics", {
  "are all there, by step, then time": async (store, room) => {
    const points = [point(2, 1), point(0, 3), point(1, 2, BUILT_AT + 9), point(1, 5, BUILT_AT)];
    const runId = await runWith(store, room, points);
    const expected = [point(0, 3), point(1, 5), point(1, 2, BUILT_AT + 9), point(2, 1)];
    assert.deepEqual(await history(store, runId), expected);
    assert.deepEqual(await history(store, runId, 1), expected);
    const other = await store.runs.metricHistory({ runId, key: "other", limit: 10 });
    assert.deepEqual(other, { items: [] });
  },
  "keep a time that cannot be as the nearest that can": async (store, room) => {
    const runId = await runWith(store, room, [point(1, 2, BUILT_AT * 1000)]);
    const expected = [point(1, 2, Math.trunc(Number.MAX_SAFE_INTEGER / 1000))];
    assert.deepEqual(await history(store, runId), expected);
  },
  "are read page by page, whatever their step": async (store, room) => {
    const steps = [-(2 ** 53 - 1), -(2 ** 31) - 1, -(2 ** 31), 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1];
    const points = steps.map((step) => point(step, 1));
    const runId = await runWith(store, room, points);
    assert.deepEqual(await history(store, runId, 1), points);
  },
  "show the latest value: highest step, then time": async (store, room) => {
    const runId = await runWith(store, room, [
      point(5, 1),
      // The later one is the smaller one, and not the last that is written.
      point(9, 7, BUILT_AT + 1),
      point(9, 8, BUILT_AT),
    ]);
    await store.runs.logBatch({ runId, metrics: [point(3, 99, BUILT_AT + 50)] });
    assert.deepEqual((await store.runs.get(runId))?.metrics, { loss: 7 });
    await store.runs.logBatch({ runId, metrics: [point(9, 9, BUILT_AT - 1)] });
    assert.deepEqual((await store.runs.get(runId))?.metrics, { loss: 7 });
  },
  "show of values of one step and time the greatest, and NaN only where there is no other": async (
    store,
    room,
  ) => {
    const runId = await runWith(store, room, [point(1, Number.NaN)]);
    const latest = async (): Promise<number | undefined> =>
      (await store.runs.get(runId))?.metrics["loss"];
    assert.deepEqual(await latest(), Number.NaN);
    await store.runs.logBatch({ runId, metrics: [point(1, 7), point(1, 9), point(1, 8)] });
    assert.equal(await latest(), 9);
    await store.runs.logBatch({ runId, metrics: [point(1, 6), point(1, Number.NaN)] });
    assert.equal(await latest(), 9);
    await store.runs.logBatch({ runId, metrics: [point(1, Number.POSITIVE_INFINITY)] });
    assert.equal(await latest(), Number.POSITIVE_INFINITY);
  },
  "are summed up with every write, each point once, and NaN is no extreme": async (store, room) => {
    const runId = await runWith(store, room, [point(3, 5), point(1, Number.NaN), point(2, 9)]);
    const again = [point(2, 9), point(4, -2), point(4, -2), point(0, 7, BUILT_AT + 9)];
    await store.runs.logBatch({ runId, metrics: again });
    await store.runs.logBatch({ runId, metrics: again });
    const loss = {
      runId,
      key: "loss",
      count: 5,
      last: -2,
      lastStep: 4,
      lastTimestamp: BUILT_AT,
      first: 7,
      firstStep: 0,
      min: -2,
      max: 9,
    };
    assert.deepEqual(await store.runs.metricSummaries({ runIds: [runId] }), [loss]);
    assert.deepEqual(await store.runs.metricSummaries({ runIds: [runId], keys: ["none"] }), []);
    assert.deepEqual(await store.runs.metricSummaries({ runIds: [] }), []);
    const declared = { id: room.experimentId, updatedAt: BUILT_AT + 1 };
    await store.experiments.update({ ...declared, metrics: { loss: { better: "lower" } } });
    assert.deepEqual(await store.runs.metricSummaries({ runIds: [runId], keys: ["loss"] }), [
      { ...loss, best: -2 },
    ]);
  },
  "are summed up where all values are NaN": async (store, room) => {
    const runId = await runWith(store, room, [point(0, Number.NaN), point(1, Number.NaN)]);
    const [summary] = await store.runs.metricSummaries({ runIds: [runId] });
    assert.deepEqual(
      [summary?.count, summary?.first, summary?.last, summary?.min, summary?.max],
      [2, Number.NaN, Number.NaN, undefined, undefined],
    );
  },
  "keep the same point once": async (store, room) => {
    const runId = await runWith(store, room, [point(1, 0.5), point(1, 0.5)]);
    await store.runs.logBatch({ runId, metrics: [point(1, 0.5)] });
    assert.deepEqual(await history(store, runId), [point(1, 0.5)]);
  },
  "keep their numbers exactly": async (store, room) => {
    const values = [0.1 + 0.2, -0, 5e-324, Number.MAX_VALUE, -1e21, 2 ** 53];
    const runId = await runWith(
      store,
      room,
      values.map((value, step) => point(step, value)),
    );
    const found = (await history(store, runId)).map(({ value }) => value);
    assert.deepEqual(
      found.map((value) => value + 0),
      values.map((value) => value + 0),
    );
  },
  "make curves of at most so many points that keep their extremes": async (store, room) => {
    const points = Array.from({ length: 1000 }, (_, step) => point(step, Math.sin(step / 30)));
    const runId = await runWith(store, room, [
      ...points.slice(0, 499),
      point(499, 50),
      point(500, -50),
    ]);
    await store.runs.logBatch({ runId, metrics: points.slice(501) });
    const [curve, ...rest] = await store.runs.metricSeries({
      runIds: [runId],
      keys: ["loss"],
      maxPoints: 100,
      smoothing: 0,
    });
    assert.equal(rest.length, 0);
    assert.equal(curve?.total, 1000);
    const { steps = [], values = [], timestamps = [] } = curve ?? {};
    assert.ok(steps.length <= 100 && steps.length >= 50, `${steps.length} points`);
    assert.equal(values.length, steps.length);
    assert.equal(timestamps.length, steps.length);
    assert.equal(Math.max(...values), 50);
    assert.equal(Math.min(...values), -50);
    assert.deepEqual([steps[0], steps.at(-1)], [0, 999]);
    assert.equal(curve?.smoothed, undefined);
  },
  "are smoothed before they are cut": async (store, room) => {
    const runId = await runWith(store, room, [point(0, 1), point(1, 3), point(2, 5)]);
    const [curve] = await store.runs.metricSeries({
      runIds: [runId],
      keys: ["loss"],
      maxPoints: 10,
      smoothing: 0.5,
    });
    assert.deepEqual(curve?.values, [1, 3, 5]);
    // Debiased: sums of 0.5^age × value over sums of 0.5^age.
    const expected = [1, (0.5 * 1 + 3) / 1.5, (0.25 * 1 + 0.5 * 3 + 5) / 1.75];
    for (const [index, value] of expected.entries()) {
      assert.ok(Math.abs((curve?.smoothed?.[index] ?? Number.NaN) - value) < 1e-9);
    }
  },
  "are told in more detail of fewer steps, and smoothed over all": async (store, room) => {
    const points = Array.from({ length: 1000 }, (_, step) => point(step, step % 7));
    const runId = await runWith(store, room, points);
    const query = { runIds: [runId], keys: ["loss"], maxPoints: 20, smoothing: 0 };
    const [whole] = await store.runs.metricSeries({ ...query, maxPoints: 1000, smoothing: 0.9 });
    const range = { fromStep: 500, toStep: 511 };
    const [part] = await store.runs.metricSeries({ ...query, ...range });
    const wanted = points.slice(500, 512);
    assert.deepEqual(
      part?.steps,
      wanted.map(({ step }) => step),
    );
    assert.deepEqual(
      part?.values,
      wanted.map(({ value }) => value),
    );
    assert.equal(part?.total, 12);
    const [smooth] = await store.runs.metricSeries({ ...query, ...range, smoothing: 0.9 });
    assert.deepEqual(smooth?.smoothed, whole?.smoothed?.slice(500, 512));
    const [rest] = await store.runs.metricSeries({ ...query, fromStep: 998 });
    assert.deepEqual(rest?.steps, [998, 999]);
    const [none] = await store.runs.metricSeries({ ...query, toStep: -1 });
    assert.deepEqual([none?.steps, none?.total], [[], 0]);
  },
  "give no curve where there are no points": async (store, room) => {
    const runId = await runWith(store, room, [point(0, 1)]);
    const query = {
      runIds: [runId, room.id(77)],
      keys: ["loss", "none"],
      maxPoints: 10,
      smoothing: 0,
    };
    const curves = await store.runs.metricSeries(query);
    assert.deepEqual(
      curves.map(({ runId, key }) => [runId, key]),
      [[runId, "loss"]],
    );
  },
});
