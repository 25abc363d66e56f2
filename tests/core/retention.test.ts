import type { Rivulet } from "@rivulet/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { aClient, refusal, STORES, type StoreKind } from "./client.ts";

const DAY = 86_400_000;

/** Ten traces, a day apart; those with even numbers are Ann's. All of them share a long message. */
async function tenTraces(kind: StoreKind, options = {}) {
  const { rivulet, clock, errors } = await aClient(kind, options);
  const message = { role: "user", content: "the same long message ".repeat(200) };
  for (let number = 1; number <= 10; number += 1) {
    const span = rivulet.startSpan(`t${number}`, { userId: number % 2 === 0 ? "ann" : "bob" });
    span.setInput({ messages: [message] });
    span.end();
    await rivulet.flush();
    clock.advance(DAY);
  }
  return { rivulet, clock, errors };
}

const names = async (rivulet: Rivulet): Promise<readonly string[]> =>
  (await rivulet.traces.search()).items.map(({ name }) => name);

test.each(STORES)(
  "old traces are deleted by age, by number, and by what a filter finds: %s",
  async (kind) => {
    const { rivulet } = await tenTraces(kind);
    // The third began exactly eight days ago: it is as old as it may be.
    expect(await rivulet.traces.prune({ maxAgeMs: 8 * DAY })).toBe(2);
    expect(await names(rivulet)).toEqual(["t10", "t9", "t8", "t7", "t6", "t5", "t4", "t3"]);
    expect(await rivulet.traces.prune({ maxTraces: 6 })).toBe(2);
    expect(await names(rivulet)).toEqual(["t10", "t9", "t8", "t7", "t6", "t5"]);
    expect(await rivulet.traces.deleteFound({ filter: "userId = 'ann'" })).toBe(3);
    expect(await names(rivulet)).toEqual(["t9", "t7", "t5"]);
    // What they share is there until the last of them is gone.
    const [last] = (await rivulet.traces.search({ filter: "name = 't5'" })).items;
    const [span] = await rivulet.traces.loadSpans(last?.id ?? "");
    expect(JSON.stringify(span?.input)).toContain("the same long message");
    expect(await rivulet.traces.prune({ maxTraces: 0 })).toBe(3);
    expect(await rivulet.traces.prune({ maxTraces: 0, maxAgeMs: 1 })).toBe(0);
  },
);

test.each(STORES)(
  "several that prune at the same time delete no more than one: %s",
  async (kind) => {
    const { rivulet } = await tenTraces(kind);
    const policy = { maxTraces: 6, maxAgeMs: 8.5 * DAY };
    await Promise.all([1, 2, 3].map(() => rivulet.traces.prune(policy)));
    expect(await names(rivulet)).toEqual(["t10", "t9", "t8", "t7", "t6", "t5"]);
  },
);

test.each(STORES)(
  "traces are deleted until the store is about as small as is asked: %s",
  async (kind) => {
    const { rivulet } = await tenTraces(kind);
    expect(await rivulet.traces.prune({ maxBytes: 1e12 })).toBe(0);
    expect(await rivulet.traces.prune({ maxBytes: 1 })).toBe(10);
  },
);

test.each(STORES)(
  "what a person has left goes from datasets too, when that is said: %s",
  async (kind) => {
    const { rivulet } = await tenTraces(kind);
    const { items } = await rivulet.traces.search();
    await rivulet.datasets.create({
      name: "qa",
      records: items.map(({ id, name }) => ({ inputs: name, sourceTraceId: id })),
    });
    const inputs = async (): Promise<readonly unknown[]> =>
      (await rivulet.datasets.listRecords({ name: "qa" })).items.map((record) => record.inputs);
    expect(await rivulet.traces.deleteFound({ filter: "name = 't2'" })).toBe(1);
    expect(await inputs()).toHaveLength(10);
    const filter = "userId = 'ann'";
    expect(await rivulet.traces.deleteFound({ filter, withDatasetRecords: true })).toBe(4);
    expect([...(await inputs())].sort()).toEqual(["t1", "t2", "t3", "t5", "t7", "t9"]);
    expect(await rivulet.datasets.get("qa")).toMatchObject({ version: 1, recordCount: 6 });
  },
);

test("a client keeps to its retention by itself, and says what it has deleted", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { rivulet, errors } = await tenTraces("memory", { retention: { maxTraces: 4 } });
  expect((await rivulet.stats()).prunedTraces).toBe(0);
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  await vi.waitFor(async () => expect((await rivulet.stats()).prunedTraces).toBe(6));
  expect(await names(rivulet)).toEqual(["t10", "t9", "t8", "t7"]);
  expect(errors).toEqual([]);
});

