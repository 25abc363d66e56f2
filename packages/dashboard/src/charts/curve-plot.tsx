import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { useObservable } from "../api/observable.ts";
import { formatMetric } from "../format/numbers.ts";
import { formatDuration } from "../format/times.ts";
import { isDark } from "../theme/theme.ts";
import { type Curve, dashOf, PALETTE_SIZE, type XAxis } from "./curves.ts";

const HEIGHT = 220;

export interface CurvePlotProps {
  readonly curves: readonly Curve[];
  readonly axis: XAxis;
  readonly isLog: boolean;
  /** Tells the index of the x value under the pointer. */
  readonly onHover: (values: readonly (number | null)[] | undefined) => void;
}

/** The drawing of curves. Charts on one page share their cursor. */
export function CurvePlot(props: CurvePlotProps): JSX.Element {
  const { curves, axis, isLog, onHover } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = useObservable(isDark);
  const shape = JSON.stringify(
    curves.map((curve) => [curve.id, curve.label, curve.color, curve.raw !== undefined]),
  );
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const chart = new uPlot(optionsFor(props, element, onHover), dataOf(curves), element);
    plot.current = chart;
    const resize = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resize.observe(element);
    return () => {
      resize.disconnect();
      chart.destroy();
    };
  }, [shape, axis, isLog, dark]);
  useEffect(() => plot.current?.setData(dataOf(curves)), [curves]);
  return <div ref={host} class="curve-plot" aria-hidden="true" />;
}

/** One x column for all curves, and a y column each: faint raw values first, so that smoothed lines lie on top. */
function dataOf(curves: readonly Curve[]): uPlot.AlignedData {
  const faint = curves.flatMap((curve) => (curve.raw === undefined ? [] : [[curve.x, curve.raw]]));
  const strong = curves.map((curve) => [curve.x, curve.y]);
  const tables = [...faint, ...strong] as unknown as uPlot.AlignedData[];
  return tables.length === 0 ? [[]] : uPlot.join(tables);
}

function optionsFor(
  { curves, axis, isLog }: CurvePlotProps,
  element: HTMLElement,
  onHover: CurvePlotProps["onHover"],
): uPlot.Options {
  const ink = colorOf(element, "--text-muted");
  const grid = { stroke: colorOf(element, "--line"), width: 1 };
  const faint = curves.filter((curve) => curve.raw !== undefined);
  const common = { stroke: ink, grid, ticks: grid, font: "11px system-ui, sans-serif" };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [10, 12, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "metrics", setSeries: false }, points: { size: 6 } },
    scales: { x: { time: axis === "time" }, y: { distr: isLog ? 3 : 1 } },
    axes: [
      { ...common, size: 32, ...(axis === "relative" ? { values: relativeLabels } : {}) },
      { ...common, size: 58, values: (_plot, ticks) => ticks.map(label) },
    ],
    series: [
      {},
      ...faint.map((curve) => line(element, curve, true)),
      ...curves.map((curve) => line(element, curve, false)),
    ],
    hooks: {
      setCursor: [(plot) => onHover(valuesAt(plot, 1 + faint.length))],
    },
  };
}

function label(tick: number | null): string {
  return tick === null ? "" : formatMetric(tick);
}

function relativeLabels(_plot: uPlot, ticks: readonly number[]): string[] {
  return ticks.map((seconds) => formatDuration(seconds * 1000));
}

function valuesAt(plot: uPlot, firstSeries: number): readonly (number | null)[] | undefined {
  const { idx } = plot.cursor;
  if (idx === null || idx === undefined) return undefined;
  return plot.data.slice(firstSeries).map((column) => column[idx] ?? null);
}

function line(element: HTMLElement, curve: Curve, isFaint: boolean): uPlot.Series {
  const color = colorOf(element, `--curve-${curve.color % PALETTE_SIZE}`);
  return {
    label: curve.label,
    stroke: color,
    width: isFaint ? 1 : 1.75,
    alpha: isFaint ? 0.3 : 1,
    dash: [...dashOf(curve.color)],
    spanGaps: true,
    points: { show: curve.x.length < 2 },
  };
}

/** The colour behind a custom property: a canvas does not understand `light-dark()`. */
function colorOf(element: HTMLElement, property: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${property})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
