import type { JsonValue, Span } from "@rivulet/core";
import { aSpan, BUILT_AT, hexId } from "@rivulet/core/testing";
import type { Database } from "@rivulet/store/sql";
import { expect, test } from "vitest";
import { aBackend, aDatabase, type Backend, backendOver, take } from "./a-backend.ts";

const TRACE = hexId(1);
type SpanRecord = Parameters<typeof take>[1];

function aChild(given: Partial<SpanRecord> = {}): SpanRecord {
  return { ...aSpan({ id: hexId(2, 16), parentId: hexId(1, 16), name: "child" }), ...given };
}

/** The same span while it was still open. */
function open(span: SpanRecord): SpanRecord {
  const { endTime: _end, output: _output, ...rest } = span;
  return { ...rest, status: "in_progress" };
}

async function stateOf(backend: Backend): Promise<object> {
  const trace = await backend.entities.traces.get(TRACE);
  return { trace, spans: await backend.entities.traces.loadSpans(TRACE) };
}

/** Every order of some things. */
function ordersOf<T>(things: readonly T[]): readonly (readonly T[])[] {
  if (things.length < 2) return [things];
  return things.flatMap((thing, index) =>
    ordersOf(things.toSpliced(index, 1)).map((rest) => [thing, ...rest]),
  );
}

test("tokens, cost and errors of a span that is written again are counted once", async () => {
  const backend = await aBackend();
  const call = aSpan({
    status: "error",
    usage: { inputTokens: 10, totalTokens: 13 },
    cost: 0.25,
  });
  await take(backend, call, call);
  await take(backend, call);
  expect(await backend.entities.traces.get(TRACE)).toMatchObject({
    spanCount: 1,
    errorCount: 1,
    usage: { inputTokens: 10, totalTokens: 13 },
    cost: 0.25,
  });
});

test("events of a span stay when it is written again without any", async () => {
  const backend = await aBackend();
  const events = [{ name: "retry", timestamp: BUILT_AT, attributes: { attempt: 1 } }];
  await take(backend, aSpan({ events }));
  await take(backend, aSpan({ events: [], output: "later" }));
  const [span] = await backend.entities.traces.loadSpans(TRACE);
  expect(span).toMatchObject({ events, output: "later" });
});

test("what a span says later of its tokens and cost counts instead of what it said before", async () => {
  const backend = await aBackend();
  await take(backend, aSpan({ status: "error", usage: { inputTokens: 10 }, cost: 0.25 }));
  await take(backend, aSpan({ usage: { inputTokens: 4, outputTokens: 2 }, cost: 0.5 }));
  await take(backend, aSpan({ id: hexId(2, 16), usage: { inputTokens: 1 }, cost: 1 }));
  expect(await backend.entities.traces.get(TRACE)).toMatchObject({
    spanCount: 2,
    errorCount: 0,
    usage: { inputTokens: 5, outputTokens: 2 },
    cost: 1.5,
  });
});

const root: SpanRecord = {
  ...aSpan({
    name: "agent",
    input: "question",
    output: "answer",
    attributes: { step: 2 },
    usage: { inputTokens: 3 },
  }),
  trace: { sessionId: "s", metadata: { from: "root" }, tags: { env: "prod" } },
};
const child = aChild({
  startTime: BUILT_AT + 10,
  endTime: BUILT_AT + 90,
  prompts: [{ name: "greet", version: 1 }],
  trace: {
    sessionId: "other",
    userId: "u",
    metadata: { from: "child", more: 1 },
    tags: { env: "dev", team: "a" },
  },
});
const whole = [open(root), open(child), child, root];

test.each([
  ["one batch", (backend: Backend, spans: readonly SpanRecord[]) => take(backend, ...spans)],
  [
    "batches of one",
    async (backend: Backend, spans: readonly SpanRecord[]) => {
      for (const span of spans) await take(backend, span);
    },
  ],
])("the order in which starts and ends arrive does not matter: %s", async (_, write) => {
  const expected = await aBackend();
  await write(expected, whole);
  const state = await stateOf(expected);
  expect(state).toMatchObject({
    trace: {
      name: "agent",
      status: "ok",
      startTime: BUILT_AT,
      endTime: BUILT_AT + 100,
      sessionId: "s",
      userId: "u",
      metadata: { from: "root", more: 1 },
      tags: { env: "prod", team: "a" },
      inputPreview: "question",
      outputPreview: "answer",
      spanCount: 2,
      usage: { inputTokens: 3 },
      prompts: [{ name: "greet", version: 1 }],
    },
  });
  for (const order of ordersOf(whole)) {
    const backend = await aBackend();
    await write(backend, order);
    expect(await stateOf(backend)).toEqual(state);
  }
});

