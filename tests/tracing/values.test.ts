import { LIMITS } from "@rivulet/core";
import { expect, test } from "vitest";
import { openFileClient } from "./client.ts";

const { rivulet, spans, errors } = openFileClient();

async function store(value: unknown): Promise<unknown> {
  const span = rivulet.startSpan("value", { input: { value } });
  span.end();
  const stored = (await spans(span.traceId))["value"]?.input as { value?: unknown };
  expect(errors).toEqual([]);
  return stored.value;
}

class Point {
  readonly x = 1;
  readonly y = 2;
}

const withJson = { toJSON: () => ({ id: "message", content: "Hi" }) };

test.each([
  ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
  ["a date that is none", new Date(Number.NaN), "[invalid Date]"],
  ["a big integer", 12n, "12"],
  ["a number that is none", Number.NaN, "NaN"],
  ["an infinite number", Number.NEGATIVE_INFINITY, "-Infinity"],
  ["a map", new Map([["a", 1]]), { a: 1 }],
  ["a map with other keys", new Map([[1, "a"]]), [[1, "a"]]],
  ["a set", new Set(["a", "b"]), ["a", "b"]],
  ["bytes", Buffer.from("abc"), { type: "media", kind: "document", data: "YWJj", size: 3 }],
  [
    "an array buffer",
    new ArrayBuffer(3),
    { type: "media", kind: "document", data: "AAAA", size: 3 },
  ],
  ["a vector", new Float32Array([0.5, 1]), [0.5, 1]],
  ["a function", function search() {}, "[function search]"],
  ["a symbol", Symbol("mark"), "Symbol(mark)"],
  ["a promise", Promise.resolve(1), "[Promise]"],
  ["a pattern", /a+/g, "/a+/g"],
  ["an address", new URL("https://example.org/a"), "https://example.org/a"],
  ["headers", new Headers({ accept: "text/html" }), { accept: "text/html" }],
  ["an instance", new Point(), { x: 1, y: 2 }],
  ["an object that says its JSON", withJson, { id: "message", content: "Hi" }],
  ["nothing in a list", [undefined, 1], [null, 1]],
  [
    "an own field named __proto__",
    JSON.parse('{"__proto__":{"admin":true}}'),
    JSON.parse('{"__proto__":{"admin":true}}'),
  ],
])("keeps %s readable", async (_name, value, expected) => {
  expect(await store(value)).toEqual(expected);
});

const filler = "as long as it takes to be stored beside its JSON ";

test.each([
  ["line breaks, tabs and quotation marks", 'a "b"\n\t\\c'],
  ["control characters", "\u0000\u0001\u0002\u001f\u007f"],
  ["characters of other scripts", "ä ß 漢字 \u{1F600} \uFFFD \uFEFF"],
  ["half characters", "\uD800 and \uDC00"],
])("keeps %s to the letter, in short strings, long ones and names", async (_name, text) => {
  const long = `${text}${filler}${text}`;
  const value = { [text]: [text, long, { [long]: long, text }], end: [`"${text}`, `${text}"`] };
  expect(await store(value)).toEqual(value);
});

test("keeps the long strings in their places when a field between them cannot be read", async () => {
  const trap = {
    before: `${filler}2`,
    get field(): never {
      throw new Error("locked");
    },
  };
  expect(await store([`${filler}1`, trap, `${filler}3`])).toEqual([
    `${filler}1`,
    "[unreadable: locked]",
    `${filler}3`,
  ]);
});

test("keeps the latest of attributes that are set again, and the others", async () => {
  const span = rivulet.startSpan("twice", {
    attributes: { a: 1, b: `${filler}1`, none: undefined },
  });
  span.setAttributes({});
  span.setAttributes({ c: `${filler}2` });
  span.setAttributes({ b: 2, d: { deep: filler } });
  span.end();
  expect((await spans(span.traceId))["twice"]?.attributes).toEqual({
    a: 1,
    b: 2,
    c: `${filler}2`,
    d: { deep: filler },
  });
});

test("keeps an error with its message, stack and cause", async () => {
  const error = new RangeError("too far", { cause: new Error("why") });
  expect(await store(error)).toMatchObject({
    name: "RangeError",
    message: "too far",
    stack: error.stack,
    cause: { message: "why" },
  });
});

