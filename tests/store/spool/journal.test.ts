import { setImmediate as nextTurn } from "node:timers/promises";
import { RivuletError } from "@rivulet/core";
import { aSpan } from "@rivulet/core/testing";
import type { SpanWrite } from "@rivulet/store";
import {
  createJournal,
  type JournalParts,
  metricsLine,
  NOTHING_TAKEN,
  type RecordSink,
  type SinkJournal,
  spanLine,
  type Taken,
  type Trouble,
} from "@rivulet/store/spool";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { linesOf } from "./spools.ts";

/** A journal whose sink, store and clock the test holds in its hands. */
interface TestJournal {
  readonly journal: SinkJournal;
  /** What the sink was given, call by call. */
  readonly writes: string[];
  readonly errors: Error[];
  /** The next calls of the sink go wrong like this. */
  readonly troubles: Trouble[];
  /** What the store will say that it has taken. */
  taken: Taken;
  /** The store has taken all that was written. */
  takeAll(): void;
  clock: number;
}

function aJournal(parts: Partial<JournalParts> = {}): TestJournal {
  let untaken: Taken = NOTHING_TAKEN;
  const test: TestJournal = {
    journal: undefined as never,
    writes: [],
    errors: [],
    troubles: [],
    taken: NOTHING_TAKEN,
    takeAll() {
      test.taken = untaken;
      untaken = NOTHING_TAKEN;
    },
    clock: 0,
  };
  const sink: RecordSink = {
    medium: "spool",
    write(lines) {
      test.writes.push(lines);
      const trouble = test.troubles.shift();
      untaken = {
        records: untaken.records + lines.split("\n").length - 1 - (trouble?.lostRecords ?? 0),
        bytes: untaken.bytes + Buffer.byteLength(lines) - (trouble?.lostBytes ?? 0),
        refused: 0,
      };
      return trouble;
    },
    end: (exitCode) => void test.writes.push(`exit ${exitCode}`),
    release: () => undefined,
  };
  const journal = createJournal({
    sink,
    limit: 1_000_000,
    durability: "tick",
    wrote: () => undefined,
    taken() {
      const { taken } = test;
      test.taken = NOTHING_TAKEN;
      return taken;
    },
    drained: async () => test.takeAll(),
    onError: (error) => void test.errors.push(error),
    now: () => test.clock,
    ...parts,
  });
  onTestFinished(() => journal.release());
  return Object.assign(test, { journal });
}

function append({ journal }: TestJournal, ...names: readonly string[]): boolean[] {
  return names.map((name) => journal.appendSpan(aSpan({ name })));
}

function troubleOf(lostRecords: number, lostBytes: number): Trouble {
  return { error: new RivuletError("store_unavailable", "no space"), lostRecords, lostBytes };
}

describe("a tick", () => {
  test("is written once, when the turn of the event loop ends", async () => {
    const wrote = vi.fn();
    const test = aJournal({ wrote });
    append(test, "a", "b");
    test.journal.appendMetrics({ runId: "r", points: [] });
    expect(test.writes).toEqual([]);
    await nextTurn();
    expect(test.writes).toEqual([linesOf("a", "b") + metricsLine({ runId: "r", points: [] })]);
    append(test, "c");
    await nextTurn();
    await nextTurn();
    expect(test.writes.slice(1)).toEqual([linesOf("c")]);
    expect(wrote).toHaveBeenCalledTimes(2);
  });

  test("that never ends is written with the first record that is made 250 ms after its oldest", () => {
    const test = aJournal();
    for (test.clock = 0; test.clock < 1_200; test.clock += 100) append(test, `at ${test.clock}`);
    expect(test.writes).toEqual([
      linesOf("at 0", "at 100", "at 200", "at 300"),
      linesOf("at 400", "at 500", "at 600", "at 700"),
      linesOf("at 800", "at 900", "at 1000", "at 1100"),
    ]);
  });

  test("is no older than 250 ms when it is exactly that old", () => {
    const test = aJournal();
    append(test, "a");
    test.clock = 250;
    append(test, "b");
    expect(test.writes).toEqual([]);
    test.clock = 250.001;
    append(test, "c");
    expect(test.writes).toEqual([linesOf("a", "b", "c")]);
  });

  test("is written before it ends when it has 64 KiB", () => {
    const test = aJournal();
    const half = "x".repeat(32 * 1024);
    append(test, half);
    expect(test.writes).toEqual([]);
    append(test, half, "rest");
    expect(test.writes).toEqual([linesOf(half, half)]);
  });

  test("is each record with durability span", () => {
    const test = aJournal({ durability: "span" });
    append(test, "a", "b");
    expect(test.writes).toEqual([linesOf("a"), linesOf("b")]);
  });

  test("is written by flush and by close", async () => {
    const test = aJournal();
    append(test, "a");
    await test.journal.flush();
    append(test, "b");
    test.journal.close();
    expect(test.writes).toEqual([linesOf("a"), linesOf("b")]);
  });
});

