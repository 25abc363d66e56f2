import { getEventListeners } from "node:events";
import { sequentialIds } from "@rivulet/core/testing";
import { LIMITS } from "@rivulet/domain";
import { expect, onTestFinished, test, vi } from "vitest";
import { aClient, aSharedClient } from "./client.ts";

test("counts a row as failed when one of its trials did; a failed task is a 0, a failed scorer is none", async () => {
  const { rivulet } = await aClient();
  const { scores, errorCount } = await rivulet.evaluate({
    data: [{ inputs: "scorer" }, { inputs: "task" }, { inputs: "neither" }],
    task: (row, { trial }) => {
      if (row === "task" && trial === 1) throw new Error("no task");
      return `${row} ${trial}`;
    },
    scorers: [
      Object.assign(
        ({ output }: { output: string }) => {
          if (output === "scorer 1") throw new Error("no scorer");
          return 1;
        },
        { scoreName: "score" },
      ),
    ],
    trials: 3,
  });
  // Rows 1, 2/3 and 1.
  expect(scores).toMatchObject([
    { mean: expect.closeTo(8 / 9, 12), coverage: 1, scored: 3, skipped: 0, errors: 2 },
  ]);
  expect(errorCount).toBe(1);
});

test("starts no more rows once one could not be kept, and lets those that run end", async () => {
  const firstFailed = Promise.withResolvers<void>();
  const noMoreIds = new Error("no more ids");
  const ids = sequentialIds();
  let made = 0;
  const entity = (): string => {
    made += 1;
    if (made > 1) return ids.entity();
    firstFailed.resolve();
    throw noMoreIds;
  };
  const { rivulet } = await aClient({ ids: { ...ids, entity } });
  const started: number[] = [];
  const evaluation = rivulet.evaluate({
    data: [0, 1, 2, 3].map((inputs) => ({ id: `r${inputs}`, inputs })),
    task: async (row) => {
      started.push(row);
      if (row > 0) await firstFailed.promise;
      return row;
    },
    scorers: [Object.assign(() => 1, { scoreName: "one" })],
    concurrency: 2,
  });
  await expect(evaluation).rejects.toMatchObject({ message: expect.stringMatching(/no more ids/) });
  expect(started).toEqual([0, 1]);
  const [{ id: evaluationId = "" } = {}] = (await rivulet.evaluations.search()).items;
  const { items } = await rivulet.evaluations.listRows({ evaluationId });
  expect(items.map(({ rowId }) => rowId)).toEqual(["r1"]);
});

test("leaves no timer behind for a task and a scorer that were in time", async () => {
  const { rivulet } = await aClient();
  const set = vi.spyOn(globalThis, "setTimeout");
  const clear = vi.spyOn(globalThis, "clearTimeout");
  onTestFinished(() => void vi.restoreAllMocks());
  const timeoutMs = 54_321;
  const double = (number: number): number => number * 2;
  const isEven = ({ output }: { output: number }): boolean => output % 2 === 0;
  await rivulet.evaluate({
    data: [{ inputs: 1 }, { inputs: 2 }],
    task: double,
    scorers: [isEven],
    timeoutMs,
  });
  const timers = set.mock.results.filter((_, call) => set.mock.calls[call]?.[1] === timeoutMs);
  const cleared = new Set<unknown>(clear.mock.calls.map(([timer]) => timer));
  expect(timers.map(({ value }) => cleared.has(value))).toEqual([true, true, true, true]);
});

