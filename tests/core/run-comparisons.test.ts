import type { Better } from "@rivulet/core";
import { expect, test } from "vitest";
import { aClient } from "./client.ts";

/** A run of an experiment that says which way `score` is better, or nothing. */
interface Given {
  readonly name: string;
  readonly better?: Better;
  readonly score?: number;
}

/** Compares runs, by name, with `score`. */
async function compared(given: readonly Given[], order: readonly string[]) {
  const { rivulet } = await aClient("memory");
  const ids = new Map<string, string>();
  for (const { name, better, score } of given) {
    await rivulet.runs.with({ experiment: `of ${name}`, name }, async (run) => {
      ids.set(name, run.id);
      if (better !== undefined) await run.declareMetrics({ score: { better } });
      if (score !== undefined) run.logMetric("score", score);
    });
  }
  const runIds = order.map((name) => ids.get(name) ?? "");
  const { metrics } = await rivulet.runs.compare({ runIds });
  const [{ better, best = [], values } = {}] = metrics;
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  return { better, values, best: best.map((id) => names.get(id)) };
}

const HIGHER: Better = "higher";
const LOWER: Better = "lower";

test("a run that is named twice is shown twice, and is the best once", async () => {
  const given = [
    { name: "a", better: HIGHER, score: 2 },
    { name: "b", better: HIGHER, score: 1 },
  ];
  expect(await compared(given, ["a", "b", "a"])).toEqual({
    better: "higher",
    values: [2, 1, 2],
    best: ["a"],
  });
});

test("equal ones are the best together, unless there are no others", async () => {
  const three = [
    { name: "a", better: LOWER, score: 1 },
    { name: "b", better: LOWER, score: 1 },
    { name: "c", better: LOWER, score: 3 },
  ];
  expect((await compared(three, ["a", "b", "c"])).best).toEqual(["a", "b"]);
  expect((await compared(three, ["a", "b"])).best).toEqual([]);
});

test("only experiments of runs that have the metric have a say which way it improves", async () => {
  const given = [
    { name: "a", better: HIGHER, score: 2 },
    { name: "b", better: HIGHER, score: 1 },
    { name: "silent", score: 0.5 },
    { name: "without", better: LOWER },
    { name: "against", better: LOWER, score: 9 },
  ];
  expect(await compared(given, ["b", "a", "without"])).toEqual({
    better: "higher",
    values: [1, 2, null],
    best: ["a"],
  });
  expect((await compared(given, ["a", "silent"])).best).toEqual(["a"]);
  expect(await compared(given, ["a", "against"])).toMatchObject({ better: undefined, best: [] });
});

test("a value that is not a number is never the best", async () => {
  const given = [
    { name: "diverged", better: LOWER, score: Number.NaN },
    { name: "a", better: LOWER, score: 2 },
  ];
  expect((await compared(given, ["diverged", "a"])).best).toEqual(["a"]);
});