test("a start that arrives behind its end only adds what the end has not said", async () => {
  const backend = await aBackend();
  const end = aSpan({ name: "late", output: "out", attributes: { a: 2 } });
  await take(backend, end);
  await take(backend, open(aSpan({ name: "early", input: "in", attributes: { a: 1, b: 1 } })));
  const [span] = await backend.entities.traces.loadSpans(TRACE);
  const expected: Span = { ...end, input: "in", attributes: { a: 2, b: 1 } };
  expect(span).toEqual(expected);
});

test.each([
  ["error", "no"],
  ["ok", undefined],
] as const)("why a span failed is kept while it has failed: then %s", async (status, reason) => {
  const backend = await aBackend();
  await take(backend, aSpan({ status: "error", statusMessage: "no" }));
  await take(backend, aSpan({ status, output: "out" }));
  const [span] = await backend.entities.traces.loadSpans(TRACE);
  expect([span?.output, span?.status, span?.statusMessage]).toEqual(["out", status, reason]);
});

test("a span keeps the start that was said of it first, whatever is said later", async () => {
  const backend = await aBackend();
  await take(backend, open(aSpan()));
  await take(backend, aSpan({ startTime: BUILT_AT + 7, output: "out" }));
  await take(backend, open(aSpan({ startTime: BUILT_AT - 7 })));
  const [span] = await backend.entities.traces.loadSpans(TRACE);
  expect(span).toEqual(aSpan({ output: "out" }));
  expect((await backend.entities.traces.get(TRACE))?.startTime).toBe(BUILT_AT);
});

test("a start that arrives behind its end does not change what that has said of the trace", async () => {
  const backend = await aBackend();
  await take(backend, {
    ...aSpan(),
    trace: { sessionId: "end", metadata: { a: "end" }, tags: { env: "prod" } },
  });
  await take(backend, {
    ...open(aSpan()),
    trace: {
      sessionId: "start",
      userId: "u",
      metadata: { a: "start", b: 1 },
      tags: { env: "dev", team: "x" },
    },
  });
  expect(await backend.entities.traces.get(TRACE)).toMatchObject({
    sessionId: "end",
    userId: "u",
    metadata: { a: "end", b: 1 },
    tags: { env: "prod", team: "x" },
  });
});

test("of two roots the one that began first speaks for the trace, whichever arrives first", async () => {
  const first = aSpan({ name: "first", endTime: BUILT_AT + 5 });
  const second = aSpan({ id: hexId(2, 16), name: "second", startTime: BUILT_AT + 1 });
  for (const order of [
    [first, second],
    [second, first],
  ]) {
    const backend = await aBackend();
    for (const span of order) await take(backend, span);
    expect(await backend.entities.traces.get(TRACE)).toMatchObject({
      name: "first",
      startTime: BUILT_AT,
      endTime: BUILT_AT + 5,
      spanCount: 2,
    });
  }
});

test.each(ordersOf([hexId(3, 16), hexId(4, 16)]))(
  "of two roots that began at once the one with the smaller id speaks for the trace: %s, %s",
  async (...ids) => {
    const backend = await aBackend();
    for (const id of ids) await take(backend, aSpan({ id, name: `root ${id}` }));
    expect((await backend.entities.traces.get(TRACE))?.name).toBe(`root ${hexId(3, 16)}`);
  },
);

test("a trace without its root is known by its topmost span until the root comes", async () => {
  const backend = await aBackend();
  await take(backend, aChild({ startTime: BUILT_AT + 5 }), aChild({ id: hexId(3, 16) }));
  expect(await backend.entities.traces.get(TRACE)).toMatchObject({
    name: "child",
    status: "ok",
    startTime: BUILT_AT,
  });
  await take(backend, aSpan({ startTime: BUILT_AT + 1, experimentId: "7" }));
  expect(await backend.entities.traces.get(TRACE)).toMatchObject({
    name: "root",
    status: "ok",
    startTime: BUILT_AT + 1,
    experimentId: "7",
  });
});

test("a record that the database refuses costs no other record of its batch", async () => {
  const backend = await aBackend();
  const records = Array.from({ length: 9 }, (_, index) =>
    aSpan({ traceId: hexId(index + 1), id: hexId(index + 1, 16) }),
  );
  const nameless = { ...aSpan({ traceId: hexId(20) }), name: null as unknown as string };
  const spans = records.toSpliced(4, 0, nameless);
  const outcome = await backend.take({
    records: spans.map((span) => ({ kind: "span", span })),
    owner: "",
  });
  expect(outcome.refused.map(({ code }) => code)).toEqual(["internal"]);
  expect(outcome.changes).toEqual([
    { entity: "trace", ids: records.map(({ traceId }) => traceId) },
  ]);
  for (const { traceId } of records) {
    expect(await backend.entities.traces.get(traceId)).toMatchObject({ spanCount: 1 });
  }
  expect(await backend.entities.traces.get(hexId(20))).toBeUndefined();
});

