import {
  type AbandonedEnd,
  type AbandonReason,
  type ActiveSpan,
  readFailure,
  type SpanWatch,
} from "@rivulet/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { NOON, openClient, type TestClient } from "./client.ts";

/** A client whose timers go when its clock goes. */
function openTimed(options: Parameters<typeof openClient>[0] = {}): TestClient & {
  pass(milliseconds: number): void;
} {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const client = openClient(options);
  return {
    ...client,
    pass(milliseconds) {
      client.clock.advance(milliseconds);
      vi.advanceTimersByTime(milliseconds);
    },
  };
}

interface WatchedCall {
  readonly span: ActiveSpan;
  readonly watch: SpanWatch;
  readonly ends: readonly (AbandonedEnd & { readonly reason: AbandonReason })[];
}

function watched({ rivulet }: TestClient, isWaiting?: () => boolean): WatchedCall {
  const span = rivulet.startSpan("call");
  const ends: (AbandonedEnd & { readonly reason: AbandonReason })[] = [];
  const watch = rivulet.watchSpan(span, {
    abandonAfterMs: 1_000,
    ...(isWaiting === undefined ? {} : { isWaiting }),
    onAbandoned(end, reason) {
      ends.push({ ...end, reason });
      span.end({ ...end, output: "half" });
    },
  });
  return { span, watch, ends };
}

test("a watched span without news is left at its last news, with what has come of it", async () => {
  const client = openTimed();
  const { span, watch, ends } = watched(client);
  client.pass(900);
  watch.touch();
  client.pass(1_000);
  expect(ends).toEqual([]);
  client.pass(501);
  expect(ends).toEqual([
    {
      status: "abandoned",
      statusMessage: "Its consumer left before the end.",
      endTime: NOON + 900,
      reason: "left",
    },
  ]);
  const { call } = await client.spans(span.traceId);
  expect(call).toMatchObject({ status: "abandoned", endTime: NOON + 900, output: "half" });
});

test("news of a span below, its start and its end among them, are news of those above it", () => {
  const client = openTimed();
  const { span, ends } = watched(client);
  for (let index = 0; index < 5; index++) {
    client.pass(800);
    client.rivulet.startSpan("step", { parent: span }).end();
  }
  expect(ends).toEqual([]);
  client.pass(1_600);
  expect(ends.map(({ endTime }) => endTime)).toEqual([NOON + 4_000]);
});

test("a span that waits for something is not left, however long it takes", () => {
  const client = openTimed();
  let waits = true;
  const { ends } = watched(client, () => waits);
  client.pass(100_000);
  expect(ends).toEqual([]);
  waits = false;
  client.pass(1_000);
  expect(ends).toHaveLength(1);
});

test("who was left comes back with news, and may be left again", () => {
  const client = openTimed();
  const { watch, ends } = watched(client);
  client.pass(2_000);
  watch.touch();
  client.pass(2_000);
  watch.stop();
  watch.stop();
  client.pass(2_000);
  expect(ends.map(({ endTime }) => endTime)).toEqual([NOON, NOON + 2_000]);
});

test("what is watched when the client is closed is stored with what has come of it", async () => {
  const client = openClient();
  const { span, ends } = watched(client);
  await client.rivulet.close();
  expect(ends).toMatchObject([{ reason: "closed", endTime: NOON }]);
  expect(span.ended).toBe(false);
});

test("at most 10000 spans are watched over, also of a client whose tracing is off: of more the oldest is left", () => {
  const client = openClient({ enabled: false });
  const first = watched(client);
  for (let index = 0; index < 10_000; index++) watched(client);
  expect(first.ends).toMatchObject([{ reason: "too_many" }]);
  expect(client.errors).toMatchObject([{ code: "limit_exceeded" }]);
});

test("a watcher that throws is reported, and the others are told", () => {
  const client = openTimed();
  const span = client.rivulet.startSpan("broken");
  client.rivulet.watchSpan(span, {
    abandonAfterMs: 1_000,
    onAbandoned() {
      throw new Error("broken watcher");
    },
  });
  const { ends } = watched(client);
  client.pass(2_000);
  expect(client.errors.map(({ message }) => message)).toEqual(["broken watcher"]);
  expect(ends).toHaveLength(1);
});

class APIUserAbortError extends Error {}
class QuotaError extends Error {}

test.each<[string, unknown, object]>([
  [
    "an error",
    new RangeError("too far"),
    { status: "error", type: "RangeError", message: "too far" },
  ],
  [
    "an error of a class of one's own",
    new QuotaError("full"),
    { status: "error", type: "QuotaError" },
  ],
  ["an error without a message", new TypeError(), { status: "error", message: "TypeError" }],
  [
    "an abort",
    new DOMException("stopped", "AbortError"),
    { status: "cancelled", message: "stopped" },
  ],
  ["an abort of a provider's client", new APIUserAbortError("x"), { status: "cancelled" }],
  ["LangGraph's abort", new Error("Abort"), { status: "cancelled" }],
  [
    "a timeout",
    new DOMException("late", "TimeoutError"),
    { status: "error", type: "TimeoutError" },
  ],
  ["a text", "broken", { status: "error", type: undefined, message: "broken" }],
  ["a provider's plain object", { type: "overloaded_error", message: "busy" }, { message: "busy" }],
  ["an object without a message", { code: 429 }, { message: '{"code":429}' }],
  [
    "an error whose message is an object",
    Object.assign(new Error("x"), { message: { code: 429 } }),
    { message: '{"code":429}' },
  ],
  [
    "an error whose message throws",
    Object.defineProperty(new RangeError("x"), "message", {
      get() {
        throw new Error("no message");
      },
    }),
    { status: "error", type: "RangeError", message: "RangeError" },
  ],
])("%s is read as what it is", (_what, thrown, expected) => {
  expect(readFailure(thrown)).toMatchObject(expected);
});

test("what is watched is left when the process has nothing more to do, which a closed client does not listen for", async () => {
  const client = openTimed();
  const listeners = process.listenerCount("beforeExit");
  const left = watched(client);
  const waiting = watched(client, () => true);
  expect(process.listenerCount("beforeExit")).toBe(listeners + 1);
  process.listeners("beforeExit").at(-1)?.(0);
  expect(left.ends).toMatchObject([{ reason: "left" }]);
  expect(waiting.ends).toEqual([]);
  await client.rivulet.close();
  expect(process.listenerCount("beforeExit")).toBe(listeners);
});

test("a span that is open keeps no process alive", () => {
  const timers = vi.spyOn(globalThis, "setTimeout");
  onTestFinished(() => timers.mockRestore());
  openClient().rivulet.startSpan("open");
  const isHeld = timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef());
  expect(isHeld).toContain(false);
  expect(isHeld).not.toContain(true);
});

test("no timer is set for longer than Node bears, which would end it at once", () => {
  const client = openClient({ enabled: false });
  const timers = vi.spyOn(globalThis, "setTimeout");
  onTestFinished(() => timers.mockRestore());
  const span = client.rivulet.startSpan("call");
  client.rivulet.watchSpan(span, { abandonAfterMs: 2 ** 40, onAbandoned: () => undefined }).touch();
  expect(timers.mock.calls.map(([, delay]) => delay)).toEqual([2 ** 31 - 1]);
});