test("leaves no listener behind on a signal that is not aborted", async () => {
  const { rivulet } = await aClient();
  const { signal } = new AbortController();
  await rivulet.evaluate({
    data: [{ inputs: 1 }, { inputs: 2 }],
    task: (number: number) => {
      if (number === 2) throw new Error("no task");
      return number;
    },
    scorers: [Object.assign(() => 1, { scoreName: "one" })],
    signal,
  });
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

const shared = aSharedClient();

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const fails = (): never => {
  throw new Error("not to be looked at");
};

const UNREADABLE: readonly (readonly [what: string, thrown: () => unknown, text: string])[] = [
  [
    "a revoked proxy",
    revoked,
    "[unreadable: Cannot perform 'IsArray' on a proxy that has been revoked]",
  ],
  ["an object without a prototype", () => Object.create(null), "{}"],
  ["an object without text", () => ({ toString: fails }), '{"toString":"[function fails]"}'],
  ["an error without a message", () => new Error(""), "Error"],
  ["an error with an object as its message", () => withMessage({ code: 429 }), '{"code":429}'],
  ["nothing", () => undefined, "undefined was thrown"],
  ["empty text", () => "", "an error without a message"],
];

function withMessage(message: unknown): Error {
  return Object.assign(new Error("x"), { message });
}

test.each(UNREADABLE)("%s, thrown, fails its row or score only", async (_, thrown, text) => {
  const result = await shared().evaluate({
    data: [{ inputs: "task" }, { inputs: "scorer" }, { inputs: "neither" }],
    task: (row) => {
      if (row === "task") throw thrown();
      return row;
    },
    scorers: [
      function score({ output }) {
        if (output === "scorer") throw thrown();
        return 1;
      },
    ],
  });
  expect(result.status).toBe("finished");
  expect(result.rows.map(({ error, scores: [score] }) => [error, score?.error])).toEqual([
    [text, "The task failed."],
    [undefined, text],
    [undefined, undefined],
  ]);
});

test.each([
  [{ label: 5 }, 'The label of scorer "score" is 5; it must be text.'],
  [{ rationale: ["a"] }, 'The rationale of scorer "score" is a list; it must be text.'],
  [{ metadata: "m" }, 'The metadata of scorer "score" is m; it must be an object.'],
  [{ value: Object.create(null) }, /^Scorer "score" returned an object; it must return/],
])("a scorer that returns %j is told what is wrong with it", async (part, message) => {
  const { rows } = await shared().evaluate({
    data: [{ inputs: 1 }],
    task: () => 1,
    scorers: [Object.assign(() => ({ value: 1, ...part }) as never, { scoreName: "score" })],
  });
  expect(rows[0]?.scores).toEqual([
    { name: "score", value: null, error: expect.stringMatching(message) },
  ]);
});

test("what a scorer says is kept up to the longest text, and null as nothing said", async () => {
  const { rows } = await shared().evaluate({
    data: [{ inputs: 1 }],
    task: () => 1,
    scorers: [
      function long() {
        return { value: "x".repeat(100_000), rationale: null as never };
      },
    ],
  });
  const label = "x".repeat(LIMITS.tagValue);
  expect(rows[0]?.scores).toEqual([{ name: "long", value: null, label }]);
  const kept = await shared().traces.listAssessments({ traceIds: [rows[0]?.traceId ?? ""] });
  expect(kept.map(({ value }) => value)).toEqual([label]);
});

const fine = {
  name: "refused",
  data: [{ inputs: 1 }],
  task: () => 1,
  scorers: [
    function one() {
      return 1;
    },
  ],
};

test.each([
  ["evaluate.task", () => ({ task: "task" })],
  ["evaluate.task", () => ({ task: undefined })],
  ["evaluate.scorers", () => ({ scorers: undefined })],
  ["evaluate", () => ({ scorers: revoked() })],
  ["evaluate.scorers.0", () => ({ scorers: ["exact"] })],
  ["one.source", () => ({ scorers: [Object.assign(() => 1, { scoreName: "one", source: "x" })] })],
  ["evaluate.data", () => ({ data: 5 })],
  ["evaluate.data", () => ({ data: [] })],
  ["evaluate.data", () => ({ data: revoked() })],
  ["evaluate.data.0", () => ({ data: [revoked()] })],
  ["evaluate.data.1.metadata", () => ({ data: [{ inputs: 1 }, { inputs: 1, metadata: ["a"] }] })],
  ["evaluate.data.1.id", () => ({ data: [{ inputs: 1 }, { inputs: 1, id: {} }] })],
  ["evaluate.signal", () => ({ signal: { aborted: false } })],
  ["evaluate.onProgress", () => ({ onProgress: {} })],
])("what is wrong at %s is refused with its place", async (field, part) => {
  await expect(shared().evaluate({ ...fine, ...part() } as never)).rejects.toMatchObject({
    name: "RivuletError",
    code: "invalid_argument",
    details: { field },
  });
  const filter = "name = 'refused'";
  expect((await shared().evaluations.search({ filter })).items).toEqual([]);
});
