import type { MetricSeries } from "@rivulet/core";
import type { Range } from "../../charts/chart-view.ts";
import { toCurve, type XAxis } from "../../charts/curves.ts";
import type { ChartedRun } from "./run-lines.ts";

/** Steps of curves, both ends included. */
export interface StepRange {
  readonly fromStep: number;
  readonly toStep: number;
}

/** What is looked at of some curves. */
export interface Look {
  readonly runs: readonly ChartedRun[];
  readonly axis: XAxis;
  readonly zoom: Range | undefined;
}

/** The steps for which there are more points than were given; `undefined` when all is there that is looked at. */
export function stepsToAsk(series: readonly MetricSeries[], look: Look): StepRange | undefined {
  const { zoom, axis } = look;
  const thinned = series.filter(({ total, steps }) => total > steps.length);
  if (zoom === undefined || thinned.length === 0) return undefined;
  const ends =
    axis === "step"
      ? [Math.ceil(zoom[0]), Math.floor(zoom[1])]
      : thinned.flatMap((one) => stepsAround(one, look, zoom));
  const [fromStep, toStep] = [Math.min(...ends), Math.max(...ends)];
  const isRange = [fromStep, toStep].every(Number.isSafeInteger) && fromStep <= toStep;
  return isRange ? { fromStep, toStep } : undefined;
}

/** The steps of a curve at the ends of a time, or next to them. */
function stepsAround(
  series: MetricSeries,
  { runs, axis }: Look,
  [from, to]: Range,
): readonly number[] {
  const startTime = runs.find(({ id }) => id === series.runId)?.startTime ?? 0;
  const { x } = toCurve(series, axis, { label: "", color: 0, startTime });
  const after = x.findIndex((value) => value > from);
  const behind = x.findIndex((value) => value >= to);
  if (after === -1) return [];
  const ends = [series.steps[Math.max(0, after - 1)], series.steps.at(behind)];
  return ends.filter((step) => step !== undefined);
}

/** Curves with the points of a part of them in the place of the fewer that they had there. */
export function withFinePart(
  series: readonly MetricSeries[],
  part: readonly MetricSeries[],
  range: StepRange,
): readonly MetricSeries[] {
  const fine = new Map(part.map((one) => [nameOf(one), one]));
  return series.map((one) => {
    const other = fine.get(nameOf(one));
    return other === undefined ? one : joined(one, other, range);
  });
}

function nameOf({ runId, key }: MetricSeries): string {
  return JSON.stringify([runId, key]);
}

function joined(
  whole: MetricSeries,
  part: MetricSeries,
  { fromStep, toStep }: StepRange,
): MetricSeries {
  const { steps, smoothed } = whole;
  const first = steps.filter((step) => step < fromStep).length;
  const rest = steps.length - steps.filter((step) => step > toStep).length;
  const join = (around: readonly number[], between: readonly number[]): readonly number[] => [
    ...around.slice(0, first),
    ...between,
    ...around.slice(rest),
  ];
  return {
    ...whole,
    steps: join(steps, part.steps),
    timestamps: join(whole.timestamps, part.timestamps),
    values: join(whole.values, part.values),
    ...(smoothed === undefined ? {} : { smoothed: join(smoothed, part.smoothed ?? part.values) }),
  };
}
