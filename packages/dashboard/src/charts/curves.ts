import type { MetricSeries } from "@rivulet/core";

/** One line of a chart. */
export interface Curve {
  /** The run's id. */
  readonly id: string;
  readonly label: string;
  /** Place in the palette; the same run has the same colour in every chart. */
  readonly color: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** The unsmoothed values, drawn faintly beneath. */
  readonly raw?: readonly number[];
}

/** What runs along the x axis. */
export type XAxis = "step" | "time" | "relative";

/** How a run is drawn. */
export interface CurveIdentity {
  readonly label: string;
  readonly color: number;
  readonly startTime: number;
}

/** Colours before they repeat; each has its own dash pattern as well. */
export const PALETTE_SIZE = 8;

const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

/** The line pattern that goes with a colour, for eyes and printers that do not see it. */
export function dashOf(color: number): readonly number[] {
  return DASHES[color % DASHES.length] ?? [];
}

/** A metric of a run as a line. */
export function toCurve(series: MetricSeries, axis: XAxis, identity: CurveIdentity): Curve {
  const { label, color } = identity;
  const x = xValues(series, axis, identity.startTime);
  const base = { id: series.runId, label, color, x };
  return series.smoothed === undefined
    ? { ...base, y: series.values }
    : { ...base, y: series.smoothed, raw: series.values };
}

function xValues(series: MetricSeries, axis: XAxis, startTime: number): readonly number[] {
  if (axis === "step") return series.steps;
  const origin = axis === "relative" ? startTime : 0;
  return increasing(series.timestamps.map((time) => (time - origin) / 1000));
}

/** A chart's x must grow; points of one millisecond are laid a hair apart. */
function increasing(values: readonly number[]): readonly number[] {
  let last = Number.NEGATIVE_INFINITY;
  return values.map((value) => {
    last = value > last ? value : last + 1e-6;
    return last;
  });
}

/** Whether there is nothing to draw a line through. */
export function hasOneValueEach(curves: readonly Curve[]): boolean {
  return curves.every((curve) => curve.x.length < 2);
}

/** What a reader without the picture wants to know of a curve. */
export function summarise(curve: Curve): { last: number; min: number; max: number } | undefined {
  const values = curve.raw ?? curve.y;
  const last = values.at(-1);
  if (last === undefined) return undefined;
  let min = last;
  let max = last;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { last, min, max };
}
