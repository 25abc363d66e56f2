import type { ComparedRun, MetricSeries } from "@rivulet/core";

/** Which value of a curve is meant. */
export type Statistic = "last" | "min" | "max";

/** A run with the value that it is ranked by. */
export interface Ranked {
  readonly run: ComparedRun;
  /** Its place among the runs that are compared. */
  readonly place: number;
  readonly value: number | null;
  /** Length of its bar: 0 to 1. */
  readonly share: number;
}

/** Runs by value; those without one come last. */
export function rankRuns({
  runs,
  values,
  kept,
  isLowestFirst,
}: {
  readonly runs: readonly ComparedRun[];
  readonly values: readonly (number | null)[];
  readonly kept: ReadonlySet<number>;
  readonly isLowestFirst: boolean;
}): readonly Ranked[] {
  const reach = values.reduce<number>((most, value) => Math.max(most, sizeOf(value)), 1e-300);
  const ranked = runs.flatMap((run, place) => {
    const value = values[place] ?? null;
    return kept.has(place) ? [{ run, place, value, share: sizeOf(value) / reach }] : [];
  });
  const sign = isLowestFirst ? 1 : -1;
  return ranked.toSorted((a, b) => {
    const [left, right] = [a.value, b.value].map((value) =>
      value === null || Number.isNaN(value) ? Number.POSITIVE_INFINITY : sign * value,
    );
    return left === right ? 0 : (left ?? 0) - (right ?? 0);
  });
}

function sizeOf(value: number | null): number {
  return value !== null && Number.isFinite(value) ? Math.abs(value) : 0;
}

/** The extreme of each run's curve. */
export function statisticsOf(
  series: readonly MetricSeries[],
  statistic: "min" | "max",
): ReadonlyMap<string, number> {
  const pick = statistic === "min" ? Math.min : Math.max;
  return new Map(
    series.map(({ runId, values }) => [
      runId,
      values.filter((value) => !Number.isNaN(value)).reduce((a, b) => pick(a, b), values[0] ?? 0),
    ]),
  );
}
