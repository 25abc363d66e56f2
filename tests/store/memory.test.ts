import { openStore } from "@rivulet/core";
import { anExperiment, aRun, aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { linesOf, startChild } from "./child.ts";
import { opened } from "./folder.ts";
import { watchWorkers } from "./workers.ts";

/** How often the event loop turns while work is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isOver = true;
  return turns;
}

test("a store in memory is opened and answers without a worker, each for itself", async () => {
  const workers = watchWorkers();
  const { store: one } = await opened("memory:");
  const { store: other } = await opened("memory:");
  await one.experiments.create(anExperiment());
  expect((await one.experiments.get("1"))?.id).toBe("1");
  expect(await other.experiments.get("1")).toBeUndefined();
  expect(one.owner).not.toBe(other.owner);
  expect(workers).toEqual([]);
});

test("opening it does not wait for a turn of the event loop", async () => {
  const turns = await turnsDuring(async () => {
    const store = await openStore("memory:");
    await store.experiments.get("0");
    await store.close();
  });
  expect(turns).toBe(0);
});

test("what is recorded is taken in many slices, and the event loop turns in between", async () => {
  const { store } = await opened("memory:");
  const input = "x".repeat(1_000);
  for (let index = 1; index <= 3_000; index += 1) {
    store.journal.appendSpan(aSpan({ traceId: hexId(index), id: hexId(index, 16), input }));
  }
  expect(store.journal.stats()).toMatchObject({ appended: 3_000, dropped: 0, medium: "memory" });
  expect(await turnsDuring(store.journal.flush)).toBeGreaterThan(10);
  expect(store.journal.stats()).toMatchObject({ appended: 3_000, dropped: 0, pendingBytes: 0 });
  expect((await store.traces.get(hexId(3_000)))?.spanCount).toBe(1);
});

test("what is recorded is taken without a flush, too", async () => {
  const { store } = await opened("memory:");
  store.journal.appendSpan(aSpan());
  await expect.poll(() => store.journal.stats().pendingBytes).toBe(0);
  expect((await store.traces.get(aSpan().traceId))?.spanCount).toBe(1);
});

test("reading many rows lets the event loop turn", async () => {
  const { store } = await opened("memory:");
  await store.runs.create(aRun());
  for (let batch = 0; batch < 20; batch += 1) {
    const points = Array.from({ length: 1_000 }, (_, index) => {
      const step = batch * 1_000 + index;
      return { key: "loss", value: step, step, timestamp: step };
    });
    store.journal.appendMetrics({ runId: aRun().id, points });
  }
  await store.journal.flush();
  const query = { runIds: [aRun().id], keys: ["loss"], maxPoints: 100, smoothing: 0 };
  expect(await turnsDuring(() => store.runs.metricSeries(query))).toBeGreaterThan(1);
  expect((await store.runs.metricSeries(query))[0]?.total).toBe(20_000);
});

test("what a caller does to its argument afterwards changes nothing in the store, and what it gets is its own", async () => {
  const { store } = await opened("memory:");
  const tags: Record<string, string> = { state: "before" };
  const created = store.runs.create(aRun({ tags }));
  tags["state"] = "after";
  await created;
  const run = await store.runs.get(aRun().id);
  expect(run?.tags).toEqual({ state: "before" });
  Object.assign(run?.tags ?? {}, { state: "changed" });
  expect((await store.runs.get(aRun().id))?.tags).toEqual({ state: "before" });
});

test("a process with a store in memory that was not closed ends by itself, with everything taken", async () => {
  expect(await linesOf(startChild("record-in-memory"))).toEqual(["span 1", "ends"]);
});
