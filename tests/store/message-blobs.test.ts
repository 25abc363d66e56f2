import type { JsonValue } from "@rivulet/core";
import { aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aBackend, aDatabase, backendOver, take } from "./a-backend.ts";

/** Longer than what is kept in place. */
const LONG = "word ".repeat(500);
const conversation = [
  { role: "system", content: LONG },
  { role: "user", content: LONG.toUpperCase() },
];

test("a message that two traces share is stored once, and stays while one of them is there", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  const first = aSpan({ input: { messages: conversation } });
  const second = aSpan({ traceId: hexId(2), input: { messages: conversation.slice(0, 1) } });
  await take(backend, first, second);
  const stored = async (): Promise<number> => (await database.all("SELECT hash FROM blobs")).length;
  expect(await stored()).toBe(2);

  await backend.entities.traces.delete([first.traceId]);
  expect(await backend.entities.traces.loadSpans(second.traceId)).toEqual([second]);
  expect(await stored()).toBe(1);
  await backend.entities.traces.delete([second.traceId]);
  expect(await stored()).toBe(0);
});

const lookalikes: readonly (readonly [string, JsonValue])[] = [
  ["a reference", { "$rivulet:blob": "ab".repeat(32) }],
  ["an escape", { "$rivulet:escaped": { a: 1 } }],
  ["a reference inside an escape", { "$rivulet:escaped": { "$rivulet:blob": "x" } }],
  ["text with the mark", "$rivulet:blob"],
];

test.each(lookalikes)("data of a user that looks like %s comes back equal", async (_, data) => {
  const backend = await aBackend();
  const nested = { messages: [...conversation, { role: "tool", content: [data, { deep: data }] }] };
  const spans = [
    aSpan({ input: data, output: { nested: [data] } }),
    aSpan({ id: hexId(2, 16), input: nested, output: [data, LONG] }),
  ];
  await take(backend, ...spans);
  expect(await backend.entities.traces.loadSpans(hexId(1))).toEqual(spans);
});

test("a conversation beside data that looks like an escape comes back equal", async () => {
  const backend = await aBackend();
  const input = { messages: conversation, "$rivulet:escaped": { a: 1 } };
  const span = aSpan({ input, output: { messages: conversation, "$rivulet:blob": "x" } });
  await take(backend, span);
  expect(await backend.entities.traces.loadSpans(span.traceId)).toEqual([span]);
});

test("a reference to a message of somebody else's trace is the user's own data", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  await take(backend, aSpan({ input: { messages: conversation } }));
  const [row] = await database.all("SELECT hash FROM blobs");
  const stolen = aSpan({ id: hexId(3, 16), input: { "$rivulet:blob": String(row?.["hash"]) } });
  await take(backend, stolen);
  expect(await backend.entities.traces.getSpan({ traceId: hexId(1), spanId: stolen.id })).toEqual(
    stolen,
  );
});

test("a conversation survives that its span is written again without it", async () => {
  const backend = await aBackend();
  const { output: _none, ...start } = aSpan({ input: { messages: conversation } });
  await take(backend, start);
  await take(backend, aSpan({ output: { messages: conversation } }));
  expect(await backend.entities.traces.loadSpans(hexId(1))).toEqual([
    aSpan({ input: { messages: conversation }, output: { messages: conversation } }),
  ]);
  expect(await backend.entities.traces.get(hexId(1))).toMatchObject({
    inputPreview: LONG.toUpperCase().slice(0, 1000),
  });
});
