import { spawnSync } from "node:child_process";
import { join } from "node:path";
import {
  createRivulet,
  type FinishedSpan,
  openStore,
  type Rivulet,
  type SamplingStats,
  type Store,
  type TailSamplingOptions,
} from "@rivulet/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { aStoreUrl } from "../postgres/store-url.ts";
import { aFolder } from "../store/folder.ts";
import { NOON, openClient, type TestClient } from "./client.ts";

/** A client that decides as soon as a root ends. */
function openDeciding(
  tailSampling: TailSamplingOptions = {},
  options?: Parameters<typeof openClient>[1],
): TestClient {
  return openClient({ tailSampling: { waitMs: 0, ...tailSampling } }, options);
}

/** A client whose timers go when its clock goes. */
function openTimed(
  tailSampling: TailSamplingOptions = {},
): TestClient & { pass(milliseconds: number): void } {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const client = openClient({ tailSampling, abandonAfterMs: 120_000 });
  const pass = (milliseconds: number): void => {
    client.clock.advance(milliseconds);
    vi.advanceTimersByTime(milliseconds);
  };
  return { ...client, pass };
}

async function names(rivulet: Rivulet): Promise<readonly string[]> {
  await rivulet.flush();
  return (await rivulet.traces.search()).items.map(({ name }) => name).sort();
}

async function sampling(rivulet: Rivulet): Promise<SamplingStats> {
  return (await rivulet.stats()).sampling;
}

/** What was kept for which reason, and what was dropped, without zeros. */
async function decisions(rivulet: Rivulet): Promise<Readonly<Record<string, number>>> {
  const { keptTraces, droppedTraces } = await sampling(rivulet);
  const all = Object.entries({ ...keptTraces, dropped: droppedTraces });
  return Object.fromEntries(all.filter(([, count]) => count > 0));
}

interface Case {
  readonly what: string;
  readonly options?: TailSamplingOptions;
  readonly work: (client: TestClient) => unknown;
  readonly expected: Readonly<Record<string, number>>;
}

const CASES: readonly Case[] = [
  {
    what: "what went well is dropped",
    work: ({ rivulet }) => rivulet.withSpan("a", () => 1),
    expected: { dropped: 1 },
  },
  {
    what: "a failure below the root is kept, though the app went on",
    work: ({ rivulet }) =>
      rivulet.withSpan("a", () => rivulet.startSpan("b").end({ error: new Error("no") })),
    expected: { error: 1 },
  },
  {
    what: "failures do not count where errors is false",
    options: { errors: false },
    work: ({ rivulet }) => rivulet.startSpan("a").end({ status: "error" }),
    expected: { dropped: 1 },
  },
  {
    what: "what took longer is kept, what took just as long is not",
    options: { slowerThanMs: 500 },
    work: ({ rivulet, clock }) => {
      for (const milliseconds of [500, 500.001]) {
        rivulet.withSpan("a", () => clock.advance(milliseconds));
      }
    },
    expected: { slow: 1, dropped: 1 },
  },
  {
    what: "the name at the end counts",
    options: { names: ["checkout*", "refund"] },
    work: ({ rivulet }) => {
      rivulet.startSpan("checkout/3").end();
      rivulet.withSpan("http", (span) => span.setName("refund"));
      rivulet.startSpan("refunds").end();
    },
    expected: { name: 2, dropped: 1 },
  },
  {
    what: "a rate keeps its share",
    options: { rate: 1 },
    work: ({ rivulet }) => rivulet.startSpan("a").end(),
    expected: { rate: 1 },
  },
  {
    what: "traces of runs are kept",
    work: ({ rivulet }) => rivulet.runs.with({ name: "r" }, () => rivulet.withSpan("a", () => 1)),
    expected: { run: 1 },
  },
  {
    what: "evaluations are kept whole",
    work: ({ rivulet }) => {
      const data = [{ inputs: "a" }, { inputs: "b" }];
      return rivulet.evaluate({ data, task: (text) => text, scorers: [] });
    },
    expected: { run: 2 },
  },
  {
    what: "a root that was given up is kept",
    work: ({ rivulet }) => rivulet.startSpan("a").end({ status: "abandoned" }),
    expected: { undecided: 1 },
  },
];

describe("at the end of a trace", () => {
  test.each(CASES)("$what", async ({ options, work, expected }) => {
    const client = openDeciding(options);
    await work(client);
    expect(await decisions(client.rivulet)).toEqual(expected);
    const { dropped = 0, ...kept } = expected;
    const count = Object.values(kept).reduce((sum, some) => sum + some, 0);
    expect(await names(client.rivulet)).toHaveLength(count);
    expect(dropped + count).toBeGreaterThan(0);
  });
});

