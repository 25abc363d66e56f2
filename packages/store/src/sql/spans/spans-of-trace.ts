import { toMicros } from "../values.ts";
import type { TraceSummary } from "./trace-summary.ts";

/**
 * The condition that a span belongs to a trace, both given by the names of their rows. It says when the span
 * can have started, too: a database that keeps spans apart by that looks nowhere else.
 */
export function spansOfTrace(span: string, trace: string): string {
  return `${span}.trace_id = ${trace}.id AND ${span}.start_us BETWEEN ${trace}.first_span_us AND ${trace}.last_span_us`;
}

/** Start times of the first and the last span of some traces, in microseconds. */
export function spanTimes(
  traces: readonly Pick<TraceSummary, "firstSpanTime" | "lastSpanTime">[],
): readonly [first: number, last: number] {
  const first = traces.reduce((time, trace) => Math.min(time, trace.firstSpanTime), Infinity);
  const last = traces.reduce((time, trace) => Math.max(time, trace.lastSpanTime), -Infinity);
  return [toMicros(first), toMicros(last)];
}