describe("room", () => {
  const size = linesOf("12345").length;

  test("is for so many bytes and not one more", () => {
    const test = aJournal({ limit: 3 * size });
    expect(append(test, "12345", "12345", "12345", "")).toEqual([true, true, true, false]);
    expect(test.journal.stats()).toEqual({
      appended: 3,
      dropped: 1,
      pendingBytes: 3 * size,
      medium: "spool",
    });
  });

  test("is told of when there is none: at the first record, then every ten seconds, and at the end", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const test = aJournal({ limit: 3 * size });
    const told = (): unknown => test.errors.splice(0).map(({ message }) => message);
    const why = `the store is lagging behind, and at most ${3 * size} bytes may wait for it (option journalBytes).`;
    append(test, "12345", "12345", "12345", "1", "2", "3");
    expect(told()).toEqual([`A record was dropped: ${why}`]);
    vi.advanceTimersByTime(9_999);
    append(test, "4");
    expect(told()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told()).toEqual([`3 records were dropped: ${why}`]);
    vi.advanceTimersByTime(10_000);
    expect(told()).toEqual([]);
    // Nothing was dropped for a while: the next one is news.
    append(test, "5", "6", "7");
    expect(told()).toEqual([`A record was dropped: ${why}`]);
    test.journal.close();
    expect(told()).toEqual([`2 records were dropped: ${why}`]);
    append(test, "8");
    vi.advanceTimersByTime(60_000);
    expect(told()).toEqual([]);
  });

  test("is counted in bytes as soon as the tick is written, whatever the language", async () => {
    const line = linesOf("日本語");
    const bytes = Buffer.byteLength(line);
    const test = aJournal({ limit: bytes + line.length - 1 });
    expect(append(test, "日本語")).toEqual([true]);
    expect(test.journal.stats().pendingBytes).toBe(bytes);
    await nextTurn();
    expect(test.journal.stats().pendingBytes).toBe(bytes);
    expect(append(test, "日本語")).toEqual([false]);
    expect(line.length).toBeLessThan(bytes);
  });

  test("comes back as the store takes what is written, for ever", async () => {
    const test = aJournal({ limit: 3 * size });
    for (let round = 0; round < 100; round++) {
      expect(append(test, "12345", "12345")).toEqual([true, true]);
      await nextTurn();
      test.takeAll();
    }
    expect(test.journal.stats()).toEqual({
      appended: 200,
      dropped: 0,
      pendingBytes: 0,
      medium: "spool",
    });
  });

  test("comes back when records are lost while they are written", async () => {
    const test = aJournal({ limit: 2 * size });
    for (let round = 0; round < 10; round++) {
      test.troubles.push(troubleOf(2, 2 * size));
      expect(append(test, "12345", "12345")).toEqual([true, true]);
      await nextTurn();
    }
    expect(test.journal.stats()).toMatchObject({ appended: 0, dropped: 20, pendingBytes: 0 });
  });

  test("comes back when what was written is not found any more, and then that is counted and said", async () => {
    const test = aJournal({ limit: 3 * size, drained: async () => undefined });
    append(test, "12345", "12345", "12345");
    await nextTurn();
    test.taken = { records: 1, bytes: size, refused: 0 };
    await Promise.all([test.journal.flush(), test.journal.flush()]);
    expect(test.journal.stats()).toMatchObject({ appended: 1, dropped: 2, pendingBytes: 0 });
    expect(test.errors.map(({ message }) => message)).toEqual([
      "2 records are lost: they were written, but their files have disappeared.",
    ]);
    expect(append(test, "12345", "12345", "12345")).toEqual([true, true, true]);
  });

  test("is none after close", () => {
    const test = aJournal();
    test.journal.close();
    expect(append(test, "a")).toEqual([false]);
    expect(test.journal.stats()).toMatchObject({ appended: 0, dropped: 1, pendingBytes: 0 });
  });
});

describe("each record is waiting, or in the store, or dropped", () => {
  test("while writing fails in part, the store refuses some, and some do not fit", async () => {
    const test = aJournal({ limit: 4_000 });
    const random = seeded(7);
    let tried = 0;
    let refused = 0;
    for (let round = 0; round < 500; round++) {
      const count = Math.floor(random() * 6);
      const names = Array.from({ length: count }, () => "x".repeat(Math.floor(random() * 300)));
      tried += count;
      const fitting = append(test, ...names).filter(Boolean).length;
      if (random() < 0.3 && fitting > 0) test.troubles.push(troubleOf(1, linesOf("").length));
      await nextTurn();
      test.troubles.length = 0;
      if (random() < 0.5) {
        test.takeAll();
        const { records, bytes } = test.taken;
        const some = Math.floor(random() * (records + 1));
        refused += some;
        test.taken = { records, bytes, refused: some };
      }
      const { appended, dropped } = test.journal.stats();
      expect(appended + dropped).toBe(tried);
    }
    await test.journal.flush();
    const { dropped, pendingBytes } = test.journal.stats();
    expect(pendingBytes).toBe(0);
    expect(dropped).toBeGreaterThan(refused);
    expect(refused).toBeGreaterThan(0);
  });

  test("and trouble is said when it begins, and again when it comes back", async () => {
    const test = aJournal();
    for (const lost of [0, 1, 1, 0, 1]) {
      if (lost > 0) test.troubles.push(troubleOf(1, linesOf("a").length));
      append(test, "a");
      await nextTurn();
    }
    expect(test.errors.map(({ message }) => message)).toEqual(["no space", "no space"]);
    expect(test.journal.stats()).toMatchObject({ appended: 2, dropped: 3 });
  });
});

