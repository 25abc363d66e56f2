import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { useObservable } from "../api/observable.ts";
import { isDark } from "../theme/theme.ts";
import type { ChartView } from "./chart-view.ts";
import { type Reading, readCurves } from "./curve-reading.ts";
import { CurveTooltip } from "./curve-tooltip.tsx";
import type { Curve } from "./curves.ts";
import { LABEL_ROOM, labelEnds, MOST_LABELS } from "./end-labels.ts";
import { markGaps } from "./gap-marks.ts";
import { highlighted } from "./highlight.ts";
import { plotData, unitOf } from "./plot-data.ts";
import { plotOptions } from "./plot-options.ts";

export interface CurvePlotProps {
  readonly curves: readonly Curve[];
  readonly view: ChartView;
  /** Pixels. */
  readonly height: number;
  /** Names stand beside the ends of the lines, where they are few. @default false */
  readonly hasNames?: boolean;
}

/** What the pointer is over, and where it is. */
export interface Pointed {
  readonly reading: Reading;
  readonly left: number;
  readonly isRight: boolean;
}

/** The drawing of curves. Charts on one page share their cursor; dragging zooms, a double click shows all again. */
export function CurvePlot(props: CurvePlotProps): JSX.Element {
  const { curves, view, height } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const current = useRef(props);
  current.current = props;
  const [pointed, setPointed] = useState<Pointed>();
  const dark = useObservable(isDark);
  const shape = JSON.stringify([
    curves.map((curve) => [curve.id, curve.label, curve.color, curve.raw !== undefined]),
    view.axis,
    view.isLog,
    unitOf(curves, view.isLog),
    // An axis that ends by itself follows its values; one that is cut is made for them.
    view.isClipped && curves.map(({ y }) => [y.length, y.at(-1)]),
    height,
    dark,
  ]);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const hooks = hooksFor(() => current.current, setPointed);
    const chart = new uPlot(
      plotOptions({ ...props, hooks, roomBeside: areNamed(props) ? LABEL_ROOM : 0 }, element),
      [[]],
      element,
    );
    plot.current = chart;
    const resize = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    const stop = highlighted.subscribe((id) => liftOut(chart, current.current.curves, id));
    return () => {
      stop();
      resize.disconnect();
      chart.destroy();
    };
  }, [shape]);
  useEffect(() => show(plot.current, props), [curves, shape, String(view.zoom)]);
  return (
    <div class="curve-plot">
      <div ref={host} aria-hidden="true" />
      {pointed === undefined ? null : <CurveTooltip pointed={pointed} axis={view.axis} />}
    </div>
  );
}

function areNamed({ hasNames = false, curves }: CurvePlotProps): boolean {
  return hasNames && curves.length > 1 && curves.length <= MOST_LABELS;
}

function show(plot: uPlot | null, { curves, view }: CurvePlotProps): void {
  plot?.setData(plotData(curves, view), view.zoom === undefined);
  if (view.zoom !== undefined) plot?.setScale("x", { min: view.zoom[0], max: view.zoom[1] });
}

function hooksFor(
  read: () => CurvePlotProps,
  onPoint: (pointed: Pointed | undefined) => void,
): uPlot.Hooks.Arrays {
  return {
    draw: [
      (plot) => {
        markGaps(plot, read());
        if (areNamed(read())) labelEnds(plot, read());
      },
    ],
    setCursor: [(plot) => onPoint(pointedAt(plot, read()))],
    setSeries: [
      (plot, index) => {
        if (!isUnderPointer(plot)) return;
        const { curves } = read();
        const place = index === null ? -1 : index - 1 - (plot.series.length - 1 - curves.length);
        highlighted.set(curves[place]?.id ?? "");
      },
    ],
    setSelect: [
      (plot) => {
        const { left, width } = plot.select;
        if (width < 4) return;
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        read().view.onZoom([plot.posToVal(left, "x"), plot.posToVal(left + width, "x")]);
      },
    ],
  };
}

/** Charts that only follow the cursor of another one show no values. */
function isUnderPointer(plot: uPlot): boolean {
  return plot.root.matches(":hover");
}

function pointedAt(plot: uPlot, { curves, view }: CurvePlotProps): Pointed | undefined {
  const { idx, left = -1, top = -1 } = plot.cursor;
  const x = typeof idx === "number" ? plot.data[0][idx] : undefined;
  if (x === undefined || left < 0 || !isUnderPointer(plot)) return undefined;
  const unit = unitOf(curves, view.isLog);
  const reading = readCurves(curves, x, (y) => Math.abs(plot.valToPos(y / unit, "y") - top));
  if (reading.values.length === 0) return undefined;
  return { reading, left: plot.over.offsetLeft + left, isRight: left > plot.over.clientWidth / 2 };
}

function liftOut(plot: uPlot, curves: readonly Curve[], id: string): void {
  if (isUnderPointer(plot)) return;
  const place = curves.findIndex((curve) => curve.id === id);
  const index = place < 0 ? null : place + plot.series.length - curves.length;
  plot.setSeries(index, { focus: place >= 0 });
}
