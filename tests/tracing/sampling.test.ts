import type { SampleRate } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { openClient, type TestClient, testIds } from "./client.ts";

/** Ids of traces that end in these digits, in turn. */
function idsEnding(...ends: readonly string[]): ReturnType<typeof testIds> {
  let count = 0;
  return { ...testIds(), trace: () => (ends[count++ % ends.length] ?? "").padStart(32, "1") };
}

/** Digits whose traces any rate above 0 records, and those whose traces none below 1 does. */
const HIGH = "ffffffffffffff";
const LOW = "00000000000000";

async function names({ rivulet }: TestClient): Promise<readonly string[]> {
  await rivulet.flush();
  const { items } = await rivulet.traces.search({ orderBy: ["startTime ASC"] });
  return items.map(({ name }) => name).sort();
}

describe("at the start of a trace", () => {
  test("the last 56 bits of its id decide, the highest first, and its children follow", async () => {
    const ends = [LOW, "7fffffffffffff", "80000000000000", HIGH];
    const { rivulet } = openClient({ sampleRate: 0.5 }, { ids: idsEnding(...ends) });
    const kept: boolean[] = [];
    for (let index = 0; index < 4; index++) {
      rivulet.withSpan("root", (root) => {
        rivulet.withSpan("child", (child) => {
          expect(child.sampled).toBe(root.sampled);
          expect(child.traceId).toBe(root.traceId);
          kept.push(child.sampled);
        });
      });
    }
    await rivulet.flush();
    expect(kept).toEqual([false, false, true, true]);
    expect((await rivulet.traces.search()).items.map(({ spanCount }) => spanCount)).toEqual([2, 2]);
    expect((await rivulet.stats()).sampling.unsampledTraces).toBe(2);
  });

  test("of 1000 ids evenly spread, a rate records exactly its share, and all of a lower rate's", () => {
    let count = 0;
    const trace = (): string => {
      const part = Math.floor(((count++ + 0.5) * 2 ** 52) / 1_000);
      return `${part.toString(16).padStart(13, "0")}0`.padStart(32, "0");
    };
    const recorded = (sampleRate: number): readonly number[] => {
      count = 0;
      const { rivulet } = openClient({ sampleRate }, { ids: { ...testIds(), trace } });
      const all = Array.from({ length: 1_000 }, (_, index) => index);
      return all.filter(() => rivulet.startSpan("root").sampled);
    };
    const [one, ten, half] = [0.01, 0.1, 0.5].map(recorded);
    expect([one?.length, ten?.length, half?.length]).toEqual([10, 100, 500]);
    expect(ten?.filter((index) => one?.includes(index))).toEqual(one);
    expect(half?.at(0)).toBe(500);
  });

  test.each<[SampleRate, readonly string[]]>([
    [{ "GET /health": 0 }, ["GET /health/all", "POST /chat", "chat"]],
    [{ "GET /health*": 0, "*": 1 }, ["POST /chat", "chat"]],
    [{ chat: 1, "*": 0 }, ["chat"]],
    [{ "*chat*": 0, chat: 1 }, ["GET /health", "GET /health/all"]],
    [{ "POST *": 0.5, "*": 0 }, ["POST /chat"]],
    [{}, ["GET /health", "GET /health/all", "POST /chat", "chat"]],
  ])(
    "the first pattern that fits its name decides: %j records %j",
    async (sampleRate, expected) => {
      const ends = ["1", "2", "3", "4"].map((digit) => digit + HIGH);
      const client = openClient({ sampleRate }, { ids: idsEnding(...ends) });
      for (const name of ["GET /health", "GET /health/all", "POST /chat", "chat"]) {
        client.rivulet.withSpan(name, () => undefined);
      }
      expect(await names(client)).toEqual(expected);
    },
  );

  test.each<[pattern: string, left: readonly string[], recorded: readonly string[]]>([
    [`${"*a".repeat(30)}*b`, [`${"a".repeat(30)}b`], ["a".repeat(120), "b"]],
    ["ab*ba", ["abba", "ab\nba"], ["aba", "ab", "xabba"]],
    ["*.*", ["a.b", "."], ["ab"]],
    ["**", ["", "*"], []],
    ["(a", ["(a"], ["a"]],
  ])(
    "a name is compared with %j, however many ways to fit there are",
    (pattern, left, recorded) => {
      const { rivulet } = openClient({ sampleRate: { [pattern]: 0, "*": 1 } });
      const sampled = (name: string): boolean => rivulet.startSpan(name, { parent: null }).sampled;
      expect(left.map(sampled)).toEqual(left.map(() => false));
      expect(recorded.map(sampled)).toEqual(recorded.map(() => true));
    },
  );

  test("whole sessions are recorded or left out, in every process alike", async () => {
    const drawn = (): readonly string[] => {
      const { rivulet } = openClient({ sampleRate: 0.5, sampleBy: "session" });
      const sessions = Array.from({ length: 20 }, (_, index) => `chat-${index}`);
      return sessions.filter((sessionId) => {
        const turns = [
          rivulet.startSpan("turn", { sessionId }),
          rivulet.withTrace({ sessionId }, () => rivulet.startSpan("turn")),
          rivulet.startSpan("other", { sessionId }),
        ].map(({ sampled }) => sampled);
        expect(new Set(turns).size).toBe(1);
        return turns[0];
      });
    };
    const first = drawn();
    expect(first).toEqual(drawn());
    expect(first.length).toBe(12);
  });

  test("a trace of a run is always recorded", async () => {
    const { rivulet } = openClient({ sampleRate: 0 });
    const sampled = await rivulet.runs.with(
      { name: "run" },
      () => rivulet.startSpan("in it").sampled,
    );
    expect([sampled, rivulet.startSpan("outside").sampled]).toEqual([true, false]);
  });

  test("who calls has decided already: a traceparent's flag is followed, and told on", async () => {
    const { rivulet } = openClient({ sampleRate: 0 });
    const told = (flag: string, traceId = "a".repeat(32)): string | undefined => {
      const traceparent = `00-${traceId}-${"b".repeat(16)}-${flag}`;
      return rivulet.continueTrace({ traceparent }, "service", () => rivulet.traceHeaders())[
        "traceparent"
      ];
    };
    expect(told("00")).toBe(`00-${"a".repeat(32)}-${"b".repeat(16)}-00`);
    expect(told("00")).toBe(told("00"));
    expect((await rivulet.stats()).sampling.unsampledTraces).toBe(1);
    expect(told("01", "c".repeat(32))).toMatch(/-01$/);
    const own = rivulet.withSpan(
      "own",
      ({ traceId }) => [traceId, rivulet.traceHeaders()] as const,
    );
    expect(own[1]["traceparent"]).toMatch(new RegExp(`^00-${own[0]}-[0-9a-f]{16}-00$`));
  });

  test("leaves out what hangs under a parent that is not sampled", async () => {
    const { rivulet } = openClient();
    const parent = { traceId: "a".repeat(32), id: "b".repeat(16), sampled: false };
    const span = rivulet.startSpan("child", { parent });
    span.end();
    await rivulet.flush();
    expect(span.sampled).toBe(false);
    expect(await rivulet.traces.find(parent.traceId)).toBeUndefined();
  });

  test("spans from elsewhere go with what was decided about their trace here", async () => {
    const { rivulet } = openClient({ sampleRate: { left: 0, "*": 0.5 } }, { ids: idsEnding(HIGH) });
    const below = (traceId: string): Promise<{ readonly recorded: number }> => {
      const span = { traceId, id: "c".repeat(16), parentId: "b".repeat(16), name: "query" };
      return rivulet.traces.record([{ ...span, startTime: 1, endTime: 2 }]);
    };
    const followed = { traceId: LOW.padStart(32, "2"), id: "b".repeat(16) };
    rivulet.startSpan("service", { parent: followed }).end();
    const { traceId } = rivulet.startSpan("left");
    expect(await below(followed.traceId)).toMatchObject({ recorded: 1 });
    expect(await below(traceId)).toMatchObject({ recorded: 0, unsampled: 1 });
    expect(await below(LOW.padStart(32, "3"))).toMatchObject({ recorded: 0, unsampled: 1 });
  });

  test("spans from elsewhere are recorded where rates are for other names only", async () => {
    const { rivulet } = openClient({ sampleRate: { "GET /health": 0 } });
    const span = { traceId: LOW.padStart(32, "2"), id: "c".repeat(16), name: "query" };
    const report = await rivulet.traces.record([{ ...span, startTime: 1, endTime: 2 }]);
    expect(report).toEqual({ recorded: 1, unsampled: 0, dropped: 0 });
  });

  test("feedback for what was left out is refused with the reason", async () => {
    const { rivulet } = openClient({ sampleRate: 0 });
    const { traceId } = rivulet.startSpan("left out");
    await expect(rivulet.traces.logFeedback({ traceId, value: 1 })).rejects.toMatchObject({
      code: "not_found",
      message: `The trace "${traceId}" was not kept: sampling left it out (options sampleRate and tailSampling).`,
    });
  });
});

test("records nothing when it is off, and runs the work all the same", async () => {
  const { rivulet } = openClient({ enabled: false });
  const double = (value: number): number => value * 2;
  expect(rivulet.traced(double)).toBe(double);
  expect(rivulet.withSpan("work", (span) => span.sampled)).toBe(false);
  rivulet.startSpan("more").end();
  await rivulet.flush();
  expect((await rivulet.traces.search()).items).toEqual([]);
});
