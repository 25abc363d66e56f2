import type { SpanNode } from "./span-tree.ts";

/** A stretch of time. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Where times are drawn: 0 is the beginning of the trace, 1 its end. */
export interface TimeScale extends Stretch {
  /** Milliseconds of the whole trace. */
  readonly length: number;
  /** The place of a time. */
  readonly placeOf: (time: number) => number;
  /** The time at a place. */
  readonly timeAt: (place: number) => number;
  /** Stretches in which nothing ran and that are drawn shorter than they were. */
  readonly gaps: readonly Stretch[];
}

/** A gap that takes at least this share of a trace is worth leaving out. */
const WORTH_SKIPPING = 0.05;
/** The share of the busy time that a shortened gap still takes. */
const SHORTENED = 0.03;

/** The scale of a trace; spans in progress last until `now`. `skipsIdle` shortens the gaps in which nothing ran. */
export function timeScale(
  nodes: readonly SpanNode[],
  { now, skipsIdle }: { readonly now: number; readonly skipsIdle: boolean },
): TimeScale {
  const whole = wholeTime(nodes, now);
  const gaps = skipsIdle ? idleGaps(nodes, whole, now) : [];
  const idle = gaps.reduce((sum, gap) => sum + gap.end - gap.start, 0);
  const length = whole.end - whole.start;
  const shortened = (length - idle) * SHORTENED;
  const drawn = length - idle + gaps.length * shortened;
  const knots: [time: number, place: number][] = [[whole.start, 0]];
  let place = 0;
  let before = whole.start;
  for (const gap of gaps) {
    place += (gap.start - before) / drawn;
    knots.push([gap.start, place]);
    place += shortened / drawn;
    knots.push([gap.end, place]);
    before = gap.end;
  }
  knots.push([whole.end, 1]);
  return {
    ...whole,
    length,
    gaps,
    placeOf: (time) => between(knots, time),
    timeAt: (at) =>
      between(
        knots.map(([time, where]) => [where, time]),
        at,
      ),
  };
}

/** The time that a trace covers. */
function wholeTime(nodes: readonly SpanNode[], now: number): Stretch {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { span } of nodes) {
    start = Math.min(start, span.startTime);
    end = Math.max(end, span.endTime ?? now);
  }
  return { start, end: Math.max(end, start + 0.001) };
}

/** Long stretches in which no span without children ran: what encloses others only waits meanwhile. */
function idleGaps(nodes: readonly SpanNode[], whole: Stretch, now: number): readonly Stretch[] {
  const busy = nodes
    .filter((node) => node.childCount === 0)
    .map(({ span }) => ({ start: span.startTime, end: span.endTime ?? now }))
    .sort((a, b) => a.start - b.start);
  const least = (whole.end - whole.start) * WORTH_SKIPPING;
  const gaps: Stretch[] = [];
  let until = whole.start;
  for (const { start, end } of [...busy, { start: whole.end, end: whole.end }]) {
    if (start - until > least) gaps.push({ start: until, end: start });
    until = Math.max(until, end);
  }
  return gaps;
}

/** Follows straight lines from knot to knot, and the first and last of them beyond. */
function between(knots: readonly (readonly [from: number, to: number])[], value: number): number {
  const next = Math.max(
    1,
    knots.findIndex(([from], index) => index > 0 && value <= from),
  );
  const isBeyond = value > (knots.at(-1)?.[0] ?? 0);
  const last = isBeyond ? knots.length - 1 : next;
  const [fromA, toA] = knots[last - 1] ?? [0, 0];
  const [fromB, toB] = knots[last] ?? [1, 1];
  return fromB === fromA ? toA : toA + ((value - fromA) / (fromB - fromA)) * (toB - toA);
}
