import type { ChartView, Range } from "../../charts/chart-view.ts";
import type { XAxis } from "../../charts/curves.ts";
import { setQueryState, useQueryState } from "../../routing/query-state.ts";

const AXES: readonly XAxis[] = ["step", "time", "relative"];

/** How all charts of a page are drawn, kept in the URL. */
export function useChartView(): ChartView {
  const [axisText] = useQueryState("x", "step");
  const [scale] = useQueryState("y");
  const [outliers] = useQueryState("outliers");
  const [zoom, setZoom] = useQueryState("zoom");
  return {
    axis: AXES.find((axis) => axis === axisText) ?? "step",
    isLog: scale === "log",
    isClipped: outliers === "cut",
    zoom: readRange(zoom),
    onZoom: (range) =>
      setZoom(range === undefined ? "" : range.map((end) => Number(end.toPrecision(14))).join("~")),
  };
}

/** Another x axis shows all of it. */
export function setAxis(axis: XAxis): void {
  setQueryState({ x: axis === "step" ? "" : axis, zoom: "" });
}

/** Weight of the moving average: 0 to 0.99. */
export function useSmoothing(): number {
  const [text] = useQueryState("smoothing", "0");
  return Math.min(0.99, Math.max(0, Number(text) || 0));
}

function readRange(text: string): Range | undefined {
  const [from = Number.NaN, to = Number.NaN] = text.split("~").map(Number);
  return text !== "" && from < to ? [from, to] : undefined;
}

/** A set of names in the URL. */
export interface NameSet {
  readonly names: readonly string[];
  readonly has: (name: string) => boolean;
  readonly toggle: (name: string) => void;
  readonly set: (names: readonly string[]) => void;
}

/** A set of names kept in the URL, whatever letters they are of. */
export function useNameSet(parameter: string): NameSet {
  const [text, setText] = useQueryState(parameter);
  const names = text === "" ? [] : text.split(",").map(unescapeName);
  const write = (next: readonly string[]): void => setText(next.map(escapeName).join(","));
  return {
    names,
    has: (name) => names.includes(name),
    toggle: (name) =>
      write(names.includes(name) ? names.filter((one) => one !== name) : [...names, name]),
    set: write,
  };
}

/** Only what separates names is escaped: the URL escapes the rest by itself. */
function escapeName(name: string): string {
  return name.replaceAll("!", "!!").replaceAll(",", "!c");
}

function unescapeName(text: string): string {
  return text.replaceAll(/!(.)/g, (_, sign: string) => (sign === "c" ? "," : sign));
}