test("marks circles, unreadable fields and endless depth", async () => {
  const circle: Record<string, unknown> = { name: "loop" };
  circle["self"] = circle;
  expect(await store(circle)).toEqual({ name: "loop", self: "[circular]" });

  const trap = {
    get field(): never {
      throw new Error("locked");
    },
  };
  expect(await store({ trap })).toEqual({ trap: "[unreadable: locked]" });

  let deep: unknown = "end";
  for (let level = 0; level < 10_000; level++) deep = [deep];
  expect(JSON.stringify(await store(deep))).toBe(
    // 64 levels with the object that `store` puts it into.
    `${"[".repeat(63)}"[left out: too deep]"${"]".repeat(63)}`,
  );
});

test("stores the same object twice when it stands in two places", async () => {
  const shared = { a: 1 };
  expect(await store([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
});

test("cuts long strings so that head and tail stay, and the span fits its limit", async () => {
  const text = `start ${"x".repeat(3 * LIMITS.spanBytes)} end`;
  const span = rivulet.startSpan("long", { input: { text, short: "kept" } });
  span.end({ output: "fine" });

  const { long } = await spans(span.traceId);
  const { text: cut, short } = (long?.input ?? {}) as Record<"text" | "short", string>;
  expect(cut.slice(0, 6)).toBe("start ");
  expect(cut.slice(-4)).toBe(" end");
  expect(cut).toContain(`[${text.length - 262_144} characters left out]`);
  expect(short).toBe("kept");
  expect(long?.output).toBe("fine");
});

test("cuts long lists when cutting strings is not enough", async () => {
  const messages = Array.from({ length: 3_000 }, (_, index) => ({
    index,
    content: "y".repeat(1_000),
  }));
  const list = (await store(messages)) as readonly unknown[];
  expect(list.length).toBe(501);
  expect(list.at(0)).toEqual(messages.at(0));
  expect(list.at(375)).toBe("[2500 left out]");
  expect(list.at(-1)).toEqual(messages.at(-1));
});

test("ends a list that is too long with a note", async () => {
  const list = (await store(Array.from({ length: 100_000 }, (_, index) => index))) as unknown[];
  expect(list.length).toBeLessThan(50_002);
  expect(list.at(-1)).toMatch(/^\[\d+ more\]$/);
});

test("ends an object that has too many fields with a note", async () => {
  const names = Array.from({ length: 100_000 }, (_, index) => `k${index}`);
  const stored = await store(Object.fromEntries(names.map((name) => [name, 1])));
  // The input and the object itself are values, too.
  const kept = names.slice(0, 50_000 - 1);
  expect(Object.keys(stored as object)).toEqual([...kept, "[50001 more]"]);
});

test("keeps a record whole whose parts are large together", async () => {
  const span = rivulet.startSpan("large");
  for (const letter of ["a", "b"]) {
    const names = Array.from({ length: 30_000 }, (_, index) => `${letter}${index}`);
    span.setTrace({ metadata: Object.fromEntries(names.map((name) => [name, 1])) });
  }
  span.linkPrompt({ name: "greet", version: 3 });
  span.end();
  expect((await spans(span.traceId))["large"]?.prompts).toEqual([{ name: "greet", version: 3 }]);
});

test("counts the events it left out", async () => {
  const span = rivulet.startSpan("busy");
  for (let index = 0; index < 1_005; index++) span.addEvent("token");
  span.end();
  const { busy } = await spans(span.traceId);
  expect(busy?.events.length).toBe(1_000);
  expect(busy?.attributes).toEqual({ "rivulet.droppedEvents": 5 });
});

test("counts the attributes that it left out, when it holds more than any store would keep", async () => {
  const span = rivulet.startSpan("heavy");
  for (const name of ["first", "second", "third"]) {
    span.setAttributes({ [name]: "x".repeat(900_000) });
  }
  span.setAttributes({ fourth: 4, fifth: 5 });
  span.setAttributes(undefined as never);
  span.end();
  const { heavy } = await spans(span.traceId);
  expect(heavy?.attributes).toMatchObject({ "rivulet.droppedAttributes": 2 });
  expect(Object.keys(heavy?.attributes ?? {})).toEqual([
    "first",
    "second",
    "third",
    "rivulet.droppedAttributes",
  ]);
});

test("cuts what is said of a trace to its limits, however it is said, and shows that", async () => {
  const span = rivulet.startSpan("labelled");
  for (let call = 0; call < 30; call++) {
    span.setTrace({ metadata: { [`note${call}`]: "x".repeat(10_000) } });
    const tags = Array.from({ length: 10 }, (_, index) => [`tag${call}.${index}`, "y"]);
    span.setTrace({ tags: Object.fromEntries(tags), runId: "r".repeat(1_000) });
  }
  span.end();
  const { labelled } = await spans(span.traceId);
  const trace = await rivulet.traces.get(span.traceId);
  expect(JSON.stringify(trace.metadata).length).toBeLessThan(LIMITS.metadataBytes);
  expect(Object.keys(trace.metadata)).toHaveLength(30);
  expect(trace.metadata["note0"]).toContain("characters left out");
  expect(Object.keys(trace.tags)).toHaveLength(LIMITS.traceTags);
  expect(labelled?.attributes).toEqual({ "rivulet.droppedTags": 200 });
  expect(trace.runId).toHaveLength(LIMITS.name + "… [750 characters left out] …".length);
});

test("metadata that cannot be cut to its limit is left out, and says so", async () => {
  const span = rivulet.startSpan("deep");
  const lists = Array.from({ length: 40 }, () => Array.from({ length: 1_000 }, () => ["a", "b"]));
  span.setTrace({ metadata: { lists: { lists, again: { lists, again: { lists } } } } });
  span.end();
  await spans(span.traceId);
  const { metadata } = await rivulet.traces.get(span.traceId);
  expect(JSON.stringify(metadata).length).toBeLessThan(LIMITS.metadataBytes);
});

test("cuts names that others have given", async () => {
  const span = rivulet.startSpan("names");
  const long = "n".repeat(1_000_000);
  span.setModel(long, long);
  span.linkPrompt({ name: long, version: 1, alias: long });
  span.end();
  const { names } = await spans(span.traceId);
  for (const name of [names?.model, names?.provider, names?.prompts?.[0]?.name]) {
    expect(name).toMatch(/^n{188}… \[999750 characters left out\] …n{62}$/);
  }
});

test("an attribute may be set again without end: only its last value is held", async () => {
  const span = rivulet.startSpan("progress");
  for (let step = 0; step < 100; step++) {
    span.setAttributes({ log: `${step} ${"x".repeat(100_000)}`, [`step${step % 2}`]: step });
  }
  span.end();
  const { progress } = await spans(span.traceId);
  expect(Object.keys(progress?.attributes ?? {})).toEqual(["log", "step0", "step1"]);
  expect(progress?.attributes["log"]).toMatch(/^99 x/);
  expect(progress?.attributes).toMatchObject({ step0: 98, step1: 99 });
});

test("of what is too large no more is looked at than a few times what is kept", async () => {
  const text = "x".repeat(1_000_000);
  let looks = 0;
  const field = {
    enumerable: true,
    get(): string {
      looks += 1;
      return `${looks}${text}`;
    },
  };
  const names = Array.from({ length: 1_000 }, (_, index) => `field${index}`);
  const huge = Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, field])));
  const stored = (await store(huge)) as Readonly<Record<string, string>>;
  expect(Object.keys(stored)).toHaveLength(501);
  expect(stored["[500 left out]"]).toBeNull();
  expect(stored["field0"]).toContain("characters left out");
  expect(JSON.stringify(stored).length).toBeLessThan(LIMITS.spanBytes);
  expect(looks).toBeLessThan(3_000);
});

test("an input and an output that are too large together are both cut", async () => {
  const span = rivulet.startSpan("both", { input: "i".repeat(700_000) });
  span.end({ output: "o".repeat(700_000) });
  const { both } = await spans(span.traceId);
  for (const [body, letter] of [
    [both?.input, "i"],
    [both?.output, "o"],
  ]) {
    expect(body).toContain("… [437856 characters left out] …");
    expect(String(body).at(-1)).toBe(letter);
  }
});

test("a credential in a text that is cut is hidden, also where it is cut", async () => {
  const key = `sk-${"k".repeat(40)}`;
  const head = 262_144 - 65_536;
  const parts = ["a".repeat(head - 21), key, "b".repeat(900_000), key, "c".repeat(65_536 - 20)];
  const text = (await store(parts.join(" "))) as string;
  expect(text).not.toContain("kkkkkkkkkkkk");
  expect(text).toContain("characters left out");
});
