import type { XAxis } from "./curves.ts";

/** A part of the x axis. */
export type Range = readonly [from: number, to: number];

/** How charts are drawn; the same for all of a page. */
export interface ChartView {
  readonly axis: XAxis;
  readonly isLog: boolean;
  /** The y axis ends where nearly all values do: the few far beyond are cut off. */
  readonly isClipped: boolean;
  /** The part that is looked at; absent for all of it. */
  readonly zoom: Range | undefined;
  readonly onZoom: (zoom: Range | undefined) => void;
}
