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

/** Colours before they repeat; 32 lines differ in colour or pattern. */
export const PALETTE_SIZE = 8;

const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

/** The line pattern of a place in the palette: a colour that comes again comes with another one. */
export function dashOf(color: number): readonly number[] {
  return DASHES[(color + Math.floor(color / PALETTE_SIZE)) % DASHES.length] ?? [];
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

/** What a reader without the picture wants to know of a curve; NaN is neither its least nor its most. */
export function summarise(curve: Curve): { last: number; min?: number; max?: number } | undefined {
  const values = curve.raw ?? curve.y;
  const last = values.at(-1);
  if (last === undefined) return undefined;
  const numbers = values.filter((value) => !Number.isNaN(value));
  if (numbers.length === 0) return { last };
  const min = numbers.reduce((least, value) => Math.min(least, value));
  return { last, min, max: numbers.reduce((most, value) => Math.max(most, value)) };
}
