import { expect, test } from "vitest";
import { NOON, openClient, openFileClient } from "./client.ts";
import { revoked } from "./hostile-arbitrary.ts";

const { rivulet, spans } = openFileClient();

/** What a caller without types gives. */
const wrong = (value: unknown): never => value as never;

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["a number", 42],
  ["a big integer", 10n ** 400n],
  ["a symbol", Symbol("mark")],
  ["an object without a prototype", Object.create(null)],
  ["a revoked proxy", revoked()],
  [
    "an object whose getters throw",
    {
      get name(): never {
        throw new Error("no name");
      },
    },
  ],
])("a span that is given %s everywhere hurts nobody, and is kept", async (_what, value) => {
  const span = rivulet.startSpan("given");
  span.setName(wrong(value));
  span.setInput(value);
  span.setOutput(value);
  span.setAttributes(wrong(value));
  span.addEvent(wrong(value), wrong(value));
  span.setUsage(wrong(value));
  span.setModel(wrong(value), wrong(value));
  span.setCost(wrong(value));
  span.markFirstToken(wrong(value));
  span.linkPrompt(wrong(value));
  span.setTrace(wrong(value));
  span.setTrace(wrong({ sessionId: value, userId: value, tags: value, metadata: value }));
  expect(span.isWithin(wrong(undefined))).toBe(false);
  span.setName("kept");
  span.end(wrong({ statusMessage: value, endTime: value }));
  expect(span.ended).toBe(true);
  expect(Object.keys(await spans(span.traceId))).toEqual(["kept"]);
});

test.each<[string, unknown]>([
  ["null", null],
  ["a revoked proxy", revoked()],
])("a span whose end is given %s is ended all the same", (_what, value) => {
  const span = rivulet.startSpan("ended");
  span.end(wrong(value));
  expect(span.ended).toBe(true);
});

test("the app gets its own error, whatever its message is", () => {
  const error = Object.assign(new Error("limited"), { message: { code: 429 } });
  expect(() =>
    rivulet.withSpan("fails", () => {
      throw error;
    }),
  ).toThrow(error as never);
});

test("the app gets its own result, whatever it is", () => {
  const result = revoked();
  expect(rivulet.withSpan("works", () => result) === result).toBe(true);
});

test("ids that are numbers are kept as they are written, and times as dates", async () => {
  const span = rivulet.startSpan(
    "ids",
    wrong({ sessionId: 123, userId: 42n, startTime: new Date(1_000) }),
  );
  span.end(wrong({ endTime: new Date(3_000) }));
  await rivulet.flush();
  const trace = await rivulet.traces.get(span.traceId);
  expect(trace).toMatchObject({
    sessionId: "123",
    userId: "42",
    startTime: 1_000,
    durationMs: 2_000,
  });
});

test("a list is no attributes, whatever its items are: those that were set stay", async () => {
  const span = rivulet.startSpan("listed");
  span.setAttributes({ first: 1 });
  span.setAttributes(wrong([{ second: 2 }]));
  span.setAttributes({ third: 3 });
  span.end();
  const { listed } = await spans(span.traceId);
  expect(listed?.attributes).toEqual({ first: 1, third: 3 });
});

test("a misspelt option is reported once with the name that is meant, and the rest is recorded", async () => {
  const client = openClient();
  for (let call = 0; call < 2; call++) {
    client.clock.advance(5_000);
    const span = client.rivulet.startSpan("given", wrong({ inputs: 1, model: "m" }));
    span.setTrace(wrong({ sesionId: "s", userId: "u" }));
    span.setUsage(wrong({ inputToken: 3, outputTokens: 4 }));
    span.end(wrong({ ouput: 1, output: 2, error: undefined, anything: undefined }));
    const { given } = await client.spans(span.traceId);
    expect(given).toMatchObject({ model: "m", output: 2, usage: { outputTokens: 4 } });
    expect((await client.rivulet.traces.get(span.traceId)).userId).toBe("u");
  }
  expect(client.errors.map(({ message }) => message)).toEqual([
    "startSpan.inputs: is not known here. Did you mean input?",
    "setTrace.sesionId: is not known here. Did you mean sessionId?",
    "setUsage.inputToken: is not known here. Did you mean inputTokens?",
    "end.ouput: is not known here. Did you mean output?",
  ]);
});

test("the options of traced and withSpan are looked at like those of startSpan", async () => {
  const client = openClient();
  client.rivulet.traced(() => 1, wrong({ name: "named", sesionId: "s" }))();
  client.rivulet.withSpan("given", () => 1, wrong({ sesionId: "s", inputs: 1 }));
  expect(client.errors.map(({ message }) => message)).toEqual([
    "startSpan.sesionId: is not known here. Did you mean sessionId?",
    "startSpan.inputs: is not known here. Did you mean input?",
  ]);
});

