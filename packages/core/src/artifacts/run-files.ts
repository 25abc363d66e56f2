import type { MetricPoint } from "@rivulet/domain";
import type { ArtifactContent } from "./artifact-content.ts";
import type { Figure } from "./figure.ts";
import type { ImageBytes } from "./image-type.ts";
import type { TableData } from "./table.ts";

/** How a run's handle keeps files. Paths are labels within the run, such as `model/weights.json`. */
export interface RunFiles {
  /**
   * Keeps bytes, a stream, text or a JSON value under a label such as `model/weights.json`.
   *
   * @throws RivuletError `invalid_argument`, `limit_exceeded`; `conflict` when the run is deleted; what a stream throws
   */
  logArtifact(
    path: string,
    content: ArtifactContent,
    options?: { readonly contentType?: string },
  ): Promise<void>;
  /**
   * Keeps a file of this machine. @param path the label. @default the file's name
   *
   * @throws RivuletError as `logArtifact` does; `not_found` when there is no such file
   */
  logFile(file: string, path?: string, options?: { readonly contentType?: string }): Promise<void>;
  /**
   * Keeps all files in a folder of this machine. @param path the folder within the run. @default its top
   *
   * @throws RivuletError as `artifacts.putFolder` does
   */
  logFolder(folder: string, path?: string): Promise<void>;
  /** Keeps text. @throws RivuletError as `logArtifact` does */
  logText(path: string, text: string): Promise<void>;
  /** Keeps a value as YAML when the path ends in `.yaml` or `.yml`, else as JSON. @throws RivuletError as `logArtifact` does */
  logDict(path: string, value: object): Promise<void>;
  /**
   * Keeps rows as MLflow's table, `{ columns, data }` in JSON; NaN and ±Infinity by their names, as text. A table that is
   * there is appended to; appends by many at once, also in other processes, lose nothing.
   *
   * @throws RivuletError as `logArtifact` does; `invalid_argument` when the columns are not those of the table
   */
  logTable(path: string, data: TableData): Promise<void>;
  /**
   * Keeps a figure: SVG as text, a PNG, JPEG, GIF or WebP as bytes, or a chart of Vega-Lite or Plotly as an object.
   *
   * @throws RivuletError as `logArtifact` does; `invalid_argument` for what is no figure
   */
  logFigure(path: string, figure: Figure): Promise<void>;
  /**
   * Keeps one of a series of images under `images/`, named as MLflow names them. @param image a PNG, JPEG, GIF or WebP
   *
   * @throws RivuletError as `logArtifact` does; `invalid_argument` for what is no image
   */
  logImage(image: ImageBytes, options: ImageOptions): Promise<void>;
}

/** Where in a series an image is. */
export interface ImageOptions extends Partial<Pick<MetricPoint, "step" | "timestamp">> {
  /** Name of the series, such as `samples/faces`. */
  readonly key: string;
  /** A whole number from 0. @default 0 */
  readonly step?: number;
  /** Milliseconds since the epoch. @default now */
  readonly timestamp?: number;
}
