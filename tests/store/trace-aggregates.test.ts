import {
  parseFilter,
  type Store,
  TRACE_GROUPS,
  type TraceAggregate,
  type TraceGroup,
} from "@rivulet/core";
import { anAssessment, aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { openedNew } from "./folder.ts";

type SpanWrite = Parameters<Store["journal"]["appendSpan"]>[0];

const KINDS = ["memory", "sqlite", "postgres"] as const;
const HOUR = 3_600_000;
const everything = { where: [], experimentIds: [] } as const;

/** Trace `number` began in hour `number % 3`, took `number` × 10 ms, and asked a model and a tool. */
function spansOf(number: number): readonly SpanWrite[] {
  const startTime = (number % 3) * HOUR + number;
  const isFirstHalf = number < 6;
  const root = {
    ...aSpan({
      id: "000000000000000a",
      name: number % 2 === 0 ? "even" : "odd",
      status: number === 4 ? "error" : "ok",
      startTime,
      endTime: startTime + number * 10,
    }),
    trace: {
      sessionId: `s${number % 2}`,
      ...(number > 8 ? {} : { userId: "ann" }),
      tags: { team: number < 3 ? "a" : "b" },
    },
  };
  const model = aSpan({
    id: "0000000000000001",
    type: "chat_model",
    name: "ask",
    model: isFirstHalf ? "small" : "large",
    cost: number,
    usage: { inputTokens: 100, outputTokens: number },
    prompts: [{ name: "greet", version: isFirstHalf ? 1 : 2 }],
  });
  const tool = aSpan({ id: "0000000000000002", type: "tool", name: `look-up-${number % 2}` });
  const parts = [model, tool].map((span) => ({ ...span, parentId: root.id, startTime }));
  return [root, ...parts].map((span) => ({ ...span, traceId: hexId(number) }));
}

async function filled(kind: (typeof KINDS)[number]): Promise<Store> {
  const { store } = await openedNew(kind);
  for (let number = 1; number <= 10; number += 1) {
    for (const span of spansOf(number)) store.journal.appendSpan(span);
  }
  const { endTime: _, ...open } = aSpan({
    traceId: hexId(99),
    startTime: 5 * HOUR,
    status: "in_progress",
  });
  store.journal.appendSpan(open);
  await store.journal.flush();
  return store;
}

test.each(KINDS)("traces are counted: %s", async (kind) => {
  const store = await filled(kind);
  const count = (filter: string): Promise<number> =>
    store.traces.count({ ...everything, where: parseFilter("trace", filter) });
  expect(await store.traces.count(everything)).toBe(11);
  expect(await count("status = 'error'")).toBe(1);
  expect(await count("tags.team = 'b' OR sessionId = 's1'")).toBe(9);
  expect(await count("name RLIKE '^ev'")).toBe(5);
  expect(await store.traces.count({ ...everything, experimentIds: ["0"] })).toBe(11);
  expect(await store.traces.count({ ...everything, experimentIds: ["7"] })).toBe(0);
});

test.each(KINDS)("one sum of all traces: %s", async (kind) => {
  const store = await filled(kind);
  const [all, ...others] = await store.traces.aggregate({ ...everything, groupBy: [] });
  expect(others).toEqual([]);
  expect(all).toEqual({
    group: {},
    count: 11,
    errorCount: 1,
    errorRate: 1 / 11,
    durationMs: { mean: 55, p50: 55, p95: 95.5, p99: 99.1 },
    usage: { inputTokens: 1000, outputTokens: 55 },
    cost: 55,
  });
});

test.each(KINDS)("sums by time: %s", async (kind) => {
  const store = await filled(kind);
  const sums = await store.traces.aggregate({ ...everything, groupBy: [], bucketMs: HOUR });
  expect(sums.map(({ bucket, count }) => [bucket, count])).toEqual([
    [0, 3],
    [HOUR, 4],
    [2 * HOUR, 3],
    [5 * HOUR, 1],
  ]);
  expect(sums[3]).toEqual({
    bucket: 5 * HOUR,
    group: {},
    count: 1,
    errorCount: 0,
    errorRate: 0,
    usage: {},
  });
});

const shown = (sums: readonly TraceAggregate[]): readonly unknown[] =>
  sums.map(({ group, count, usage, cost }) => [
    ...Object.values(group),
    count,
    usage.outputTokens,
    cost,
  ]);

test.each(KINDS)("sums by what traces have: %s", async (kind) => {
  const store = await filled(kind);
  const by = async (...groupBy: readonly TraceGroup[]): Promise<readonly unknown[]> =>
    shown(await store.traces.aggregate({ ...everything, groupBy }));
  expect(await by("status")).toEqual([
    ["error", 1, 4, 4],
    ["in_progress", 1, undefined, undefined],
    ["ok", 9, 51, 51],
  ]);
  expect(await by("tags.team", "sessionId")).toEqual([
    ["a", "s0", 1, 2, 2],
    ["a", "s1", 1, 1, 1],
    ["b", "s0", 4, 28, 28],
    ["b", "s1", 4, 24, 24],
    [null, null, 1, undefined, undefined],
  ]);
  expect(await by("userId")).toEqual([
    ["ann", 8, 36, 36],
    [null, 3, 19, 19],
  ]);
  expect(
    shown(
      await store.traces.aggregate({
        ...everything,
        where: parseFilter("trace", "userId = 'ann' AND name RLIKE 'odd'"),
        groupBy: ["name"],
      }),
    ),
  ).toEqual([["odd", 4, 16, 16]]);
});

test.each(KINDS)("sums by what spans have count spans: %s", async (kind) => {
  const store = await filled(kind);
  const by = async (...groupBy: readonly TraceGroup[]): Promise<readonly unknown[]> =>
    shown(await store.traces.aggregate({ ...everything, groupBy }));
  expect(await by("model")).toEqual([
    ["large", 5, 40, 40],
    ["small", 5, 15, 15],
  ]);
  expect(await by("prompt")).toEqual([
    ["greet/1", 5, 15, 15],
    ["greet/2", 5, 40, 40],
  ]);
  expect(await by("tool")).toEqual([
    ["look-up-0", 5, undefined, undefined],
    ["look-up-1", 5, undefined, undefined],
  ]);
  expect(await by("tags.team", "span.type")).toEqual([
    ["a", "chain", 2, undefined, undefined],
    ["a", "chat_model", 2, 3, 3],
    ["a", "tool", 2, undefined, undefined],
    ["b", "chain", 8, undefined, undefined],
    ["b", "chat_model", 8, 52, 52],
    ["b", "tool", 8, undefined, undefined],
    [null, "chain", 1, undefined, undefined],
  ]);
});

test.each(KINDS)("feedback is summed up by group where that is asked for: %s", async (kind) => {
  const store = await filled(kind);
  await store.assessments.add(
    [true, false, 4, "warm"].map((value, index) =>
      anAssessment({
        id: hexId(index + 1),
        traceId: hexId(index < 2 ? 1 : 2),
        name: typeof value === "boolean" ? "liked" : "stars",
        value,
      }),
    ),
  );
  const by = async (...groupBy: readonly TraceGroup[]): Promise<readonly unknown[]> => {
    const sums = await store.traces.aggregate({ ...everything, groupBy, withFeedback: true });
    return sums.map(({ group, feedback }) => [...Object.values(group), feedback]);
  };
  const liked = { count: 2, mean: 0.5 };
  const stars = { count: 2, mean: 4 };
  expect(await by("name")).toEqual([
    ["even", { stars }],
    ["odd", { liked }],
    ["root", {}],
  ]);
  // Each trace has three spans: its feedback counts once.
  expect(await by("span.type")).toEqual([
    ["chain", { liked, stars }],
    ["chat_model", { liked, stars }],
    ["tool", { liked, stars }],
  ]);
  expect(await by("prompt")).toEqual([
    ["greet/1", { liked, stars }],
    ["greet/2", {}],
  ]);
});

test.each(TRACE_GROUPS)("traces can be grouped by %s", async (group) => {
  const { store } = await openedNew("memory");
  await expect(store.traces.aggregate({ ...everything, groupBy: [group] })).resolves.toEqual([]);
});

test("what is not counted in its time is not half counted", async () => {
  const { store } = await openedNew("memory");
  for (let number = 1; number <= 1_500; number += 1) {
    store.journal.appendSpan(aSpan({ traceId: hexId(number) }));
  }
  await store.journal.flush();
  // Regular expressions are looked at in stretches of 1,024.
  const where = parseFilter("trace", "name RLIKE 'x'");
  await expect(store.traces.count({ ...everything, where, budgetMs: 0 })).rejects.toMatchObject({
    code: "deadline_exceeded",
  });
  await expect(
    store.traces.aggregate({ ...everything, where, budgetMs: 0, groupBy: ["name"] }),
  ).rejects.toMatchObject({ code: "deadline_exceeded" });
});

test("nothing is none, and one sum of nothing", async () => {
  const { store } = await openedNew("memory");
  expect(await store.traces.count(everything)).toBe(0);
  expect(await store.traces.aggregate({ ...everything, groupBy: [] })).toEqual([
    { group: {}, count: 0, errorCount: 0, errorRate: 0, usage: {} },
  ]);
});