const DRIVERS: readonly [string, () => Promise<string>][] = [
  ["memory", async () => "memory:"],
  ["sqlite", async () => `sqlite:${await aFolder()}/rivulet.db`],
  ["json", async () => `json:${await aFolder()}/project`],
  ["postgres", () => aStoreUrl()],
];

test.each(DRIVERS)("%s: what was written before the decision is removed", async (_name, url) => {
  const { rivulet, errors } = openDeciding({ scoresBelow: 0.5 }, { store: await url() });
  const input = { data: new Uint8Array(1_000), mediaType: "image/png" };
  const trace = async (name: string, score?: number): Promise<() => void> => {
    const root = rivulet.startSpan(name, { parent: null });
    rivulet.withSpan("step", () => undefined, { parent: root, input });
    if (score !== undefined) {
      await rivulet.traces.logFeedback({ traceId: root.traceId, name: "helpful", value: score });
    }
    return () => root.end();
  };
  const ends = [await trace("bare"), await trace("good", 0.5), await trace("bad", 0.4)];
  expect(await names(rivulet)).toEqual(["bad", "bare", "good"]);
  const { items } = await rivulet.traces.search();
  for (const end of ends) end();

  expect(await names(rivulet)).toEqual(["bad"]);
  const gone = items.find(({ name }) => name === "good")?.id ?? "";
  expect(await rivulet.traces.listAssessments({ traceIds: [gone] })).toEqual([]);
  await expect(rivulet.traces.listAttachments(gone)).rejects.toMatchObject({ code: "not_found" });
  expect(await decisions(rivulet)).toEqual({ score: 1, dropped: 2 });
  // PostgreSQL itself may be starting.
  expect(errors.filter(({ message }) => !message.startsWith("Still waiting"))).toEqual([]);
});

test("what waits is in memory only, and is all there once it is kept", async () => {
  // A root that is open for a tenth of a second is told of once more: to open the store can take as long.
  const { rivulet, spans } = openTimed({ waitMs: 0 });
  const input = { data: new Uint8Array(1_000), mediaType: "image/png" };
  const root = rivulet.startSpan("root", { input });
  rivulet.withSpan("step", () => "out", { parent: root });
  root.setInput(input);
  const held = await rivulet.stats();
  expect(held.journal.appended).toBe(0);
  expect(held.sampling).toMatchObject({ undecidedTraces: 1, heldBytes: 2_007 });

  root.end({ error: new Error("no") });
  expect(Object.keys(await spans(root.traceId)).sort()).toEqual(["root", "step"]);
  expect(await rivulet.traces.listAttachments(root.traceId)).toMatchObject([{ size: 1_000 }]);
  expect(await sampling(rivulet)).toMatchObject({ undecidedTraces: 0, heldBytes: 0 });
});

test("reading a trace that waits writes that one, and no other", async () => {
  const { rivulet } = openDeciding();
  const [one, other] = ["one", "other"].map((name) => {
    const root = rivulet.startSpan(name, { parent: null });
    rivulet.withSpan("step", () => undefined, { parent: root });
    return root;
  });
  expect(await rivulet.traces.get(one?.traceId ?? "")).toMatchObject({ name: "one" });
  expect((await rivulet.traces.search()).items.map(({ name }) => name)).toEqual(["one"]);
  other?.end();
  one?.end();
  expect(await names(rivulet)).toEqual([]);
});

test("more bytes than may wait are written, the oldest first, and removed if they are dropped", async () => {
  const { rivulet } = openDeciding({ maxBytes: 12_000 });
  const roots = ["first", "second"].map((name) => {
    const root = rivulet.startSpan(name, { parent: null });
    rivulet.withSpan("step", () => "x".repeat(8_000), { parent: root });
    return root;
  });
  const { journal, sampling: stats } = await rivulet.stats();
  expect([journal.appended, stats.heldBytes]).toEqual([1, 9_004]);
  for (const root of roots) root.end();
  expect(await names(rivulet)).toEqual([]);
  expect(await decisions(rivulet)).toEqual({ dropped: 2 });
});

test("what waits counts with its events, its reasons and what is said of its trace", async () => {
  const { rivulet } = openDeciding({ waitMs: 60_000 });
  rivulet.withSpan(
    "step",
    (span) => {
      for (let count = 0; count < 3; count++) span.addEvent("tick");
      span.end({ status: "cancelled", statusMessage: "x".repeat(500) });
    },
    { metadata: { about: "x".repeat(50_000) } },
  );
  expect((await sampling(rivulet)).heldBytes).toBe(1_002 + 3 * 200 + 500 + 50_025);
});

