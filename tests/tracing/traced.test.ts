import { expect, test } from "vitest";
import { openFileClient } from "./client.ts";

const { rivulet, spans } = openFileClient();

test("records arguments and result of a function", async () => {
  let traceId = "";
  const add = rivulet.traced(function add(one: number, two: number): number {
    traceId = rivulet.activeSpan()?.traceId ?? "";
    return one + two;
  });
  expect(add(1, 2)).toBe(3);
  expect((await spans(traceId))["add"]).toMatchObject({ input: [1, 2], output: 3 });
});

test("records one argument as it is, under the name and type it is given", async () => {
  let traceId = "";
  const look = rivulet.traced(
    async (city: { name: string }) => {
      traceId = rivulet.activeSpan()?.traceId ?? "";
      return { city: city.name, degrees: 21 };
    },
    { name: "weather", type: "tool" },
  );
  await expect(look({ name: "Rome" })).resolves.toEqual({ city: "Rome", degrees: 21 });
  expect((await spans(traceId))["weather"]).toMatchObject({
    type: "tool",
    input: { name: "Rome" },
    output: { city: "Rome", degrees: 21 },
  });
});

test("keeps `this`", () => {
  const counter = {
    count: 2,
    next: rivulet.traced(function next(this: { count: number }) {
      return ++this.count;
    }),
  };
  expect(counter.next()).toBe(3);
});

test("follows an async generator to its end, with its work inside the span", async () => {
  let traceId = "";
  const stream = rivulet.traced(async function* stream(count: number) {
    for (let index = 0; index < count; index++) {
      traceId = rivulet.activeSpan()?.traceId ?? "";
      yield `token ${index}`;
    }
  });
  const tokens: string[] = [];
  for await (const token of stream(2)) {
    expect(rivulet.activeSpan()).toBeUndefined();
    tokens.push(token);
  }
  expect(tokens).toEqual(["token 0", "token 1"]);
  expect((await spans(traceId))["stream"]).toMatchObject({
    status: "ok",
    input: 2,
    output: ["token 0", "token 1"],
  });
});

test("passes what is sent and thrown into a generator on to it", () => {
  const echo = rivulet.traced(function* echo(): Generator<string, string, string> {
    const sent = yield "ready";
    try {
      yield `got ${sent}`;
    } catch (error) {
      yield `caught ${String(error)}`;
    }
    return "done";
  });
  const talk = echo();
  expect(talk.next("")).toEqual({ done: false, value: "ready" });
  expect(talk.next("a")).toEqual({ done: false, value: "got a" });
  expect(talk.throw("b")).toEqual({ done: false, value: "caught b" });
  expect(talk.next("")).toEqual({ done: true, value: "done" });
});

test("closes the generator and calls it cancelled when its consumer leaves", async () => {
  let traceId = "";
  let closed = false;
  const stream = rivulet.traced(async function* stream() {
    traceId = rivulet.activeSpan()?.traceId ?? "";
    try {
      yield 1;
      yield 2;
    } finally {
      closed = true;
    }
  });
  for await (const _item of stream()) break;
  expect(closed).toBe(true);
  expect((await spans(traceId))["stream"]).toMatchObject({ status: "cancelled", output: [1] });
});

test("lets a generator whose consumer leaves finish its cleaning before the consumer goes on", async () => {
  const steps: string[] = [];
  const stream = rivulet.traced(async function* stream() {
    try {
      yield 1;
    } finally {
      await new Promise(setImmediate);
      steps.push(`closed in ${rivulet.activeSpan()?.name}`);
    }
  });
  for await (const _item of stream()) break;
  steps.push("left");
  expect(steps).toEqual(["closed in stream", "left"]);
});

/** Answers `return()` with a value of its own, after one more item. */
function* stubborn(): Generator<string, string, string> {
  try {
    yield "first";
    return "never";
  } finally {
    const sent = yield "closing";
    // biome-ignore lint/correctness/noUnsafeFinally: it is what the test is about.
    return `closed by ${sent}`;
  }
}

async function* asyncStubborn(): AsyncGenerator<string, string, string> {
  const inner = stubborn();
  try {
    yield inner.next("").value;
    return "never";
  } finally {
    const sent = yield "closing";
    // biome-ignore lint/correctness/noUnsafeFinally: it is what the test is about.
    return `closed by ${sent}`;
  }
}

test("lets a generator answer its consumer's return() as it likes", async () => {
  const outer = rivulet.startSpan("outer");
  const talk = rivulet.runInSpan(outer, () => rivulet.traced(stubborn)());
  expect(talk.next("")).toEqual({ done: false, value: "first" });
  expect(talk.return("mine")).toEqual({ done: false, value: "closing" });
  expect(talk.next("me")).toEqual({ done: true, value: "closed by me" });
  expect(talk.next("")).toEqual({ done: true, value: undefined });
  expect((await spans(outer.traceId))["stubborn"]).toMatchObject({
    status: "cancelled",
    output: ["first", "closing"],
  });
});

