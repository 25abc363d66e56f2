import { LIMITS } from "@rivulet/domain";
import { expect, test } from "vitest";
import { openClient } from "./client.ts";

test("a mask that returns a promise is an error, and what it was for is masked whole", async () => {
  const { rivulet, errors, spans } = openClient({
    mask: ((value: unknown, { key }: { key: string }) =>
      key === "card" ? Promise.reject(new Error("later")) : value) as never,
  });
  const span = rivulet.startSpan("pay", { input: { card: "4111", amount: 5 } });
  span.end();
  expect((await spans(span.traceId))["pay"]?.input).toEqual({
    card: "[masked: the mask returned a promise]",
    amount: 5,
  });
  expect(errors.map(({ message }) => message)).toEqual([
    "The mask returned a promise. It must return the value itself: what is recorded does not wait.",
    "later",
  ]);
  expect((await rivulet.stats()).mask).toEqual({ overruns: 0, failures: 1, isOff: false });
});

test("whatever a mask throws or returns, recording goes on, and what takes long to read is reported", async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const circular: Record<string, unknown> = { name: "Ada" };
  circular["self"] = circular;
  const answers: Record<string, () => unknown> = {
    symbol: () => {
      throw Symbol("no");
    },
    proxy: () => {
      throw proxy;
    },
    nothing: () => undefined,
    bigint: () => 10n,
    circular: () => circular,
    huge: () => "x".repeat(9 * LIMITS.spanBytes),
    slow: () => ({
      get age() {
        clock.advance(51);
        return 36;
      },
    }),
  };
  const { rivulet, clock, spans } = openClient({
    mask: ((value: unknown, { key }: { key: string }) =>
      (answers[key] ?? (() => value))()) as never,
  });
  const names = Object.keys(answers);
  const input = Object.fromEntries(names.map((name) => [name, "secret"]));
  const span = rivulet.startSpan("odd", { input });
  span.end();
  expect((await spans(span.traceId))["odd"]?.input).toEqual({
    symbol: "[masked: the mask threw]",
    proxy: "[masked: the mask threw]",
    nothing: null,
    bigint: "10",
    circular: { name: "Ada", self: "[circular]" },
    huge: expect.stringContaining("characters left out"),
    // It was the third within a minute.
    slow: { age: "[masked: the mask is off]" },
  });
  expect((await rivulet.stats()).mask).toEqual({ overruns: 1, failures: 2, isOff: true });
});

test("a mask may change what it was given, and put anything into it", async () => {
  const { rivulet, spans } = openClient({
    mask: (value) => {
      const given = value as Record<string, unknown> | null;
      if (given === null || typeof given !== "object" || !("fill" in given)) return value;
      delete given["fill"];
      given["password"] = undefined;
      Object.assign(given, {
        when: new Date(0),
        map: new Map([["a", 1n]]),
        big: 10n,
        list: [undefined],
      });
      given["broken"] = Object.defineProperty({}, "a", {
        enumerable: true,
        get: () => {
          throw new Error("no");
        },
      });
      return value;
    },
  });
  const span = rivulet.startSpan("odd", { input: { fill: true, password: "p" } });
  span.end();
  const filled = {
    when: "1970-01-01T00:00:00.000Z",
    map: { a: "1" },
    big: "10",
    list: [null],
    broken: "[masked: the mask threw]",
  };
  expect((await spans(span.traceId))["odd"]?.input).toEqual(filled);
  await rivulet.traces.logFeedback({
    traceId: span.traceId,
    name: "note",
    value: true,
    metadata: { fill: true },
  });
  const [note] = await rivulet.traces.listAssessments({ traceIds: [span.traceId] });
  expect(note?.metadata).toEqual(filled);
  expect((await rivulet.stats()).mask).toEqual({ overruns: 0, failures: 2, isOff: false });
});

test("what a mask of texts throws on, or makes of a text that is none, is masked whole", async () => {
  const { rivulet, clock, errors, spans } = openClient({
    maskText: [
      (text) => {
        if (text === "a") throw new Error("no a");
        if (text === "b") return 5 as never;
        return text === "c" ? (Promise.reject(new Error("later")) as never) : text;
      },
      (text) => text.toLowerCase(),
    ],
  });
  const input = async (given: unknown) => {
    const span = rivulet.startSpan("letters", { input: given });
    span.end();
    return Object.values(await spans(span.traceId))[0]?.input;
  };
  const THREW = "[masked: a text mask threw]";
  expect(await input(["a", "D", 1])).toEqual([THREW, "d", 1]);
  clock.advance(60_000);
  // The one before was more than a minute ago.
  expect(await input(["b", "c", "d"])).toEqual([THREW, THREW, "d"]);
  const said = [
    "no a",
    "A mask of texts returned something else than a text. It must return the text itself: what is recorded does not wait.",
    "later",
  ];
  expect(errors.map(({ message }) => message)).toEqual(said);
  // The third within a minute is the end, for the whole value.
  const OFF = "[masked: the text masks are off]";
  expect(await input(["d", "a", "d"])).toBe(OFF);
  expect(await input({ b: 5 })).toBe(OFF);
  expect(await input(5)).toBe(5);
  expect((await rivulet.stats()).maskText).toEqual({ overruns: 0, failures: 4, isOff: true });
  expect(errors.slice(said.length).map(({ message }) => message)).toEqual([
    "no a",
    "The text masks are off: 3 calls failed or took too long within a minute. What was to be masked is masked whole until the process starts anew.",
  ]);
});
