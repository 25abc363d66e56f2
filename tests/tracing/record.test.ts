import { type FinishedSpan, RivuletError, type Span, type TracingOptions } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { aFolder } from "../store/folder.ts";
import { NOON, openClient, type TestClient } from "./client.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const ROOT = "b7ad6b7169203331";
const CHILD = "00f067aa0ba902b7";

/** A span of 20 milliseconds at noon. */
function finished(fields: Partial<FinishedSpan> = {}): FinishedSpan {
  return {
    traceId: TRACE,
    id: ROOT,
    name: "request",
    startTime: NOON,
    endTime: NOON + 20,
    ...fields,
  };
}

const child = (fields: Partial<FinishedSpan> = {}): FinishedSpan =>
  finished({
    id: CHILD,
    parentId: ROOT,
    name: "model",
    type: "chat_model",
    startTime: NOON + 1,
    ...fields,
  });

const wrong = (value: unknown): never => value as never;

async function refusal(work: Promise<unknown>): Promise<RivuletError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RivuletError)) throw new Error("It was not refused.");
  return error;
}

async function loaded({ rivulet }: TestClient, traceId = TRACE): Promise<readonly Span[]> {
  await rivulet.flush();
  const trace = await rivulet.traces.find(traceId);
  return trace === undefined ? [] : rivulet.traces.loadSpans(traceId);
}

const STORES: readonly [string, () => Promise<string>][] = [
  ["memory", async () => "memory:"],
  ["sqlite", async () => `sqlite:${await aFolder()}/rivulet.db`],
  ["json", async () => `json:${await aFolder()}/project`],
];

test.each(STORES)(
  "%s: a finished span is stored with all that is said of it",
  async (_name, url) => {
    const client = openClient({}, { store: await url() });
    const { rivulet } = client;
    const report = await rivulet.traces.record([
      finished({
        input: { question: "Why?" },
        output: "Because.",
        attributes: { "http.route": "/ask" },
        events: [{ name: "queued", timestamp: NOON + 1, attributes: { depth: 2 } }],
        sessionId: "s1",
        userId: "u1",
        tags: { env: "test" },
        metadata: { build: 7 },
        experimentId: "imports",
      }),
      child({
        status: "error",
        statusMessage: "overloaded",
        model: "gpt-4o",
        provider: "openai",
        usage: { inputTokens: 1_000, outputTokens: 100 },
        firstTokenTime: NOON + 5,
        prompts: [{ name: "greet", version: 3, alias: "production" }],
      }),
    ]);
    expect(report).toEqual({ recorded: 2, unsampled: 0, dropped: 0 });

    const [root, model] = await loaded(client);
    const experiment = await rivulet.experiments.get(root?.experimentId ?? "");
    expect(experiment.name).toBe("imports");
    expect(root).toEqual({
      traceId: TRACE,
      id: ROOT,
      experimentId: experiment.id,
      name: "request",
      type: "unknown",
      status: "ok",
      startTime: NOON,
      endTime: NOON + 20,
      input: { question: "Why?" },
      output: "Because.",
      attributes: { "http.route": "/ask" },
      events: [{ name: "queued", timestamp: NOON + 1, attributes: { depth: 2 } }],
    });
    expect(model).toMatchObject({
      id: CHILD,
      parentId: ROOT,
      type: "chat_model",
      status: "error",
      statusMessage: "overloaded",
      model: "gpt-4o",
      provider: "openai",
      usage: { inputTokens: 1_000, outputTokens: 100, totalTokens: 1_100 },
      cost: 0.0025 + 0.001,
      timeToFirstTokenMs: 4,
      experimentId: experiment.id,
      prompts: [{ name: "greet", version: 3, alias: "production" }],
    });
    expect(await rivulet.traces.get(TRACE)).toMatchObject({
      name: "request",
      sessionId: "s1",
      userId: "u1",
      tags: { env: "test" },
      metadata: { build: 7 },
      spanCount: 2,
      errorCount: 1,
      durationMs: 20,
      usage: { inputTokens: 1_000, outputTokens: 100, totalTokens: 1_100 },
    });
  },
);

