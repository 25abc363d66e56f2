import { formatMetric } from "../format/numbers.ts";
import { AXIS_WORDS, formatX } from "./axis-words.ts";
import { type Curve, dashOf, PALETTE_SIZE, type XAxis } from "./curves.ts";

/** A chart as it is kept. */
export interface SavedChart {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly axis: XAxis;
  readonly isLog: boolean;
}

/** Size of a picture, in pixels. */
export const SVG_SIZE = { width: 960, height: 540 } as const;

const NAMES_WIDTH = 220;
const BOX = { left: 70, top: 44, right: SVG_SIZE.width - NAMES_WIDTH - 20, bottom: 490 } as const;
const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;
/** Names that fit beside the chart. */
const MAX_NAMES = 24;

/** A chart as SVG, with its own colours and names. */
export function chartSvg(chart: SavedChart): string {
  const svg = element("svg", { viewBox: `0 0 ${SVG_SIZE.width} ${SVG_SIZE.height}`, ...SVG_SIZE });
  const colors = palette();
  const font = { "font-family": "system-ui, sans-serif", "font-size": 12, fill: colors.ink };
  const root = element("g", font);
  svg.append(element("rect", { ...SVG_SIZE, fill: colors.ground }), root);
  root.append(words(chart.title, { x: BOX.left, y: 26, "font-size": 16, "font-weight": 600 }));
  const scale = scaleOf(chart);
  drawAxes(root, { chart, scale, line: colors.line });
  chart.curves.forEach((curve, index) => {
    const look = {
      fill: "none",
      stroke: colors.curves[curve.color % PALETTE_SIZE] ?? colors.ink,
      "stroke-width": 1.75,
      "stroke-dasharray": dashOf(curve.color).join(" "),
    };
    root.append(element("path", { d: pathOf(curve, scale), ...look }));
    if (index >= MAX_NAMES) return;
    const y = BOX.top + 8 + index * 18;
    root.append(
      element("path", { d: `M${BOX.right + 20} ${y}h24`, ...look }),
      words(curve.label.slice(0, 30), { x: BOX.right + 50, y: y + 4 }),
    );
  });
  return new XMLSerializer().serializeToString(svg);
}

interface Scale {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly xAt: (share: number) => number;
  readonly yAt: (share: number) => number;
}

function scaleOf({ curves, isLog }: SavedChart): Scale {
  const xs = boundsOf(curves.flatMap(({ x }) => x));
  const toLog = (value: number): number => (isLog ? Math.log10(value) : value);
  const ys = boundsOf(curves.flatMap(({ y }) => y.map(toLog)));
  const yAt = (share: number): number => ys.from + share * ys.width;
  return {
    x: (value) => BOX.left + ((value - xs.from) / xs.width) * (BOX.right - BOX.left),
    y: (value) => BOX.bottom - ((toLog(value) - ys.from) / ys.width) * (BOX.bottom - BOX.top),
    xAt: (share) => xs.from + share * xs.width,
    yAt: (share) => (isLog ? 10 ** yAt(share) : yAt(share)),
  };
}

function boundsOf(values: readonly number[]): { readonly from: number; readonly width: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  return Number.isFinite(from) ? { from, width: to - from || 1 } : { from: 0, width: 1 };
}

function drawAxes(
  root: Element,
  { chart, scale, line }: { chart: SavedChart; scale: Scale; line: string },
): void {
  for (const share of TICKS) {
    const x = BOX.left + share * (BOX.right - BOX.left);
    const y = BOX.bottom - share * (BOX.bottom - BOX.top);
    root.append(
      element("path", { d: `M${BOX.left} ${y}H${BOX.right}`, stroke: line }),
      words(formatMetric(scale.yAt(share)), { x: BOX.left - 8, y: y + 4, "text-anchor": "end" }),
      words(formatX(scale.xAt(share), chart.axis), {
        x,
        y: BOX.bottom + 20,
        "text-anchor": "middle",
        "font-size": 11,
      }),
    );
  }
  const middle = (BOX.left + BOX.right) / 2;
  root.append(
    words(AXIS_WORDS[chart.axis], { x: middle, y: BOX.bottom + 40, "text-anchor": "middle" }),
  );
}

/** What cannot be drawn breaks the line; a point that stands alone becomes a dash. */
function pathOf({ x, y }: Curve, scale: Scale): string {
  let isLine = false;
  const parts = x.map((value, index) => {
    const place = scale.y(y[index] ?? Number.NaN);
    const command = isLine ? "L" : "M";
    const isNextDrawn = Number.isFinite(scale.y(y[index + 1] ?? Number.NaN));
    const isAlone = !(isLine || isNextDrawn);
    isLine = Number.isFinite(place);
    if (!isLine) return "";
    return `${command}${scale.x(value).toFixed(1)} ${place.toFixed(1)}${isAlone ? "m-2 0h4" : ""}`;
  });
  return parts.join("");
}

function palette() {
  const probe = document.createElement("span");
  document.body.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return toHex(getComputedStyle(probe).color);
  };
  const colors = {
    ink: read("text"),
    line: read("line"),
    ground: read("surface"),
    curves: Array.from({ length: PALETTE_SIZE }, (_, index) => read(`curve-${index}`)),
  };
  probe.remove();
  return colors;
}

/** Other programs do not all know `oklch()`. */
function toHex(color: string): string {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return color;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

type Attributes = Readonly<Record<string, string | number>>;

function element(name: string, attributes: Attributes): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function words(text: string, attributes: Attributes): SVGElement {
  const made = element("text", attributes);
  made.textContent = text;
  return made;
}
