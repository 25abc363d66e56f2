import { expect, test } from "vitest";
import { openFileClient } from "./client.ts";

const { rivulet, spans } = openFileClient();

/** A value that throws at any look. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

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