test.each(STORES)(
  "%s: spans come twice, late, out of order and without their parent",
  async (_name, url) => {
    const client = openClient({}, { store: await url() });
    const { rivulet } = client;
    const usage = { inputTokens: 5 };
    await rivulet.traces.record([child({ usage }), child({ usage })]);
    await rivulet.flush();
    expect(await rivulet.traces.get(TRACE)).toMatchObject({ name: "model", spanCount: 1 });

    await rivulet.traces.record([finished()]);
    await rivulet.traces.record([child({ usage })]);
    await rivulet.flush();
    expect(await rivulet.traces.get(TRACE)).toMatchObject({
      name: "request",
      spanCount: 2,
      usage: { inputTokens: 5, totalTokens: 5 },
    });
  },
);

test("what was taken is there after a restart", async () => {
  const store = `sqlite:${await aFolder()}/rivulet.db`;
  const first = openClient({}, { store });
  await first.rivulet.traces.record([finished()]);
  await first.rivulet.close();
  const second = openClient({}, { store });
  expect((await loaded(second)).map(({ name }) => name)).toEqual(["request"]);
});

test("spans that were recorded elsewhere obey the client's mask, limits, prices and experiment", async () => {
  const tracing: TracingOptions = {
    mask: (value, { key }) => (key === "email" ? "[email]" : value),
    prices: { local: { input: 2, output: 0 } },
    experiment: "Gateway",
  };
  const client = openClient(tracing);
  await client.rivulet.traces.record([
    finished({
      input: { email: "ada@example.org", password: "p", text: "x".repeat(3_000_000) },
      name: "n".repeat(1_000),
      statusMessage: "bad key sk-proj-abcdefghijklmnopqrstuv",
      model: "local",
      usage: { inputTokens: 1_000_000 },
    }),
  ]);
  const [span] = await loaded(client);
  const input = span?.input as Record<string, string>;
  expect([input["email"], input["password"]]).toEqual(["[email]", "[masked]"]);
  expect(input["text"]?.length).toBeLessThan(300_000);
  expect(span?.name).toContain("characters left out");
  expect(span?.statusMessage).toBe("bad key sk-[masked]");
  expect(span?.cost).toBe(2);
  const experiment = await client.rivulet.experiments.get(span?.experimentId ?? "");
  expect(experiment.name).toBe("Gateway");
});

test("the trace's id decides whether it is recorded, as for spans that run here", async () => {
  const client = openClient({ sampleRate: 0.5 });
  const kept = `${"1".repeat(18)}80000000000000`;
  const left = `${"1".repeat(18)}7fffffffffffff`;
  const spans = [kept, left].map((traceId) => finished({ traceId }));
  const report = await client.rivulet.traces.record(spans);
  expect(report).toEqual({ recorded: 1, unsampled: 1, dropped: 0 });
  expect(await loaded(client, kept)).toHaveLength(1);
  expect(await loaded(client, left)).toHaveLength(0);
});

test("a client whose tracing is off takes none", async () => {
  const client = openClient({ enabled: false });
  const report = await client.rivulet.traces.record([finished()]);
  expect(report).toEqual({ recorded: 0, unsampled: 1, dropped: 0 });
  expect(await loaded(client)).toEqual([]);
});

test("usage counts on the lowest span that has any, in whatever order the calls bring them", async () => {
  const client = openClient();
  const usage = { inputTokens: 7 };
  const step = child({ id: "1".repeat(16), name: "step", usage });
  const model = child({ id: "2".repeat(16), parentId: step.id, usage });
  await client.rivulet.traces.record([model]);
  await client.rivulet.traces.record([step]);
  await client.rivulet.traces.record([finished({ usage, cost: 1 })]);
  const counted = (await loaded(client)).map(({ name, uncounted }) => [name, uncounted]);
  expect(counted.toSorted()).toEqual([
    ["model", undefined],
    ["request", "repeated"],
    ["step", "repeated"],
  ]);
  const trace = await client.rivulet.traces.get(TRACE);
  expect([trace.usage.inputTokens, trace.cost]).toEqual([7, undefined]);
});

test("usage counts on the lowest span that has any, also when a span between two has none", async () => {
  const client = openClient();
  const usage = { inputTokens: 7 };
  const step = child({ id: "1".repeat(16), name: "step" });
  await client.rivulet.traces.record([child({ id: "2".repeat(16), parentId: step.id, usage })]);
  await client.rivulet.traces.record([step]);
  await client.rivulet.traces.record([finished({ usage })]);
  expect((await client.rivulet.traces.get(TRACE)).usage.inputTokens).toBe(7);
});

