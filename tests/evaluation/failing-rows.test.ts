import { getEventListeners } from "node:events";
import { sequentialIds } from "@rivulet/core/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { aClient } from "./client.ts";

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
