import { aRun, aSpan, BUILT_AT, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aBackend, aDatabase, type Backend, backendOver, backendsOf } from "./a-backend.ts";

type SpanRecord = ReturnType<typeof aSpan>;

const LOST = { status: "killed", message: "the process was killed" } as const;
const GONE = "Its process ended, or its client was closed, before the span did.";
const TRACE = hexId(1);
const ROOT = hexId(1, 16);
const CHILD = hexId(2, 16);

/** A span that has not ended. */
function begun(changes: Partial<SpanRecord> = {}): SpanRecord {
  const { endTime: _end, ...span } = aSpan(changes);
  return { ...span, status: "in_progress" };
}

const child = (changes: Partial<SpanRecord> = {}): Partial<SpanRecord> => ({
  id: CHILD,
  parentId: ROOT,
  startTime: BUILT_AT + 5,
  ...changes,
});

async function record(backend: Backend, owner: string, ...spans: SpanRecord[]): Promise<void> {
  const records = spans.map((span) => ({ kind: "span", span }) as const);
  expect((await backend.take({ owner, records })).refused).toEqual([]);
}

async function statesOf(backend: Backend, traceId = TRACE): Promise<unknown> {
  const trace = await backend.entities.traces.get(traceId);
  const spans = await backend.entities.traces.listSpans(traceId);
  return [trace?.status, ...spans.map(({ status }) => status)];
}

test("a span in progress is abandoned at once when its engine is gone, and says why", async () => {
  const backend = await aBackend();
  await record(backend, "a", begun(), aSpan(child({ endTime: BUILT_AT + 9 })));
  expect(await backend.owners.list()).toMatchObject([{ owner: "a" }]);
  await backend.owners.release("a", LOST);
  expect(await statesOf(backend)).toEqual(["abandoned", "abandoned", "ok"]);
  expect(await backend.entities.traces.getSpan({ traceId: TRACE, spanId: ROOT })).toMatchObject({
    statusMessage: GONE,
    endTime: BUILT_AT + 9,
  });
  expect(await backend.entities.traces.get(TRACE)).toMatchObject({ endTime: BUILT_AT + 9 });
  expect(await backend.owners.list()).toEqual([]);
});

test("spans of other engines go on, and so does a trace that one of them has open", async () => {
  const backend = await aBackend();
  await record(backend, "a", begun());
  await record(backend, "b", begun(child()));
  await backend.owners.release("b", LOST);
  expect(await statesOf(backend)).toEqual(["in_progress", "in_progress", "abandoned"]);
  await record(backend, "c", begun(child({ id: hexId(3, 16) })));
  await backend.owners.release("a", LOST);
  expect(await statesOf(backend)).toEqual(["in_progress", "abandoned", "abandoned", "in_progress"]);
  await backend.owners.release("c", LOST);
  expect(await statesOf(backend)).toEqual(["abandoned", "abandoned", "abandoned", "abandoned"]);
});

test("a span that has ended belongs to nobody", async () => {
  const backend = await aBackend();
  await record(backend, "a", begun());
  await record(backend, "a", aSpan());
  expect(await backend.owners.list()).toEqual([]);
  await backend.owners.release("a", LOST);
  expect(await statesOf(backend)).toEqual(["ok", "ok"]);
});

test("the end of a span whose engine comes back is the one that counts", async () => {
  const backend = await aBackend();
  await record(backend, "a", begun());
  await backend.owners.release("a", LOST);
  await record(backend, "a", aSpan());
  expect(await statesOf(backend)).toEqual(["ok", "ok"]);
});

test("spans that nobody owns are abandoned when they are old, with their traces; those of an engine are not", async () => {
  const backend = await aBackend();
  const { traces } = backend.entities;
  await record(backend, "", begun(), aSpan(child({ endTime: BUILT_AT + 9 })));
  await record(backend, "", begun({ traceId: hexId(2), startTime: BUILT_AT + 1000 }));
  await record(backend, "a", begun({ traceId: hexId(3) }));
  expect(await traces.closeAbandoned({ before: BUILT_AT + 500 })).toEqual([TRACE]);
  expect(await statesOf(backend)).toEqual(["abandoned", "abandoned", "ok"]);
  expect(await traces.get(TRACE)).toMatchObject({ endTime: BUILT_AT + 9 });
  expect(await statesOf(backend, hexId(2))).toEqual(["in_progress", "in_progress"]);
  expect(await statesOf(backend, hexId(3))).toEqual(["in_progress", "in_progress"]);
  expect(await traces.closeAbandoned({ before: BUILT_AT + 500 })).toEqual([]);
});

test("a trace is as old as its last news, in whatever order they come", async () => {
  const backend = await aBackend();
  const late = aSpan(child({ endTime: BUILT_AT + 1000 }));
  const early = aSpan(child({ id: hexId(3, 16), endTime: BUILT_AT + 9 }));
  await record(backend, "", begun(), late, early);
  const { traces } = backend.entities;
  expect(await traces.closeAbandoned({ before: BUILT_AT + 1000 })).toEqual([]);
  expect(await traces.closeAbandoned({ before: BUILT_AT + 1001 })).toEqual([TRACE]);
});

test("a span of an engine stays open in an old trace whose other spans nobody owns", async () => {
  const backend = await aBackend();
  await record(backend, "", begun());
  await record(backend, "a", begun(child()));
  expect(await backend.entities.traces.closeAbandoned({ before: BUILT_AT + 500 })).toEqual([TRACE]);
  expect(await statesOf(backend)).toEqual(["in_progress", "abandoned", "in_progress"]);
});

test("a trace that is deleted leaves nothing of its open spans", async () => {
  const backend = await aBackend();
  await record(backend, "a", begun());
  await backend.entities.traces.delete([TRACE]);
  expect(await backend.owners.list()).toEqual([]);
});

test("an engine is heard of when it begins a span", async () => {
  const backend = await aBackend();
  await record(backend, "a", begun());
  const [owner] = await backend.owners.list();
  expect(owner?.silentMs).toBeLessThan(60_000);
});

test("a trace that ends with its engine is told to everybody", async () => {
  const [writer, watcher] = await backendsOf("writer", "watcher");
  await writer?.take({ owner: "a", records: [{ kind: "span", span: begun() }] });
  await watcher?.changes.poll("watcher");
  await writer?.owners.release("a", LOST);
  expect(await watcher?.changes.poll("watcher")).toEqual([{ entity: "trace", ids: [TRACE] }]);
});

test("engines that have been gone for a week are forgotten", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  const rows = async (table: string): Promise<unknown> =>
    database.all(`SELECT * FROM ${table}`).then((found) => found.length);
  await backend.entities.runs.create({ ...aRun(), owner: "a" });
  await backend.owners.beat("idle");
  await backend.owners.release("a", LOST);
  await backend.owners.release("b", LOST);
  expect([await rows("run_owners"), await rows("owners")]).toEqual([1, 1]);
  const week = 7 * 24 * 3_600_000_000 + 1;
  await database.run(`UPDATE run_owners SET gone_us = gone_us - ${week}`);
  await database.run(`UPDATE owners SET seen_us = seen_us - ${week}`);
  await backend.owners.release("b", LOST);
  expect([await rows("run_owners"), await rows("owners")]).toEqual([0, 0]);
});