test("usage below a scorer's span is the judge's", async () => {
  const client = openClient();
  const usage = { inputTokens: 7 };
  const scorer = child({ id: "1".repeat(16), name: "correct", type: "evaluator", usage });
  const model = child({ id: "2".repeat(16), parentId: scorer.id, name: "judge", usage, cost: 2 });
  await client.rivulet.traces.record([model, scorer, finished({ usage: { inputTokens: 3 } })]);
  const counted = (await loaded(client)).map(({ name, uncounted }) => [name, uncounted]);
  expect(counted.toSorted()).toEqual([
    ["correct", "repeated"],
    ["judge", "judge"],
    ["request", undefined],
  ]);
  const { usage: own, cost, judgeTokens, judgeCost } = await client.rivulet.traces.get(TRACE);
  expect({ own: own.inputTokens, cost, judgeTokens, judgeCost }).toEqual({
    own: 3,
    cost: undefined,
    judgeTokens: 7,
    judgeCost: 2,
  });
});

test("spans that are above each other are taken all the same", async () => {
  const client = openClient();
  const usage = { inputTokens: 7 };
  const report = await client.rivulet.traces.record([
    finished({ parentId: CHILD, usage }),
    child({ usage }),
  ]);
  expect(report.recorded).toBe(2);
  expect(await loaded(client)).toHaveLength(2);
});

test.each<[string, Partial<FinishedSpan>, readonly [number, number]]>([
  ["numbers as milliseconds", { startTime: NOON + 0.25, endTime: NOON + 1.5 }, [NOON + 0.25, 1.25]],
  ["dates", { startTime: new Date(NOON), endTime: new Date(NOON + 3) }, [NOON, 3]],
  [
    "big integers as nanoseconds, to the microsecond",
    { startTime: 1_790_000_000_000_123_999n, endTime: 1_790_000_000_001_123_000n },
    [NOON + 0.123, 1],
  ],
  ["an end before the start as the start", { endTime: NOON - 5 }, [NOON, 0]],
])("times are taken: %s", async (_what, times, [startTime, durationMs]) => {
  const client = openClient();
  await client.rivulet.traces.record([finished(times)]);
  const [span] = await loaded(client);
  expect(span?.startTime).toBe(startTime);
  expect((await client.rivulet.traces.get(TRACE)).durationMs).toBe(durationMs);
});

test("ids are kept in lower case", async () => {
  const client = openClient();
  await client.rivulet.traces.record([
    child({ traceId: TRACE.toUpperCase(), id: CHILD.toUpperCase(), parentId: ROOT.toUpperCase() }),
  ]);
  expect(await loaded(client)).toMatchObject([{ traceId: TRACE, id: CHILD, parentId: ROOT }]);
});

test("what is undefined counts as left out", async () => {
  const client = openClient();
  const fields = { parentId: undefined, usage: undefined, sessionId: undefined };
  await client.rivulet.traces.record([{ ...finished(), ...fields } as unknown as FinishedSpan]);
  const [span] = await loaded(client);
  expect(span).toMatchObject({ traceId: TRACE, id: ROOT });
  expect(span).not.toHaveProperty("parentId");
});

