import uPlot from "uplot";
import type { Curve, XAxis } from "./curves.ts";

/** More curves than this are drawn at one of {@link PLACES}, or their times would make a column each. */
const MANY_CURVES = 20;
const PLACES = 1_000;

/** Values beyond this, either way, are more than a plot can reckon with. */
const HUGE = 1e15;

/** What a linear axis is drawn in: 1, or for huge values a power of ten, so that their differences are numbers, too. */
export function unitOf(curves: readonly Curve[], isLog: boolean): number {
  const most = curves.reduce(
    (largest, { y, raw = [] }) =>
      [...y, ...raw].reduce((a, b) => (Number.isFinite(b) ? Math.max(a, Math.abs(b)) : a), largest),
    0,
  );
  return isLog || most < HUGE ? 1 : 10 ** Math.floor(Math.log10(most));
}

/** One x column for all curves, and a y column each: faint raw values first, so that smoothed lines lie on top. */
export function plotData(
  curves: readonly Curve[],
  { axis, isLog }: { readonly axis: XAxis; readonly isLog: boolean },
): uPlot.AlignedData {
  const unit = unitOf(curves, isLog);
  const place = axis === "step" || curves.length <= MANY_CURVES ? undefined : placesOf(curves);
  const table = (curve: Curve, values: readonly number[]) => [
    place === undefined ? curve.x : curve.x.map(place),
    values.map((value) => (isDrawable(value, isLog) ? value / unit : null)),
  ];
  const faint = curves.flatMap((curve) =>
    curve.raw === undefined ? [] : [table(curve, curve.raw)],
  );
  const strong = curves.map((curve) => table(curve, curve.y));
  const tables = [...faint, ...strong] as unknown as uPlot.AlignedData[];
  if (tables.length === 0) return [[]];
  const [x, ...columns] = uPlot.join(tables);
  return [x, ...columns.map((column) => breakAtGaps([...column]))];
}

/**
 * A line goes on over places where only other curves have points (`undefined`). What cannot be drawn (`null`) breaks
 * it, on both sides as far as the curve's next point.
 */
function breakAtGaps(column: (number | null | undefined)[]): (number | null | undefined)[] {
  for (const places of [column.keys(), [...column.keys()].reverse()]) {
    let isGap = false;
    for (const place of places) {
      const value = column[place];
      if (value === undefined && isGap) column[place] = null;
      else isGap = value === null;
    }
  }
  return column;
}

function isDrawable(value: number, isLog: boolean): boolean {
  return Number.isFinite(value) && (!isLog || value > 0);
}

function placesOf(curves: readonly Curve[]): (x: number) => number {
  const first = Math.min(...curves.map((curve) => curve.x[0] ?? 0));
  const last = Math.max(...curves.map((curve) => curve.x.at(-1) ?? 0));
  const width = Math.max((last - first) / PLACES, 1e-6);
  return (x) => first + Math.round((x - first) / width) * width;
}
