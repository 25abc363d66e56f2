import type uPlot from "uplot";
import { shorten } from "../format/shorten.ts";
import type { ChartView } from "./chart-view.ts";
import type { Curve } from "./curves.ts";
import { unitOf } from "./plot-data.ts";

/** More names than this would stand too far from their lines. */
export const MOST_LABELS = 16;
/** Room for the names at the right of a drawing, in pixels. */
export const LABEL_ROOM = 140;
const MOST_OF_A_NAME = 20;
const LINE_HEIGHT = 14;

/** Writes the name of each curve beside its last point, in its colour; names that would overlap stand apart. */
export function labelEnds(
  plot: uPlot,
  { curves, view }: { readonly curves: readonly Curve[]; readonly view: ChartView },
): void {
  const { ctx, bbox } = plot;
  const unit = unitOf(curves, view.isLog);
  const ends = curves.flatMap((curve, place) => {
    const y = lastOf(curve, view);
    const series = plot.series.length - curves.length + place;
    return y === undefined ? [] : [{ curve, series, top: plot.valToPos(y / unit, "y", true) }];
  });
  const sorted = ends.sort((a, b) => a.top - b.top);
  const places = spread(
    sorted.map(({ top }) => top),
    { bottom: bbox.top + bbox.height, gap: LINE_HEIGHT * devicePixelRatio },
  );
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  sorted.forEach(({ curve, series }, index) => {
    const stroke = plot.series[series]?.stroke;
    const color = typeof stroke === "function" ? stroke(plot, series) : stroke;
    if (typeof color === "string") ctx.fillStyle = color;
    const name = shorten(curve.label, MOST_OF_A_NAME);
    ctx.fillText(name, bbox.left + bbox.width + 6 * devicePixelRatio, places[index] ?? 0);
  });
  ctx.restore();
}

/** Places that are at least a gap apart, each as near to the one that is wanted as those before it let it be. */
function spread(
  wanted: readonly number[],
  { bottom, gap }: { readonly bottom: number; readonly gap: number },
): readonly number[] {
  const places: number[] = [];
  for (const place of wanted) {
    places.push(Math.max(place, (places.at(-1) ?? Number.NEGATIVE_INFINITY) + gap));
  }
  // Those that would stand below the drawing push the ones above them up.
  let free = bottom;
  for (let index = places.length - 1; index >= 0; index -= 1) {
    places[index] = Math.min(places[index] ?? free, free);
    free = (places[index] ?? free) - gap;
  }
  return places;
}

/** The last value that is drawn, within what is looked at. */
function lastOf({ x, y }: Curve, { isLog, zoom }: ChartView): number | undefined {
  const end = zoom?.[1] ?? Number.POSITIVE_INFINITY;
  return y.findLast(
    (value, place) => (x[place] ?? 0) <= end && Number.isFinite(value) && (!isLog || value > 0),
  );
}
