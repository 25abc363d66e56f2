import { readTimeRange, writeTimeRange } from "../../lists/filter/time-range.ts";

/** The time that a page is about, cut into buckets. */
export interface Period {
  /** Milliseconds since the epoch; `to` is not part of it. */
  readonly from: number;
  readonly to: number;
  /** Length of a bucket. Buckets begin at its multiples since the epoch, as the API has them. */
  readonly bucketMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What time is cut into: what people count in. */
const BUCKETS: readonly number[] = [
  ...[15_000, MINUTE / 2, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE],
  ...[HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 30 * DAY, 90 * DAY],
];
/** More bars than this are too thin to point at. */
const MOST_BUCKETS = 60;

/** The period of a range as the URL has it; `first` is where time begins if the range does not say. */
export function readPeriod(range: string, { now, first }: { now: number; first: number }): Period {
  const { from = first, to = now } = readTimeRange(range, now);
  return periodBetween(Math.min(from, to - MINUTE), to);
}

function periodBetween(from: number, to: number): Period {
  const bucketMs = BUCKETS.find((size) => (to - from) / size <= MOST_BUCKETS) ?? 365 * DAY;
  return { from, to, bucketMs };
}

/** As long a time, just before. */
export function periodBefore({ from, to, bucketMs }: Period): Period {
  return { from: from - (to - from), to: from, bucketMs };
}

/** Where the buckets of a period start, oldest first. */
export function bucketStarts({ from, to, bucketMs }: Period): readonly number[] {
  const first = Math.floor(from / bucketMs) * bucketMs;
  return Array.from({ length: Math.ceil((to - first) / bucketMs) }, (_, i) => first + i * bucketMs);
}

/** A bucket as the range of a list. */
export function bucketRange(start: number, { from, to, bucketMs }: Period): string {
  return writeTimeRange({ from: Math.max(start, from), to: Math.min(start + bucketMs, to) });
}

const LENGTHS: readonly (readonly [ms: number, unit: string])[] = [
  [DAY, "d"],
  [HOUR, "h"],
  [MINUTE, "min"],
];

/** How long it is: `24 h`, `7 d`. */
export function lengthWords({ from, to }: Period): string {
  const ms = to - from;
  const [size, unit] = LENGTHS.find(([one]) => ms >= 2 * one) ?? [MINUTE, "min"];
  return `${Math.round(ms / size)} ${unit}`;
}
