import type { TraceAggregate } from "@rivulet/core";
import { bucketStarts, type Period } from "./period.ts";

/** The sums of each bucket of a period; `undefined` where there were no traces. */
export interface Buckets {
  readonly starts: readonly number[];
  readonly sums: readonly (TraceAggregate | undefined)[];
}

/** Puts sums in the buckets of a period; what is not of it is left out. */
export function inBuckets(sums: readonly TraceAggregate[], period: Period): Buckets {
  const byStart = new Map(sums.map((sum) => [sum.bucket, sum]));
  const starts = bucketStarts(period);
  return { starts, sums: starts.map((start) => byStart.get(start)) };
}

/** A value of each bucket. Without traces there is none, unless nothing counts as zero. */
export function valuesOf(
  { sums }: Buckets,
  value: (sum: TraceAggregate) => number | undefined,
  empty: 0 | null = null,
): readonly (number | null)[] {
  return sums.map((sum) => (sum === undefined ? empty : (value(sum) ?? empty)));
}
