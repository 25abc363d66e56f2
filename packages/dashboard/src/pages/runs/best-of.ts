import type { Run } from "@rivulet/core";

/** Sums up a list once, however many of its cells ask. */
const known = new WeakMap<readonly Run[], Map<string, number>>();

/** The best value of a metric in a list of runs; `NaN`, which nothing equals, when none has it. */
export function bestOf(runs: readonly Run[], key: string, better: "higher" | "lower"): number {
  const ofList = known.get(runs) ?? new Map<string, number>();
  known.set(runs, ofList);
  const found = ofList.get(key);
  if (found !== undefined) return found;
  const values = runs
    .map(({ metrics }) => (Object.hasOwn(metrics, key) ? metrics[key] : undefined))
    .filter((value) => value !== undefined && !Number.isNaN(value));
  const best = values.reduce<number | undefined>(
    (a, b = 0) => (a === undefined || (better === "higher" ? b > a : b < a) ? b : a),
    undefined,
  );
  ofList.set(key, best ?? Number.NaN);
  return best ?? Number.NaN;
}