test("TypeScript refuses misspelt options", () => {
  const span = rivulet.startSpan("typed", {
    // @ts-expect-error: it is `input`.
    inputs: 1,
  });
  // @ts-expect-error: it is `sessionId`.
  span.setTrace({ sesionId: "s" });
  // @ts-expect-error: it is `output`.
  span.end({ ouput: 1 });
  expect(span.ended).toBe(true);
});

test("values of a wrong type are reported and left out, and what was known stays", async () => {
  const client = openClient();
  const parent = { traceId: 7, id: {} };
  const span = client.rivulet.startSpan(
    "kept",
    wrong({ type: "magic", startTime: "soon", parent, model: "m" }),
  );
  span.setName(wrong({}));
  span.setModel(wrong(["x"]), wrong(true));
  span.setUsage(wrong({ inputTokens: "many", outputTokens: -1, totalTokens: 5 }));
  span.setCost(Number.NaN);
  span.setAttributes(wrong("none"));
  span.linkPrompt(wrong({ name: {}, version: 1 }));
  span.setTrace(wrong({ sessionId: {}, tags: { good: "yes", bad: [] }, metadata: "m" }));
  span.end(wrong({ status: "fine", statusMessage: {}, endTime: "later" }));

  const { kept } = await client.spans(span.traceId);
  expect(kept).toEqual({
    traceId: span.traceId,
    id: span.id,
    experimentId: "0",
    name: "kept",
    type: "unknown",
    status: "ok",
    startTime: NOON,
    endTime: NOON,
    model: "m",
    usage: { totalTokens: 5 },
    attributes: {},
    events: [],
  });
  const trace = await client.rivulet.traces.get(span.traceId);
  expect([trace.tags, trace.metadata]).toEqual([{ good: "yes" }, {}]);
  expect(client.errors.map(({ message }) => message.split(":")[0])).toEqual([
    "startSpan.parent",
    "startSpan.type",
    "startSpan.startTime",
    "setName",
    "setModel.model",
    "setModel.provider",
    "setUsage.inputTokens",
    "setUsage.outputTokens",
    "setCost",
    "setAttributes",
    "linkPrompt.name",
    "setTrace.sessionId",
    "setTrace.tags.bad",
    "setTrace.metadata",
    "end.endTime",
    "end.status",
    "end.statusMessage",
  ]);
});

test("a value with a then that is no promise reaches the app as it is, and the span ends", async () => {
  const odd = {
    // biome-ignore lint/suspicious/noThenProperty: it is what the test is about
    then() {
      throw new Error("no promise");
    },
  };
  expect(rivulet.withSpan("odd", () => odd)).toBe(odd);
  const tagged = { [Symbol.toStringTag]: "Generator" };
  expect(rivulet.withSpan("tagged", () => tagged)).toBe(tagged);
});

test("of misspelt names no more than 1,000 are reported", () => {
  const client = openClient();
  const names = Array.from({ length: 1_001 }, (_, index) => [`odd${index}`, 1]);
  client.rivulet.startSpan("odd", wrong(Object.fromEntries(names))).end();
  client.rivulet.startSpan("odder", wrong({ oddest: 1 })).end();
  expect(client.errors).toHaveLength(1_000);
});

test("a span cannot end as one that is in progress", async () => {
  const client = openClient();
  const span = client.rivulet.startSpan("ended");
  span.end(wrong({ status: "in_progress" }));
  expect((await client.spans(span.traceId))["ended"]?.status).toBe("ok");
  expect(client.errors.map(({ message }) => message.split(":")[0])).toEqual(["end.status"]);
});

test("usage without end is reported and left out", async () => {
  const client = openClient();
  const span = client.rivulet.startSpan("counted");
  span.setUsage({ inputTokens: Number.POSITIVE_INFINITY, outputTokens: 2 });
  span.end();
  expect((await client.spans(span.traceId))["counted"]?.usage).toEqual({
    outputTokens: 2,
    totalTokens: 2,
  });
  expect(client.errors.map(({ message }) => message.split(":")[0])).toEqual([
    "setUsage.inputTokens",
  ]);
});

test.each<[string, unknown]>([
  ["a number", 5],
  ["a text", "parent"],
  ["an object that ends", { end: () => undefined }],
  ["an object that ends, with other ids", { end: 1, traceId: "t", id: "s" }],
])("a span below %s is a root, which is kept", async (_what, parent) => {
  const client = openClient();
  const span = client.rivulet.startSpan("below", { parent: wrong(parent) });
  span.end();
  await client.rivulet.flush();
  expect(await client.rivulet.traces.get(span.traceId)).toMatchObject({ name: "below" });
  expect(client.errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^startSpan\.parent: must be /),
  ]);
});
