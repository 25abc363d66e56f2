import type uPlot from "uplot";
import type { ChartView } from "./chart-view.ts";
import type { Curve } from "./curves.ts";

/** Marks of one curve before they would run into each other. */
const MOST_MARKS = 200;
const SIZE = 4;

/** Marks where a curve has a value that no axis has: at the top for +Infinity, at the bottom for −Infinity, a cross for NaN. */
export function markGaps(
  plot: uPlot,
  { curves, view }: { readonly curves: readonly Curve[]; readonly view: ChartView },
): void {
  const { ctx } = plot;
  const [from, to] = view.zoom ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  ctx.save();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  curves.forEach((curve, place) => {
    const series = plot.series.length - curves.length + place;
    const stroke = plot.series[series]?.stroke;
    const color = typeof stroke === "function" ? stroke(plot, series) : stroke;
    if (typeof color === "string") ctx.strokeStyle = ctx.fillStyle = color;
    for (const { x, y } of gapsOf(curve)) {
      if (x >= from && x <= to) drawMark(plot, x, y);
    }
  });
  ctx.restore();
}

/** Values that no axis has, of the curve as it was logged. */
function gapsOf({ x, y, raw = y }: Curve): readonly { readonly x: number; readonly y: number }[] {
  const gaps = raw.flatMap((value, place) =>
    Number.isFinite(value) ? [] : [{ x: x[place] ?? 0, y: value }],
  );
  const every = Math.ceil(gaps.length / MOST_MARKS);
  return gaps.filter((_, place) => place % every === 0);
}

function drawMark(plot: uPlot, x: number, y: number): void {
  const { ctx, bbox } = plot;
  const size = SIZE * devicePixelRatio;
  const left = plot.valToPos(x, "x", true);
  const isUp = y === Number.POSITIVE_INFINITY;
  const top = isUp ? bbox.top + size : bbox.top + bbox.height - size;
  ctx.beginPath();
  if (Number.isNaN(y)) {
    for (const slope of [-size, size]) {
      ctx.moveTo(left - size, top - slope);
      ctx.lineTo(left + size, top + slope);
    }
    ctx.stroke();
    return;
  }
  const tip = isUp ? -size : size;
  ctx.moveTo(left, top + tip);
  ctx.lineTo(left - size, top - tip);
  ctx.lineTo(left + size, top - tip);
  ctx.fill();
}
