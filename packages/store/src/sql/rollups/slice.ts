import type { Condition, FilterClause } from "@rivulet/domain";
import type { SqlValue } from "../database.ts";
import { toMicros, toMillis } from "../values.ts";

/** Length of the slices of time by which traces are summed up behind their rows, in microseconds: five minutes. */
export const SLICE_US = 300_000_000;

/** An expression: the slice that a time in microseconds is in, by its start. */
export function sliceOf(expression: string): string {
  return `${expression} - ${expression} % ${SLICE_US}`;
}

/** From a time in microseconds up to, but not including, another. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** All times that are stored. */
export const ALL_TIME: Stretch = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

/** The conditions for traces that start in a stretch, as a filter: so the index by time is used. */
export function startsIn({ from, to }: Stretch): readonly Condition[] {
  const field = { kind: "attribute", key: "startTime" } as const;
  const clauses: readonly FilterClause[] = [
    { field, operator: ">=", value: toMillis(from) },
    { field, operator: "<", value: toMillis(to) },
  ];
  return clauses.filter((_, place) => (place === 0 ? from > ALL_TIME.from : to < ALL_TIME.to));
}

/** Where a trace counts. */
export interface CountedAt {
  readonly experimentId: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
}

/** The slices that traces count in, each once: experiment and start. Times before 1970 are in none. */
export function slicesOf(traces: Iterable<CountedAt>): readonly (readonly SqlValue[])[] {
  const slices = new Map<string, readonly [string, number]>();
  for (const { experimentId, startTime } of traces) {
    const start = toMicros(startTime);
    const slice = start - (start % SLICE_US);
    if (start >= 0) slices.set(`${slice} ${experimentId}`, [experimentId, slice]);
  }
  return [...slices.values()].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
}
