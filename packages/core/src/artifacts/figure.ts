import { RivuletError } from "@rivulet/domain";
import { readInput } from "../validation.ts";
import type { ArtifactContent } from "./artifact-content.ts";
import { exactJson } from "./exact-json.ts";
import { type ImageBytes, imageTypeOf } from "./image-type.ts";

/** A figure: SVG as text, an image as bytes, or a chart of Vega-Lite (https://vega.github.io/vega-lite) or Plotly. */
export type Figure = string | ImageBytes | object;

/** A figure as it is stored. */
export interface FigureContent {
  readonly content: ArtifactContent;
  readonly contentType: string;
}

/** What a chart of Vega-Lite has at least one of. */
const VEGA_LITE = ["mark", "layer", "hconcat", "vconcat", "concat", "facet", "repeat", "spec"];

/** What a figure is. @throws RivuletError `invalid_argument` for what is none */
export async function readFigure(figure: unknown): Promise<FigureContent> {
  // Taken before anything is waited for, because the app may change it.
  const { content, contentType } = readInput("figure", () => takeFigure(figure));
  if (contentType !== undefined) return { content, contentType };
  return { content, contentType: (await imageTypeOf(content, "figure")).contentType };
}

interface TakenFigure {
  readonly content: ArtifactContent;
  /** Absent for an image, whose bytes say it. */
  readonly contentType?: string;
}

function takeFigure(figure: unknown): TakenFigure {
  if (typeof figure === "string") {
    if (/<svg[\s>]/.test(figure)) return { content: figure, contentType: "image/svg+xml" };
    throw noFigure("text that is no SVG");
  }
  if (typeof figure !== "object" || figure === null) throw noFigure(`a ${typeof figure}`);
  if (figure instanceof Blob) return { content: figure };
  if (figure instanceof ArrayBuffer || ArrayBuffer.isView(figure)) {
    return { content: structuredClone(figure) };
  }
  const contentType = chartTypeOf(figure);
  if (contentType === undefined) throw noFigure("an object of neither Vega-Lite nor Plotly");
  return { content: exactJson(figure, "figure"), contentType };
}

function chartTypeOf(chart: object): string | undefined {
  const schema = "$schema" in chart ? String(chart.$schema) : "";
  const [, dialect = "", version = "5"] = /\/(vega(?:-lite)?)\/v(\d+)/.exec(schema) ?? [];
  if (dialect === "vega") return `application/vnd.vega.v${version}+json`;
  if (dialect !== "" || VEGA_LITE.some((name) => Object.hasOwn(chart, name)))
    return `application/vnd.vegalite.v${version}+json`;
  if ("data" in chart && Array.isArray(chart.data)) return "application/vnd.plotly.v1+json";
  return undefined;
}

function noFigure(what: string): RivuletError {
  return new RivuletError(
    "invalid_argument",
    `figure must be SVG text, the bytes of an image, or a chart of Vega-Lite or Plotly; it is ${what}.`,
    { details: { field: "figure" } },
  );
}