test.each<[string, object, readonly [string, string]]>([
  ["a short trace id", { traceId: "abc" }, ["spans.1.traceId", "must be 32 hex digits"]],
  ["a trace id of zeros", { traceId: "0".repeat(32) }, ["spans.1.traceId", "must not be all zero"]],
  ["a span id that is none", { id: "x".repeat(16) }, ["spans.1.id", "must be 16 hex digits"]],
  [
    "a parent id that is none",
    { parentId: "" },
    ["spans.1.parentId", "hex digits; a root has none"],
  ],
  ["a span above itself", { parentId: ROOT }, ["spans.1.parentId", "must not be the span itself"]],
  ["no end", { endTime: undefined }, ["spans.1.endTime", "must be milliseconds"]],
  ["a time that is none", { startTime: Number.NaN }, ["spans.1.startTime", "must be milliseconds"]],
  ["a time before all times", { startTime: -1 }, ["spans.1.startTime", "must be a time since"]],
  ["an unknown status", { status: "fine" }, ["spans.1.status", "expected one of"]],
  ["a count that is none", { usage: { inputTokens: -1 } }, ["spans.1.usage.inputTokens", ">=0"]],
  ["a list as attributes", { attributes: [] }, ["spans.1.attributes", "must be an object"]],
  ["a misspelt field", { sesionId: "s" }, ["spans.1.sesionId", "Did you mean sessionId?"]],
  ["OTLP's id", { spanId: ROOT }, ["spans.1.spanId", "The id of a span is id."]],
  ["OTLP's time", { startTimeUnixNano: "1" }, ["startTimeUnixNano", "BigInt(nanoseconds)"]],
  ["a misspelt count", { usage: { inputTokns: 1 } }, ["inputTokns", "Did you mean inputTokens?"]],
])(
  "%s is refused with its place, and no other span is taken",
  async (_what, fields, [field, message]) => {
    const client = openClient();
    const good = child();
    const error = await refusal(
      client.rivulet.traces.record([good, { ...finished(), ...fields } as FinishedSpan]),
    );
    expect(error.code).toBe("invalid_argument");
    expect(error.message).toContain(field);
    expect(error.message).toContain(message);
    expect(await loaded(client)).toEqual([]);
  },
);

test.each([
  ["nothing", undefined],
  ["one span", finished()],
  ["a list of nothing", [null]],
  ["more than 10000 spans", Array.from({ length: 10_001 }, () => finished())],
])("%s is no list of spans", async (_what, spans) => {
  const { rivulet } = openClient();
  expect((await refusal(rivulet.traces.record(wrong(spans)))).code).toBe("invalid_argument");
});

test("what cannot be read is kept as a note; callers may change their objects at once", async () => {
  const client = openClient();
  const input = { text: "first" };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const taken = client.rivulet.traces.record([finished({ input, output: proxy })]);
  input.text = "second";
  await taken;
  const [span] = await loaded(client);
  expect(span?.input).toEqual({ text: "first" });
  expect(span?.output).toMatch(/^\[unreadable/);
});

test("a closed client refuses", async () => {
  const { rivulet } = openClient();
  await rivulet.close();
  expect((await refusal(rivulet.traces.record([finished()]))).code).toBe("closed");
});

test("a store that cannot be opened refuses", async () => {
  const { rivulet } = openClient({}, { store: `sqlite:${await aFolder()}` });
  onTestFinished(() => rivulet.close().catch(() => undefined));
  expect((await refusal(rivulet.traces.record([finished()]))).code).toBe("store_unavailable");
});

test("a field that is undefined counts as left out", async () => {
  const client = openClient({});
  const absent = { parentId: undefined, usage: undefined, events: undefined };
  const inside = { events: [{ name: "retry", timestamp: NOON, attributes: wrong(undefined) }] };
  const { traces } = client.rivulet;
  await traces.record([finished(wrong(absent)), child(wrong({ ...inside, model: undefined }))]);
  const [root, below] = await loaded(client);
  expect([root?.id, root?.parentId, root?.events]).toEqual([ROOT, undefined, []]);
  expect(below?.events).toEqual([{ name: "retry", timestamp: NOON }]);
});

test("a misspelt field is refused with the one that is meant, however many there are", async () => {
  const { rivulet } = openClient({});
  const counts = { usage: wrong({ ...new Uint8Array(10_000) }) };
  const misspelt = await refusal(rivulet.traces.record([finished(wrong({ parentSpanId: CHILD }))]));
  expect(misspelt.message).toMatch(/^spans\.0\.parentSpanId: is not known here\. /);
  const many = await refusal(rivulet.traces.record([finished(counts)]));
  expect(many.message).toMatch(/^spans\.0\.usage\.0: is not known here\. /);
  expect(many.message.length).toBeLessThan(500);
});

test.each(["name", "cost", "events", "prompts"])(
  "a revoked proxy as %s is refused as what cannot be read",
  async (field) => {
    const { rivulet } = openClient({});
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const error = await refusal(rivulet.traces.record([finished(wrong({ [field]: proxy }))]));
    expect([error.code, error.message]).toEqual(["invalid_argument", "spans: cannot be read"]);
  },
);
