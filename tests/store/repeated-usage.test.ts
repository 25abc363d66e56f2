import type { Span } from "@rivulet/core";
import { aSpan, aUsageHistory, hexId, storedTotals } from "@rivulet/core/testing";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { aBackend, type Backend, backendsOf, take } from "./a-backend.ts";

const TRACE = hexId(1);
const usage = { inputTokens: 8, totalTokens: 10 };

function span(id: number, parent: number | undefined, given: Partial<Span> = {}): Span {
  const parentId = parent === undefined ? {} : { parentId: hexId(parent, 16) };
  return aSpan({ id: hexId(id, 16), name: `span ${id}`, ...parentId, ...given });
}

/** One model call as seen by the app, its gateway, and the gateway's client; and a call that no one else sees. */
const spans = [
  span(1, undefined, { type: "agent" }),
  span(2, 1, { type: "chat_model", usage, cost: 2 }),
  span(3, 2, { name: "POST /v1/chat" }),
  span(4, 3, {
    type: "chat_model",
    usage: { inputTokens: 7, totalTokens: 9 },
    cost: 1,
    model: "m",
  }),
  span(5, 1, { type: "chat_model", usage, cost: 0.5, model: "m" }),
];

function ordersOf<T>(things: readonly T[]): readonly (readonly T[])[] {
  if (things.length < 2) return [things];
  return things.flatMap((thing, index) =>
    ordersOf(things.toSpliced(index, 1)).map((rest) => [thing, ...rest]),
  );
}

/** A trace for each order of spans that all name one; the spans of a trace come one by one. */
async function takeInEveryOrder(given: readonly Span[]): Promise<readonly object[]> {
  const backend = await aBackend();
  const orders = ordersOf(given).map((order, number) =>
    order.map((one) => ({ ...one, traceId: hexId(number + 1) })),
  );
  for (const place of given.keys())
    await take(backend, ...orders.flatMap((order) => order[place] ?? []));
  return Promise.all(orders.map((_, number) => totals(backend, hexId(number + 1))));
}

async function totals(backend: Backend, traceId: string = TRACE): Promise<object> {
  const trace = await backend.entities.traces.get(traceId);
  const { usage: sum, cost, judgeTokens, judgeCost } = trace ?? {};
  const stored = await backend.entities.traces.listSpans(traceId);
  const uncounted = stored.flatMap(({ name, uncounted: why }) => (why ? [`${name}: ${why}`] : []));
  return { sum, cost, judgeTokens, judgeCost, uncounted };
}

async function sumsByModel(backend: Backend): Promise<readonly object[]> {
  const aggregates = await backend.entities.traces.aggregate({
    where: [],
    experimentIds: [],
    groupBy: ["model"],
  });
  return aggregates.map(({ group, count, cost }) => [group["model"], count, cost]);
}

const ONCE = {
  sum: { inputTokens: 15, totalTokens: 19 },
  cost: 1.5,
  uncounted: ["span 2: repeated"],
};

describe("a model call that several spans tell of counts once", () => {
  it("in whatever order they come, one by one", async () => {
    for (const one of await takeInEveryOrder(spans)) expect(one).toEqual(ONCE);
  });

  it.each([
    ["at once", [[0, 1, 2, 3, 4]]],
    ["parents behind their children", [[4, 3], [2, 1], [0]]],
    [
      "twice",
      [
        [0, 1, 2, 3, 4],
        [0, 1, 2, 3, 4],
      ],
    ],
    ["with a gap that is filled last", [[0, 1], [3, 4], [2]]],
    [
      "with one that was sent before",
      [
        [1, 3],
        [4, 1, 0],
        [2, 1],
      ],
    ],
  ])("%s", async (_, batches) => {
    const backend = await aBackend();
    for (const batch of batches) {
      await take(backend, ...batch.flatMap((place) => spans[place] ?? []));
    }
    expect(await totals(backend)).toEqual(ONCE);
    expect(await sumsByModel(backend)).toEqual([["m", 2, 1.5]]);
  });

  it("when it is known before the outer one has ended", async () => {
    const backend = await aBackend();
    const [, outer] = spans;
    const { usage: _usage, cost: _cost, endTime: _end, ...open } = outer ?? span(2, 1);
    await take(backend, { ...open, status: "in_progress" });
    await take(backend, ...spans.filter((one) => one !== outer));
    await take(backend, outer ?? open);
    expect(await totals(backend)).toEqual(ONCE);
  });

  it("also where all that is known of it is what it cost", async () => {
    const priced = [span(1, undefined), span(2, 1, { cost: 3 }), span(3, 2, { cost: 1 })];
    for (const one of await takeInEveryOrder(priced))
      expect(one).toMatchObject({ cost: 1, uncounted: ["span 2: repeated"] });
  });

  it("but not together with what is judged", async () => {
    const judge = { type: "chat_model", usage, cost: 4, uncounted: "judge" } as const;
    const task = span(1, undefined, { type: "task", usage, cost: 1 });
    const all = [task, span(2, 1, { type: "evaluator" }), span(3, 2, judge), span(4, 3, judge)];
    for (const one of await takeInEveryOrder(all))
      expect(one).toMatchObject({ sum: usage, cost: 1, judgeTokens: 10, judgeCost: 4 });
  });
});