test("lets an async generator answer its consumer's return() as it likes", async () => {
  const outer = rivulet.startSpan("outer");
  const talk = rivulet.runInSpan(outer, () => rivulet.traced(asyncStubborn)());
  await expect(talk.next("")).resolves.toEqual({ done: false, value: "first" });
  await expect(talk.return("mine")).resolves.toEqual({ done: false, value: "closing" });
  await expect(talk.next("me")).resolves.toEqual({ done: true, value: "closed by me" });
  expect((await spans(outer.traceId))["asyncStubborn"]).toMatchObject({
    status: "cancelled",
    output: ["first", "closing"],
  });
});

test("ends the span of a generator that is left before it began, and returns what its consumer gave", async () => {
  const outer = rivulet.startSpan("outer");
  const unread = rivulet.runInSpan(outer, () => rivulet.traced(stubborn)());
  expect(unread.return("mine")).toEqual({ done: true, value: "mine" });
  expect((await spans(outer.traceId))["stubborn"]).toMatchObject({ status: "cancelled" });
});

test("what is thrown into a generator that has ended changes nothing of its span", async () => {
  const outer = rivulet.startSpan("outer");
  const once = rivulet.traced(function* once() {
    yield 1;
  });
  const talk = rivulet.runInSpan(outer, once);
  expect([...talk]).toEqual([1]);
  expect(() => talk.throw(new Error("too late"))).toThrow("too late");
  expect((await spans(outer.traceId))["once"]).toMatchObject({ status: "ok", output: [1] });
});

test("a traced generator is one, and iterates over itself", () => {
  const talk = rivulet.traced(stubborn)();
  expect(Object.prototype.toString.call(talk)).toBe("[object Generator]");
  expect(talk[Symbol.iterator]()).toBe(talk);
});

test("hands on what a generator throws while its consumer leaves", async () => {
  const stream = rivulet.traced(async function* stream() {
    try {
      yield 1;
    } finally {
      await Promise.reject(new Error("the connection is gone"));
    }
  });
  const leave = async (): Promise<void> => {
    for await (const _item of stream()) break;
  };
  await expect(leave()).rejects.toThrow("the connection is gone");
});

test("keeps what a generator had yielded when it failed", async () => {
  const traceIds: string[] = [];
  const note = (): void => void traceIds.push(rivulet.activeSpan()?.traceId ?? "");
  const broken = (): never => {
    throw new Error("the connection is gone");
  };
  const read = rivulet.traced(function* read() {
    note();
    yield "Hel";
    broken();
  });
  const readLater = rivulet.traced(async function* read() {
    note();
    yield "Hel";
    broken();
  });
  expect(() => [...read()]).toThrow("the connection is gone");
  await expect(Array.fromAsync(readLater())).rejects.toThrow("the connection is gone");
  for (const traceId of traceIds) {
    expect((await spans(traceId))["read"]).toMatchObject({
      status: "error",
      statusMessage: "the connection is gone",
      output: ["Hel"],
    });
  }
  expect(traceIds).toHaveLength(2);
});

test("keeps the first 1000 items of a generator, and hands on all of them", async () => {
  const items = Array.from({ length: 1_500 }, (_, item) => item);
  const traceIds: string[] = [];
  const note = (): void => void traceIds.push(rivulet.activeSpan()?.traceId ?? "");
  const count = rivulet.traced(function* count() {
    note();
    yield* items;
  });
  const countLater = rivulet.traced(async function* count() {
    note();
    yield* items;
  });
  expect([...count()]).toEqual(items);
  const later: number[] = [];
  for await (const item of countLater()) later.push(item);
  expect(later).toEqual(items);
  expect(traceIds).toHaveLength(2);
  for (const traceId of traceIds) {
    expect((await spans(traceId))["count"]?.output).toEqual(items.slice(0, 1_000));
  }
});

test("records the error of a generator", async () => {
  let traceId = "";
  const stream = rivulet.traced(async function* stream() {
    traceId = rivulet.activeSpan()?.traceId ?? "";
    yield 1;
    throw new Error("cut off");
  });
  const read = async (): Promise<void> => {
    for await (const item of stream()) expect(item).toBe(1);
  };
  await expect(read()).rejects.toThrow("cut off");
  expect((await spans(traceId))["stream"]).toMatchObject({
    status: "error",
    statusMessage: "cut off",
  });
});

test("keeps an output that was set, and leaves an instance of a class alone", async () => {
  class Socket {
    readonly port = 80;
  }
  const traceId = rivulet.withSpan("outer", (outer) => {
    rivulet.withSpan("set", (span) => {
      span.setOutput("mine");
      return "result";
    });
    rivulet.withSpan("instance", () => new Socket());
    return outer.traceId;
  });
  const stored = await spans(traceId);
  expect(stored["set"]?.output).toBe("mine");
  expect(stored["instance"]?.output).toBeUndefined();
});