test("retention comes back every ten minutes, until the client is closed", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { rivulet, errors } = await tenTraces("memory", { retention: { maxTraces: 4 } });
  const pruned = async (): Promise<number> => (await rivulet.stats()).prunedTraces;
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.waitFor(async () => expect(await pruned()).toBe(6));
  for (const name of ["t11", "t12"]) rivulet.startSpan(name).end();
  await rivulet.flush();
  await vi.advanceTimersByTimeAsync(590_000);
  expect(await pruned()).toBe(6);
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.waitFor(async () => expect(await pruned()).toBe(8));
  await rivulet.close();
  await vi.advanceTimersByTimeAsync(1_200_000);
  expect(errors).toEqual([]);
});

test.each([
  ["no filter", (rivulet: Rivulet) => rivulet.traces.deleteFound({} as never), /filter/],
  [
    "an empty filter",
    (rivulet: Rivulet) => rivulet.traces.deleteFound({ filter: " " }),
    /query\.filter: must say which traces to delete/,
  ],
  [
    "a misspelt option",
    (rivulet: Rivulet) =>
      rivulet.traces.deleteFound({ filter: "name = 't1'", withDatasets: true } as never),
    /withDatasets/,
  ],
  [
    "a misspelt bound",
    (rivulet: Rivulet) => rivulet.traces.prune({ maxAge: 1 } as never),
    /maxAge/,
  ],
  ["a negative age", (rivulet: Rivulet) => rivulet.traces.prune({ maxAgeMs: -1 }), /maxAgeMs/],
])("%s is refused, and nothing is deleted", async (_case, work, message) => {
  const { rivulet } = await tenTraces("memory");
  await expect(work(rivulet)).rejects.toMatchObject(refusal("invalid_argument", message));
  expect(await names(rivulet)).toHaveLength(10);
});

test.each(STORES)("a trace stays while something protects it: %s", async (kind) => {
  const { rivulet } = await tenTraces(kind);
  const { items } = await rivulet.traces.search();
  const idOf = (name: string): string => items.find((trace) => trace.name === name)?.id ?? "";
  expect(await rivulet.traces.pin(idOf("t1"))).toMatchObject({ name: "t1", pinned: true });
  await rivulet.traces.logFeedback({ traceId: idOf("t2"), value: true });
  await rivulet.traces.logExpectation({ traceId: idOf("t3"), value: "this" });
  await rivulet.traces.logFeedback({ traceId: idOf("t4"), value: 1, source: "llm_judge" });
  expect(await rivulet.traces.prune({ maxTraces: 2 })).toBe(4);
  expect(await names(rivulet)).toEqual(["t10", "t9", "t4", "t3", "t2", "t1"]);
  expect(
    (await rivulet.traces.search({ filter: "pinned = true" })).items.map(({ name }) => name),
  ).toEqual(["t1"]);
  expect(await rivulet.traces.unpin(idOf("t1"))).not.toHaveProperty("pinned");
  expect(await rivulet.traces.prune({ maxTraces: 2 })).toBe(1);
  expect(await rivulet.traces.prune({ maxTraces: 2, includeProtected: true })).toBe(3);
  expect(await names(rivulet)).toEqual(["t10", "t9"]);
});

test("what a pin is compared with is true or nothing", async () => {
  const { rivulet } = await aClient("memory");
  await expect(rivulet.traces.search({ filter: "pinned = false" })).rejects.toMatchObject(
    refusal("invalid_argument", /pinned is one of true/),
  );
  await expect(rivulet.traces.pin("none")).rejects.toMatchObject(refusal("not_found", /none/));
});

test.each(STORES)("what was recorded just before a deletion goes with it: %s", async (kind) => {
  const { rivulet } = await aClient(kind);
  const traceIds = ["bob", "ann", "ann"].map((userId) => {
    const span = rivulet.startSpan("t", { userId });
    span.end();
    return span.traceId;
  });
  expect(await rivulet.traces.deleteFound({ filter: "userId = 'ann'" })).toBe(2);
  const { traceId } = rivulet.startSpan("unfinished");
  expect(await rivulet.traces.delete([traceId, traceIds[0] ?? ""])).toBe(2);
  await rivulet.flush();
  expect(await names(rivulet)).toEqual([]);
});

test("more traces than are deleted in one step are deleted all the same", async () => {
  const { rivulet } = await aClient("memory");
  for (let trace = 0; trace < 201; trace += 1) rivulet.startSpan(`t${trace}`).end();
  await rivulet.flush();
  expect(await rivulet.traces.prune({ maxTraces: 0 })).toBe(201);
  expect(await rivulet.traces.count()).toBe(0);
});
