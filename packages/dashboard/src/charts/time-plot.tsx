import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { useObservable } from "../api/observable.ts";
import { isDark } from "../theme/theme.ts";
import { colorOf, markColorOf, roomFor, WHOLE_STEPS } from "./plot-options.ts";
import { drawnValues, type TimeChartData, type TimeSeries } from "./time-series.ts";

const HEIGHT = 190;

export interface TimePlotProps {
  readonly data: TimeChartData;
  /** Tells which bucket is under the pointer. */
  readonly onHover: (bucket: number | undefined) => void;
  /** Opens a bucket. */
  readonly onOpen: (bucket: number) => void;
  /** Buckets that were dragged over, both inclusive. */
  readonly onZoom: (first: number, last: number) => void;
}

/** The drawing of a chart over time. */
export function TimePlot(props: TimePlotProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const dark = useObservable(isDark);
  const { data } = props;
  const shape = JSON.stringify([data.title, data.series.map(({ label, kind }) => [label, kind])]);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const chart = new uPlot(optionsFor(latest, element), columnsOf(data), element);
    plot.current = chart;
    const resize = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resize.observe(element);
    return () => {
      resize.disconnect();
      chart.destroy();
    };
  }, [shape, dark]);
  useEffect(() => plot.current?.setData(columnsOf(data)), [data]);
  return <div ref={host} class="time-plot" aria-hidden="true" />;
}

/** Seconds, as the library counts; a bar stands in the middle of its bucket. */
function columnsOf(data: TimeChartData): uPlot.AlignedData {
  const middles = data.starts.map((start) => (start + data.bucketMs / 2) / 1000);
  return [middles, ...drawnValues(data).map(({ values }) => [...values])];
}

function optionsFor(
  latest: { readonly current: TimePlotProps },
  element: HTMLElement,
): uPlot.Options {
  const { data } = latest.current;
  const grid = { stroke: markColorOf(element, "var(--line)"), width: 1 };
  const stroke = colorOf(element, "var(--text-muted)");
  const common = { stroke, ticks: { show: false }, font: "11px system-ui, sans-serif" };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    // Half of the last label stands to the right of its mark.
    padding: [10, 22, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      bind: { click: openOnClick(latest) },
    },
    scales: { x: { time: true, range: () => edges(latest.current.data) }, y: { range: fromZero } },
    axes: [
      { ...common, grid: { show: false }, size: 30 },
      {
        ...common,
        ...(data.isCount === true && { incrs: WHOLE_STEPS }),
        grid,
        size: roomFor,
        values: (_plot, ticks) => ticks.map((tick) => latest.current.data.format(tick)),
      },
    ],
    series: [{}, ...drawnValues(data).map((one) => drawing(element, one))],
    hooks: {
      setCursor: [({ cursor }) => latest.current.onHover(cursor.idx ?? undefined)],
      setSelect: [(plot) => zoom(plot, latest.current)],
    },
  };
}

/** A click that ends a drag zooms already. */
function openOnClick(latest: { readonly current: TimePlotProps }) {
  return (plot: uPlot) => () => {
    const { idx } = plot.cursor;
    if (plot.select.width === 0 && idx !== null && idx !== undefined) latest.current.onOpen(idx);
    return null;
  };
}

function zoom(plot: uPlot, { onZoom }: TimePlotProps): void {
  const { left, width } = plot.select;
  if (width === 0) return;
  const [first, last] = [left, left + width].map((x) => plot.posToIdx(x));
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  if (first !== undefined && last !== undefined && last > first) onZoom(first, last);
}

function edges({ starts, bucketMs }: TimeChartData): [number, number] {
  return [(starts[0] ?? 0) / 1000, ((starts.at(-1) ?? 0) + bucketMs) / 1000];
}

function fromZero(_plot: uPlot, _low: number, high: number): [number, number] {
  return [0, high > 0 ? high * 1.08 : 1];
}

function drawing(element: HTMLElement, { label, color, kind }: TimeSeries): uPlot.Series {
  const stroke = markColorOf(element, `var(${color})`);
  if (kind === "bars") {
    const paths = uPlot.paths.bars?.({ size: [0.72, 28], radius: 0.12 });
    const look = { label, fill: stroke, width: 0, points: { show: false } };
    return paths === undefined ? look : { ...look, paths };
  }
  const dash = kind === "dashes" ? [4, 4] : [];
  const points = kind === "dashes" ? { show: false } : { size: 4 };
  return { label, stroke, width: 1.75, dash, spanGaps: false, points };
}