describe("what a tool or a search costs without tokens", () => {
  const agent = span(1, undefined, { type: "agent", usage, cost: 1 });

  it("is added to what the agent above it tells of its own calls, in whatever order they come", async () => {
    const fees = [
      span(2, 1, { type: "tool", cost: 0.25 }),
      span(3, 1, { type: "retriever", cost: 2 }),
      span(4, 3, { type: "reranker", cost: 0.5 }),
    ];
    for (const one of await takeInEveryOrder([agent, ...fees]))
      expect(one).toEqual({ sum: usage, cost: 3.75, uncounted: [] });
  });

  it("is repeated, as the agent is, by a model call below the tool", async () => {
    const sum = { inputTokens: 7, totalTokens: 9 };
    const tools = [
      span(2, 1, { type: "chain" }),
      span(3, 2, { type: "tool", cost: 2 }),
      span(4, 3, { type: "tool", cost: 0.25 }),
      span(5, 3, { type: "chat_model", usage: sum, cost: 0.5 }),
    ];
    for (const one of await takeInEveryOrder([agent, ...tools])) {
      const uncounted = ["span 1: repeated", "span 3: repeated"];
      expect(one).toEqual({ sum, cost: 0.75, uncounted });
    }
  });

  it("is the judge's below an evaluator", async () => {
    const search = [
      span(2, 1, { type: "evaluator" }),
      span(3, 2, { type: "chain" }),
      span(4, 3, { type: "tool", cost: 0.25 }),
    ];
    for (const one of await takeInEveryOrder([agent, ...search]))
      expect(one).toMatchObject({ cost: 1, judgeCost: 0.25, uncounted: ["span 4: judge"] });
  });
});

it.each([
  ["behind its models, which another process records", [[2, 3, 4], [0], [1]]],
  ["before them", [[0, 1], [2], [4], [3]]],
  ["before a gateway's span between them", [[4], [2, 1, 0], [3]]],
])("an evaluator that comes %s has their usage as the judge's", async (_, batches) => {
  const backend = await aBackend();
  const judging = [
    span(1, undefined, { type: "task", usage, cost: 1 }),
    span(2, 1, { type: "evaluator" }),
    span(3, 2, { type: "chat_model", usage, cost: 4 }),
    span(4, 3, { name: "POST /v1/chat" }),
    span(5, 4, { type: "chat_model", usage: { totalTokens: 9 }, cost: 3 }),
  ];
  for (const batch of batches)
    await take(backend, ...batch.flatMap((place) => judging[place] ?? []));
  expect(await backend.entities.traces.get(TRACE)).toMatchObject({
    usage,
    cost: 1,
    judgeTokens: 9,
    judgeCost: 3,
  });
});

it("spans in a ring repeat nothing, however late it is closed", async () => {
  const backend = await aBackend();
  await take(backend, span(1, 3, { usage }));
  await take(backend, span(3, 2, { usage }));
  expect(await backend.entities.traces.get(TRACE)).toMatchObject({ usage });
  await take(backend, span(2, 1));
  expect(await backend.entities.traces.get(TRACE)).toMatchObject({
    usage: { inputTokens: 16, totalTokens: 20 },
  });
});

it("what is remembered of usage goes with its trace", async () => {
  const backend = await aBackend();
  await take(backend, ...spans);
  await backend.entities.traces.delete([TRACE]);
  const again = [span(2, 1, { usage }), span(1, undefined)];
  await take(backend, ...again);
  expect(await backend.entities.traces.get(TRACE)).toMatchObject({ usage });
});

/** Two processes take turns at writing, so that each goes on where the other stopped. */
test("any history of spans comes to what the finished trees do, whichever process writes", async () => {
  const [first, second] = await twoBackends();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const traces = [1, 2].map((place) => ({ traceId: hexId(count + place), experimentId: "0" }));
      count += traces.length;
      const { batches, totals } = aUsageHistory({ seed, traces, perBatch: 3 });
      for (const [place, batch] of batches.entries())
        await take(place % 2 === 0 ? first : second, ...batch);
      for (const [id, expected] of totals) {
        const trace = await first.entities.traces.get(id);
        const stored = await second.entities.traces.listSpans(id);
        expect(storedTotals(trace, stored)).toEqual(expected);
      }
    }),
    { numRuns: 30 },
  );
});

async function twoBackends(): Promise<readonly [Backend, Backend]> {
  const [first, second] = await backendsOf("first", "second");
  if (first === undefined || second === undefined) throw new Error("There are two.");
  return [first, second];
}