test("an experiment that spans know by a name is made once, and told as a change", async () => {
  const backend = await aBackend();
  const named = (id: number, experimentId: string): SpanRecord => ({
    ...aSpan({ traceId: hexId(id), experimentId }),
    experimentName: "nightly",
  });
  const batch = (...spans: readonly SpanRecord[]) =>
    backend.take({ records: spans.map((span) => ({ kind: "span", span })), owner: "" });
  expect((await batch(named(1, "41"), named(2, "42"))).changes).toEqual([
    { entity: "experiment", ids: ["41"] },
    { entity: "trace", ids: [hexId(1), hexId(2)] },
  ]);
  expect((await batch(named(3, "43"))).changes).toEqual([{ entity: "trace", ids: [hexId(3)] }]);
  expect(await backend.entities.experiments.findByName("nightly")).toMatchObject({ id: "41" });
  for (const id of [1, 2, 3]) {
    expect(await backend.entities.traces.get(hexId(id))).toMatchObject({ experimentId: "41" });
  }
});

test("spans that know an experiment by a name go on to it after it was renamed, and are refused once it is deleted", async () => {
  const backend = await aBackend();
  const named: SpanRecord = { ...aSpan({ experimentId: "41" }), experimentName: "nightly" };
  await take(backend, named);
  const { experiments, traces } = backend.entities;
  await experiments.update({ id: "41", name: "weekly", updatedAt: BUILT_AT });
  await take(backend, { ...named, traceId: hexId(2) });
  expect(await traces.get(hexId(2))).toMatchObject({ experimentId: "41" });

  await experiments.update({ id: "41", name: "nightly", lifecycleStage: "deleted", updatedAt: 1 });
  const span = { ...named, traceId: hexId(3) };
  const { refused } = await backend.take({ records: [{ kind: "span", span }], owner: "" });
  expect(refused.map(({ code, details }) => [code, details])).toEqual([
    ["conflict", { experimentId: "41" }],
  ]);
  expect(await traces.get(hexId(3))).toBeUndefined();
});

test("a trace that another process makes at the same time is added to, not written over", async () => {
  const database = await aDatabase();
  await take(backendOver(database), aSpan({ usage: { inputTokens: 1 } }));
  let looks = 0;
  // What one sees who looks before the other has committed.
  const early: Database = {
    ...database,
    transaction: (work) =>
      database.transaction((sql) =>
        work({
          ...sql,
          async all(statement, values) {
            const isLook = statement.includes("FROM traces WHERE id IN") && looks++ === 0;
            return isLook ? [] : sql.all(statement, values);
          },
        }),
      ),
  };
  await take(
    backendOver(early),
    aSpan({ id: hexId(2, 16), startTime: BUILT_AT + 1, usage: { inputTokens: 2 } }),
    aChild({ id: hexId(3, 16) }),
  );
  expect(looks).toBe(2);
  expect(await backendOver(database).entities.traces.get(TRACE)).toMatchObject({
    name: "root",
    spanCount: 3,
    usage: { inputTokens: 3 },
  });
});

test.each([
  ["its text", [{ role: "user", content: "Hi" }], "Hi"],
  [
    "its texts, without files and thoughts",
    [
      {
        role: "user",
        content: [
          { type: "text", text: "Look:" },
          { type: "media", kind: "image", size: 9 },
          { type: "reasoning", text: "Hm." },
          { type: "text", text: "What is it?" },
        ],
      },
    ],
    "Look:\nWhat is it?",
  ],
  [
    "what it calls",
    [
      {
        role: "assistant",
        content: [{ type: "tool_call", name: "weather", arguments: { city: "Ulm" } }],
      },
    ],
    'weather({"city":"Ulm"})',
  ],
  [
    "what a tool answers",
    [{ role: "tool", content: [{ type: "tool_result", name: "weather", content: "Rain" }] }],
    "Rain",
  ],
  [
    "its files, where it says nothing else",
    [
      {
        role: "assistant",
        content: [
          { type: "media", kind: "image", name: "rose.png", size: 9 },
          { type: "media", kind: "audio", text: "Good morning" },
        ],
      },
    ],
    "[image rose.png]\nGood morning",
  ],
] satisfies [string, JsonValue, string][])(
  "a list of traces shows of the last message %s",
  async (_, messages, preview) => {
    const backend = await aBackend();
    await take(backend, aSpan({ input: { messages } }));
    expect(await stateOf(backend)).toMatchObject({ trace: { inputPreview: preview } });
  },
);