test("of more than 10000 undecided traces the oldest is kept", async () => {
  const { rivulet } = openDeciding();
  for (let index = 0; index <= 10_000; index++) rivulet.startSpan("root", { parent: null });
  expect(await sampling(rivulet)).toMatchObject({ undecidedTraces: 10_000 });
  expect(await decisions(rivulet)).toEqual({ undecided: 1 });
});

describe("news after the end of the root", () => {
  test("count for ten seconds", async () => {
    const { rivulet, pass } = openTimed();
    const roots = ["well", "fails late"].map((name) => rivulet.startSpan(name, { parent: null }));
    for (const root of roots) root.end();
    pass(9_999);
    expect(await sampling(rivulet)).toMatchObject({ undecidedTraces: 2 });
    rivulet.startSpan("behind", { parent: roots[1] }).end({ error: new Error("no") });
    pass(1);
    expect(await decisions(rivulet)).toEqual({ error: 1, dropped: 1 });
  });

  test("count no longer when the clock is set back", async () => {
    const { rivulet, clock, pass } = openTimed();
    const end = (): void => rivulet.startSpan("root", { parent: null }).end();
    end();
    pass(1_000);
    clock.advance(-3_600_000);
    end();
    pass(10_000);
    expect(await decisions(rivulet)).toEqual({ dropped: 2 });
  });

  test("do not bring back what was dropped, and are told so", async () => {
    const { rivulet } = openDeciding({ scoresBelow: 1 });
    const root = rivulet.startSpan("root");
    const behind = rivulet.startSpan("behind", { parent: root });
    root.end();
    behind.end({ error: new Error("no") });
    expect(await names(rivulet)).toEqual([]);
    expect(await sampling(rivulet)).toMatchObject({ lateSpans: 1, droppedTraces: 1 });
    const { traceId } = root;
    await expect(rivulet.traces.logFeedback({ traceId, value: 0 })).rejects.toThrow(
      `The trace "${traceId}" was not kept: sampling left it out (options sampleRate and tailSampling).`,
    );
  });

  test("belong to what was kept", async () => {
    const { rivulet, spans } = openDeciding({ names: ["root"] });
    const root = rivulet.startSpan("root");
    const behind = rivulet.startSpan("behind", { parent: root });
    root.end();
    behind.end();
    expect(Object.keys(await spans(root.traceId)).sort()).toEqual(["behind", "root"]);
  });

  test("a low score that another client stores counts until the trace is removed", async () => {
    const store = await openStore("memory:");
    const { rivulet } = openDeciding({ scoresBelow: 0.5 }, { store });
    const other = createRivulet({ store });
    onTestFinished(() => other.close());
    const root = rivulet.startSpan("judged elsewhere");
    await rivulet.flush();
    await other.traces.logFeedback({ traceId: root.traceId, value: false });
    root.end();
    expect(await names(rivulet)).toEqual(["judged elsewhere"]);
    expect(await decisions(rivulet)).toEqual({ score: 1 });
    const { traceId, id } = root;
    rivulet.startSpan("in another service", { parent: { traceId, id } }).end();
    await rivulet.flush();
    expect(await rivulet.traces.get(root.traceId)).toMatchObject({ spanCount: 2 });
  });

  test("bytes that come for what was dropped are not written", async () => {
    const store = await openStore("memory:");
    const files: number[] = [];
    const appendAttachment: typeof store.journal.appendAttachment = (file) => {
      files.push(file.content.byteLength);
      return store.journal.appendAttachment(file);
    };
    const { rivulet } = openDeciding(
      { names: ["kept"] },
      { store: { ...store, journal: { ...store.journal, appendAttachment } } },
    );
    for (const [name, size] of [
      ["dropped", 1_000],
      ["kept", 2_000],
    ] as const) {
      const root = rivulet.startSpan(name, { parent: null });
      const behind = rivulet.startSpan("behind", { parent: root });
      root.end();
      behind.end({ output: new Uint8Array(size) });
    }
    await rivulet.flush();
    expect(files).toEqual([2_000]);
  });

  test("what was dropped is removed a second later, after what is on its way to the store", async () => {
    const { journal, traces, ...others } = await openStore("memory:");
    const calls: string[] = [];
    const store: Store = {
      ...others,
      journal: {
        ...journal,
        flush: () => {
          calls.push("flush");
          return journal.flush();
        },
      },
      traces: {
        ...traces,
        delete: (ids) => {
          calls.push(`delete ${ids.length}`);
          return traces.delete(ids);
        },
      },
    };
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { rivulet } = openDeciding({}, { store });
    for (const name of ["one", "two"]) rivulet.startSpan(name, { parent: null }).end();
    await vi.advanceTimersByTimeAsync(999);
    expect(calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await vi.waitFor(() => expect(calls).toEqual(["flush", "delete 2"]));
  });
});

test("what is open when the client is closed is kept, what is over is decided about", async () => {
  const store = `sqlite:${await aFolder()}/rivulet.db`;
  const { rivulet } = openDeciding({ waitMs: 10_000 }, { store });
  const open = rivulet.startSpan("open");
  rivulet.withSpan("step", () => undefined, { parent: open });
  rivulet.startSpan("well", { parent: null }).end();
  rivulet.startSpan("well and written", { parent: null }).end();
  await rivulet.flush();
  rivulet.startSpan("well", { parent: null }).end();
  await rivulet.close();
  const next = createRivulet({ store });
  onTestFinished(() => next.close());
  expect(await names(next)).toEqual(["open"]);
});

test("the service where a trace began decides for all that share its store", async () => {
  const store = await openStore("memory:");
  const tracing = { tailSampling: { waitMs: 0 } };
  const [near, far] = [createRivulet({ store, tracing }), createRivulet({ store, tracing })];
  onTestFinished(async () => {
    await near.close();
    await far.close();
  });
  const call = async (name: string): Promise<void> => {
    const headers = near.traceHeaders();
    far.continueTrace(headers, `${name} there`, () => undefined);
    await far.flush();
    if (name === "bad") throw new Error("no");
  };
  await near.withSpan("good", () => call("good"));
  await near.withSpan("bad", () => call("bad")).catch(() => undefined);
  await near.flush();
  const { items } = await far.traces.search();
  expect(items).toMatchObject([{ name: "bad", spanCount: 2 }]);
  expect([await decisions(near), await decisions(far)]).toEqual([{ error: 1, dropped: 1 }, {}]);
});

describe("spans that were recorded elsewhere", () => {
  const trace = (digit: string, fields: Partial<FinishedSpan> = {}): FinishedSpan => ({
    traceId: digit.repeat(32),
    id: digit.repeat(16),
    name: `trace ${digit}`,
    startTime: NOON,
    endTime: NOON + 20,
    ...fields,
  });
  const childOf = (digit: string, fields: Partial<FinishedSpan> = {}): FinishedSpan =>
    trace(digit, { parentId: digit.repeat(16), id: "f".repeat(16), ...fields });

  test("are decided about at the end of the call that brings the root", async () => {
    const { rivulet } = openDeciding();
    const first = [childOf("1"), trace("2"), childOf("2", { status: "error" }), trace("3")];
    expect(await rivulet.traces.record(first)).toEqual({ recorded: 4, unsampled: 0, dropped: 0 });
    expect(await sampling(rivulet)).toMatchObject({ undecidedTraces: 1 });
    await rivulet.traces.record([trace("1")]);
    const late = await rivulet.traces.record([childOf("3"), childOf("2")]);
    expect(late).toEqual({ recorded: 1, unsampled: 1, dropped: 0 });
    expect(await names(rivulet)).toEqual(["trace 2"]);
    expect(await decisions(rivulet)).toEqual({ error: 1, dropped: 2 });
  });

  test("whose root does not come are written after a minute, and kept in the end", async () => {
    const { rivulet, pass } = openTimed();
    await rivulet.traces.record([childOf("1")]);
    pass(59_999);
    expect((await rivulet.stats()).journal.appended).toBe(0);
    pass(1);
    expect(await rivulet.stats()).toMatchObject({
      journal: { appended: 1 },
      sampling: { undecidedTraces: 1, heldBytes: 0 },
    });
    pass(60_000);
    expect(await decisions(rivulet)).toEqual({ undecided: 1 });
  });

  test("are waited for as long as there is news of their trace", async () => {
    const { rivulet, pass } = openTimed();
    await rivulet.traces.record([childOf("1")]);
    pass(40_000);
    await rivulet.traces.record([childOf("1", { id: "e".repeat(16) })]);
    pass(20_000);
    expect((await rivulet.stats()).journal.appended).toBe(0);
    pass(60_000);
    expect((await rivulet.stats()).journal.appended).toBe(2);
  });
});

test.each([
  ["exit", ["failed", "flushed", "step of open"]],
  ["kill", ["failed", "flushed"]],
])("a process that ends by %s leaves %j", async (end, expected) => {
  const store = `sqlite:${await aFolder()}/rivulet.db`;
  const child = join(import.meta.dirname, "children/undecided.ts");
  const args = ["--conditions=@rivulet/source", child, store, end];
  const { stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(stderr).toBe("");
  const rivulet = createRivulet({ store });
  onTestFinished(() => rivulet.close());
  await rivulet.flush();
  await vi.waitFor(async () => expect(await names(rivulet)).toEqual(expected), 5_000);
});
