import type uPlot from "uplot";
import { formatMetric } from "../format/numbers.ts";
import { formatDuration } from "../format/times.ts";
import type { ChartView } from "./chart-view.ts";
import { type Curve, dashOf, PALETTE_SIZE, type XAxis } from "./curves.ts";
import { rangeOfMost } from "./outliers.ts";
import { unitOf } from "./plot-data.ts";

/** How far the pointer may be from a line that it lifts out, in pixels. */
const REACH = 24;
/** What is left of the lines beside the one that is pointed at. */
const DIMMED = 0.18;

/** What is drawn, and who is told of the pointer. */
export interface PlotSettings {
  readonly curves: readonly Curve[];
  readonly view: ChartView;
  readonly height: number;
  /** Pixels at the right of the drawing that it leaves free. */
  readonly roomBeside: number;
  readonly hooks: uPlot.Hooks.Arrays;
}

/** Options of the drawing, in the colours of the theme. */
export function plotOptions(
  { curves, view, height, roomBeside, hooks }: PlotSettings,
  element: HTMLElement,
): uPlot.Options {
  const unit = unitOf(curves, view.isLog);
  const ink = colorOf(element, "var(--text-muted)");
  const grid = { stroke: markColorOf(element, "var(--line)"), width: 1 };
  const faint = curves.filter((curve) => curve.raw !== undefined);
  const showAll = (): null => {
    view.onZoom(undefined);
    return null;
  };
  const common = { stroke: ink, grid, ticks: grid, font: "11px system-ui, sans-serif" };
  return {
    width: element.clientWidth,
    height,
    padding: [10, 12 + roomBeside, 0, hasNumbers(curves) ? 0 : NO_AXIS],
    legend: { show: false },
    focus: { alpha: DIMMED },
    cursor: {
      sync: { key: "metrics", setSeries: false },
      points: { size: 6 },
      focus: { prox: REACH },
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => showAll },
    },
    scales: { x: { time: view.axis === "time" }, y: yScale(curves, view, unit) },
    axes: [
      { ...common, size: 32, ...X_LABELS[view.axis] },
      {
        ...common,
        size: roomFor,
        values: (_plot, ticks) => ticks.map((tick) => label(tick === null ? null : tick * unit)),
      },
    ],
    series: [
      {},
      ...faint.map((curve) => line(element, curve, true)),
      ...curves.map((curve) => line(element, curve, false)),
    ],
    hooks,
  };
}

/** Where there are no numbers there is no axis of them, and half of the first label below would be cut. */
const NO_AXIS = 12;

function hasNumbers(curves: readonly Curve[]): boolean {
  return curves.some(({ y }) => y.some((value) => value !== null && Number.isFinite(value)));
}

function yScale(
  curves: readonly Curve[],
  { isLog, isClipped }: ChartView,
  unit: number,
): uPlot.Scale {
  const distr = isLog ? 3 : 1;
  const range = isClipped ? rangeOfMost(curves, isLog) : undefined;
  return range === undefined ? { distr } : { distr, range: [range[0] / unit, range[1] / unit] };
}

/** What the longest label beside an axis takes in its 11 pixel font, in pixels. */
export function roomFor(_plot: uPlot, labels: readonly string[] | null): number {
  const longest = Math.max(0, ...(labels ?? []).map(({ length }) => length));
  return Math.max(44, 16 + 7 * longest);
}

/** Marks of an axis of whole numbers, such as steps and counts. */
export const WHOLE_STEPS: number[] = Array.from({ length: 12 }, (_, power) => 10 ** power).flatMap(
  (ten) => [ten, 2 * ten, 5 * ten],
);

/** Times of day are labelled by uPlot itself. */
const X_LABELS: Readonly<Record<XAxis, uPlot.Axis>> = {
  step: { incrs: WHOLE_STEPS, values: (_plot, ticks) => ticks.map(label) },
  time: {},
  relative: { values: (_plot, ticks) => ticks.map((seconds) => formatDuration(seconds * 1000)) },
};

function label(tick: number | null): string {
  return tick === null ? "" : formatMetric(tick);
}

function line(element: HTMLElement, curve: Curve, isFaint: boolean): uPlot.Series {
  const color = `var(--curve-${curve.color % PALETTE_SIZE})`;
  return {
    label: curve.label,
    stroke: markColorOf(element, isFaint ? `color-mix(in srgb, ${color} 30%, transparent)` : color),
    width: isFaint ? 1 : 1.75,
    dash: [...dashOf(curve.color)],
    points: { show: curve.x.length < 2, size: 5, filter: pointsAlone },
  };
}

/** Points between two gaps, through which no line goes: drawn as dots. */
function pointsAlone(plot: uPlot, series: number): number[] | null {
  const values = plot.data[series] ?? [];
  const alone: number[] = [];
  let before: number | null = null;
  let isAlone = false;
  const keep = (): void => {
    if (isAlone && before !== null) alone.push(before);
  };
  for (const [place, value] of [...values, null].entries()) {
    if (value === undefined) continue;
    if (value === null) keep();
    isAlone = value !== null && before === null;
    before = value === null ? null : place;
  }
  return alone.length === 0 ? null : alone;
}

/** The colour of data or of the grid behind it: what it tells apart, it tells apart where the system forces its colours, too. */
export function markColorOf(element: HTMLElement, color: string): string {
  return colorOf(element, color, { forcedColorAdjust: "none" });
}

/** A colour as a canvas understands it: without custom properties and `light-dark()`. */
export function colorOf(
  element: HTMLElement,
  color: string,
  style: { readonly forcedColorAdjust?: "none" } = {},
): string {
  const probe = document.createElement("span");
  Object.assign(probe.style, { color, ...style });
  element.append(probe);
  const { color: computed } = getComputedStyle(probe);
  probe.remove();
  return computed;
}
