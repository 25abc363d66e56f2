import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { JsonValue, Span } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { describe, expect, test } from "vitest";
import { aFolder, opened, openedNew } from "./folder.ts";

/** The nth of many spans, each a trace of its own. */
function nthSpan(index: number, fields: Partial<Span> = {}): Span {
  return aSpan({ traceId: hexId(index), id: hexId(index, 16), ...fields });
}

describe.each(["memory", "sqlite", "postgres"] as const)("the journal of %s:", (scheme) => {
  test("what does not fit its bound is dropped and counted, and the bound holds", async () => {
    // Less than what is written before the tick ends: until then nothing leaves the journal.
    const { store, errors } = await openedNew(scheme, { journalBytes: 60_000 });
    const input = "x".repeat(9_000);
    const taken = Array.from({ length: 30 }, (_, index) =>
      store.journal.appendSpan(nthSpan(index + 1, { input })),
    );
    const kept = taken.filter(Boolean).length;
    const stats = store.journal.stats();
    expect(kept).toBe(6);
    expect(stats).toMatchObject({ appended: 6, dropped: 24 });
    expect(stats.pendingBytes).toBeLessThanOrEqual(60_000);
    expect(errors.map(({ message }) => message)).toEqual([
      "A record was dropped: the store is lagging behind, and at most 60000 bytes may wait for it (option journalBytes).",
    ]);
    await store.journal.flush();
    expect(store.journal.stats()).toMatchObject({ appended: 6, dropped: 24, pendingBytes: 0 });
    expect(store.journal.appendSpan(nthSpan(99))).toBe(true);
    await store.journal.flush();
    expect((await store.traces.get(hexId(99)))?.spanCount).toBe(1);
  });

  test("each write of metrics to a run that is not there is dropped and counted", async () => {
    const { store } = await openedNew(scheme);
    const points = [{ key: "loss", value: 1, step: 0, timestamp: 0 }];
    for (let write = 1; write <= 3; write += 1) {
      store.journal.appendMetrics({ runId: "none", points });
    }
    await store.journal.flush();
    expect(store.journal.stats()).toMatchObject({ appended: 0, dropped: 3, pendingBytes: 0 });
  });

  test("keys of prototypes come back as they were, and change nothing else", async () => {
    const { store } = await openedNew(scheme);
    const own = <T extends JsonValue>(value: T): Readonly<Record<string, T>> =>
      JSON.parse(
        `{"__proto__": ${JSON.stringify(value)}, "constructor": ${JSON.stringify(value)}}`,
      );
    const attributes = own({ polluted: true });
    store.journal.appendSpan({
      ...aSpan({ attributes, input: attributes }),
      trace: { tags: own("t"), metadata: attributes },
    });
    await store.journal.flush();
    const metrics = ["__proto__", "constructor"].map((key) => ({
      key,
      value: 1,
      step: 0,
      timestamp: 0,
    }));
    await store.runs.create(aRun({ params: own("p"), tags: own("t") }));
    await store.runs.logBatch({ runId: aRun().id, metrics });

    const [span] = await store.traces.loadSpans(hexId(1));
    expect(JSON.stringify([span?.attributes, span?.input])).toBe(
      JSON.stringify([attributes, attributes]),
    );
    const trace = await store.traces.get(hexId(1));
    expect(JSON.stringify(trace?.tags)).toBe(JSON.stringify(own("t")));
    expect(JSON.stringify(trace?.metadata)).toBe(JSON.stringify(attributes));
    const run = await store.runs.get(aRun().id);
    expect(Object.entries(run?.params ?? {})).toEqual(Object.entries(own("p")));
    expect(Object.entries(run?.metrics ?? {})).toEqual(Object.entries(own(1)));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("a body comes back to the letter, also when it looks like our own references", async () => {
    const { store } = await openedNew(scheme);
    const message = { role: "user", content: "same words ".repeat(60) };
    const hash = "0".repeat(64);
    const input = {
      messages: [message, { "$rivulet:blob": hash }, message, { "$rivulet:escaped": { a: [1] } }],
      other: { "$rivulet:blob": hash, deep: [{ "$rivulet:escaped": {} }] },
    };
    const output = [[message, { role: "assistant", content: "y".repeat(2_000), tool_calls: [] }]];
    store.journal.appendSpan(nthSpan(1, { input, output }));
    store.journal.appendSpan(nthSpan(2, { input: { messages: [message] }, output }));
    await store.journal.flush();
    const [first] = await store.traces.loadSpans(hexId(1));
    expect([first?.input, first?.output]).toEqual([input, output]);
    await store.traces.delete([hexId(1)]);
    const [second] = await store.traces.loadSpans(hexId(2));
    expect([second?.input, second?.output]).toEqual([{ messages: [message] }, output]);
  });
});

describe.each(["memory", "sqlite", "postgres"] as const)(
  "the columns of a span in the journal of %s",
  (scheme) => {
    test.each<Partial<Span>>([
      { name: "two\u0002fields\nand\tlines", statusMessage: 'TypeError: "x"\n    at y.ts:1' },
      { name: '"quoted"', model: '"', provider: "null" },
      { name: "", model: "\\", statusMessage: "" },
      { name: "日本語 🦊 \u2028", model: "modèle" },
      { usage: { cacheReadTokens: 0 }, cost: 0, timeToFirstTokenMs: 0 },
      {
        usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3, reasoningTokens: 2 },
        cost: 1e-9,
      },
      { startTime: 0, endTime: 0.001 },
      { startTime: -1.5, endTime: 8_640_000_000_000_000 / 1_000 },
      {
        startTime: 1_764_120_000_123.456,
        endTime: 1_764_120_000_123.457,
        timeToFirstTokenMs: 0.001,
      },
      { prompts: [{ name: "a\u0001b", version: 1, alias: "c" }], experimentId: "no\u0002id" },
    ])("come back to the letter: %j", async (fields) => {
      const { store } = await openedNew(scheme);
      store.journal.appendSpan(nthSpan(1, fields));
      await store.journal.flush();
      const [span] = await store.traces.loadSpans(hexId(1));
      expect(span).toMatchObject(fields);
    });
  },
);

describe("the spool", () => {
  test("grows on the disk, not in memory, while another process holds the database", async () => {
    const path = join(await aFolder(), "stalled.db");
    const { store } = await opened(`sqlite:${path}`);
    const holder = new DatabaseSync(path, { timeout: 10_000 });
    holder.exec("BEGIN IMMEDIATE");
    const input = "x".repeat(10_000);
    const before = process.memoryUsage();
    for (let index = 1; index <= 3_000; index++) {
      store.journal.appendSpan(nthSpan(index, { input }));
    }
    const after = process.memoryUsage();
    const { appended, dropped, pendingBytes, medium } = store.journal.stats();
    expect({ appended, dropped, medium }).toEqual({ appended: 3_000, dropped: 0, medium: "spool" });
    expect(pendingBytes).toBeGreaterThan(29_000_000);
    // Strings that are garbage may still be there; the thirty megabytes that wait are not held.
    expect(after.external - before.external).toBeLessThan(5_000_000);
    holder.exec("ROLLBACK");
    holder.close();
    await store.journal.flush();
    expect(store.journal.stats()).toMatchObject({ dropped: 0, pendingBytes: 0 });
    expect((await store.traces.get(hexId(3_000)))?.spanCount).toBe(1);
  });

  test("of an ended process is taken over, once, without its torn last record", async () => {
    const folder = await aFolder();
    const url = `sqlite:${join(folder, "left.db")}`;
    const spool = join(folder, "left.db.spool");
    const { store: first } = await opened(url);
    first.journal.appendSpan(nthSpan(1, { usage: { totalTokens: 5 } }));
    // The record is in the file before the writer has seen them: as a killed process leaves them.
    const flushed = first.journal.flush();
    const [owner = ""] = await readdir(spool);
    const record = await readFile(join(spool, owner, "1.jsonl"), "utf8");
    await flushed;
    await first.close();

    const left = join(spool, "0123456789abcdef");
    await mkdir(left, { recursive: true });
    const lines = record.replaceAll(hexId(1), hexId(2));
    await writeFile(join(left, "1.jsonl"), lines + record.slice(0, 40));
    const { store, errors } = await opened(url);
    await store.journal.flush();
    expect((await store.traces.get(hexId(2)))?.usage).toEqual({ totalTokens: 5 });
    expect(store.journal.stats().dropped).toBe(1);
    expect(errors).toHaveLength(1);
    await store.close();

    const { store: again } = await opened(url);
    await again.journal.flush();
    expect((await again.traces.get(hexId(2)))?.spanCount).toBe(1);
    await again.close();
    expect(await readdir(folder)).toEqual(["left.db"]);
  });

  test("leaves a record that is damaged, and takes the others", async () => {
    const folder = await aFolder();
    const left = join(folder, "bad.db.spool", "0123456789abcdef");
    await mkdir(left, { recursive: true });
    const records = [
      "other",
      '{"v":1,"kind":"span","span":{"id":',
      '{"v":1,"kind":"other"}',
      '{"v":1,"kind":"metrics","metrics":{"runId":"none","points":[]}}',
    ];
    await writeFile(join(left, "1.jsonl"), `${records.join("\n")}\n`);
    const { store, errors } = await opened(`sqlite:${join(folder, "bad.db")}`);
    store.journal.appendSpan(nthSpan(1));
    await store.journal.flush();
    expect((await store.traces.get(hexId(1)))?.spanCount).toBe(1);
    expect(store.journal.stats().dropped).toBe(4);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining("is not valid JSON"),
      expect.stringContaining("Unexpected end of JSON input"),
      "An unreadable line of the spool was dropped: it is no record of a journal",
      'Metrics were dropped: no run has the id "none".',
    ]);
  });
});
