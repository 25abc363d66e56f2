import { formatMetric } from "../format/numbers.ts";
import { formatDuration, formatTime } from "../format/times.ts";
import type { XAxis } from "./curves.ts";

/** What each x axis is called. */
export const AXIS_WORDS: Readonly<Record<XAxis, string>> = {
  step: "Step",
  time: "Time",
  relative: "Since start",
};

/** A place on the x axis; times are in seconds. */
export function formatX(x: number, axis: XAxis): string {
  if (axis === "step") return formatMetric(x);
  return axis === "time" ? formatTime(x * 1000) : formatDuration(Math.max(0, x * 1000));
}