test("lines that the store has taken twice are not set against those that it does not find later", async () => {
  const test = aJournal({ drained: async () => undefined });
  append(test, "a");
  await nextTurn();
  const bytes = linesOf("a").length;
  test.taken = { records: 2, bytes: 2 * bytes, refused: 0 };
  expect(test.journal.stats()).toMatchObject({ appended: 1, dropped: 0, pendingBytes: 0 });
  append(test, "b");
  await test.journal.flush();
  expect(test.journal.stats()).toMatchObject({ appended: 1, dropped: 1, pendingBytes: 0 });
});

describe("recording never throws", () => {
  const hostile = (): readonly unknown[] => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    const throwing = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("hostile");
        },
        get: () => {
          throw new Error("hostile");
        },
      },
    );
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    return [
      undefined,
      null,
      0,
      Number.NaN,
      10n,
      "text",
      "\ud800",
      "\n\u2028\0",
      Symbol("s"),
      () => 1,
      [],
      [1, undefined],
      new Date(Number.NaN),
      new Map([[{}, circle]]),
      circle,
      deep,
      throwing,
      revoked.proxy,
      {
        toJSON: () => {
          throw new Error("hostile");
        },
      },
      {
        get name() {
          throw new Error("hostile");
        },
      },
      { ["__proto__"]: 1, constructor: null },
      Object.create(null),
      new Proxy([], {
        get: () => {
          throw null;
        },
      }),
      {
        valueOf: () => {
          throw new Error("hostile");
        },
        toString: () => {
          throw new Error("hostile");
        },
      },
      "x".repeat(3_000_000),
    ];
  };

  test("whatever stands in a record, or in its place, and every line that is written is whole", async () => {
    const test = aJournal({ limit: 1e9 });
    let tried = 0;
    for (const value of hostile()) {
      for (const span of [
        value,
        aSpan({ input: value as never }),
        aSpan({ attributes: value as never, name: value as never }),
        aSpan({ events: [value] as never, id: value as never }),
      ]) {
        tried += 2;
        expect([true, false]).toContain(test.journal.appendSpan(span as SpanWrite));
        expect([true, false]).toContain(test.journal.appendMetrics(span as never));
      }
    }
    await test.journal.flush();
    const { appended, dropped } = test.journal.stats();
    expect(appended + dropped).toBe(tried);
    expect(appended).toBeGreaterThan(tried / 2);
    const lines = test.writes.join("").split("\n");
    expect(lines.pop()).toBe("");
    expect(lines).toHaveLength(appended);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ v: 1 });
  });

  test("when whoever is told of errors throws", () => {
    const test = aJournal({
      onError: () => {
        throw new Error("a listener's own");
      },
    });
    expect(test.journal.appendSpan(undefined as never)).toBe(false);
    expect(test.journal.stats().dropped).toBe(1);
  });

  test("and says what is no record", () => {
    const test = aJournal();
    expect(test.journal.appendSpan("text" as never)).toBe(false);
    expect(test.errors).toEqual([
      expect.objectContaining({
        code: "invalid_argument",
        message: "A record was dropped: its span is not an object.",
      }),
    ]);
  });
});

describe("the end of the process", () => {
  test("is listened for once, however many journals there are, and not when there are none", () => {
    const before = process.listenerCount("exit");
    const journals = Array.from({ length: 20 }, () => aJournal().journal);
    expect(process.listenerCount("exit")).toBe(before + 1);
    for (const journal of journals) journal.release();
    expect(process.listenerCount("exit")).toBe(before);
  });
});

test("a line is one JSON object with its version", () => {
  const span = aSpan({ name: "two\nlines" });
  expect(spanLine(span)).toBe(`{"v":1,"kind":"span","span":${JSON.stringify(span)}}\n`);
  const metrics = { runId: "r", points: [{ key: "k", value: 1, step: 0, timestamp: 5 }] };
  expect(metricsLine(metrics)).toBe(
    `{"v":1,"kind":"metrics","metrics":${JSON.stringify(metrics)}}\n`,
  );
});

/** Numbers from 0 to 1 that are the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
