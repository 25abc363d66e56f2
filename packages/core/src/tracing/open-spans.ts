import type { RecordedSpan } from "./recorded-span.ts";
import { createSpanList, type SpanList } from "./span-list.ts";

/** What {@link createOpenSpans} takes. */
export interface OpenSpansOptions {
  readonly now: () => number;
  /** Writes a span that is still in progress. */
  readonly announce: (span: RecordedSpan) => void;
  /** Milliseconds without news after which a span is ended as abandoned. */
  readonly abandonAfterMs: number;
}

/** The spans that have not ended: shows them while they run, and ends those that were left. */
export interface OpenSpans {
  add(span: RecordedSpan): void;
  remove(span: RecordedSpan): void;
  count(): number;
  /** Writes every open span that was not written yet. */
  announceAll(): void;
  stop(): void;
}

/** Over this many the oldest are let go of: they are written at their end only. */
const MAX_OPEN = 10_000;
/** A root that ends sooner is written once, at its end. */
const ROOT_AFTER_MS = 100;
/** Spans below the root are shown when they take longer than this. */
const CHILD_AFTER_MS = 1_000;
/** Rounds of the watchdog in `abandonAfterMs`. */
const WATCHDOG_ROUNDS = 2;
/** What a timer of Node bears. */
const LONGEST_DELAY = 2 ** 31 - 1;
const LEFT = { status: "abandoned", statusMessage: "No news for too long." } as const;

/** Makes {@link OpenSpans}: one timer for all, which runs while a span is open and holds no process. */
export function createOpenSpans(options: OpenSpansOptions): OpenSpans {
  const open = createSpanList();
  const timer = createTimer(round);
  const watchEvery = options.abandonAfterMs / WATCHDOG_ROUNDS;
  let nextWatch = 0;

  /**
   * Writes the roots, and the other spans that started before `before`, once. Returns the start of the first
   * that is still to be written.
   */
  function announce(before: number): number | undefined {
    let next: number | undefined;
    for (const span of open.each()) {
      if (span.announced) continue;
      if (span.parentId !== undefined && span.startTime > before) {
        next ??= span.startTime;
        continue;
      }
      span.announced = true;
      options.announce(span);
    }
    return next;
  }

  function round(): void {
    const time = options.now();
    const next = announce(time - CHILD_AFTER_MS);
    if (nextWatch === 0) nextWatch = time + watchEvery;
    if (time >= nextWatch) {
      nextWatch = time + watchEvery;
      endAbandoned(open);
    }
    if (open.count() === 0) {
      stop();
      return;
    }
    timer.within(nextWatch - time);
    if (next !== undefined) timer.within(Math.max(ROOT_AFTER_MS, next + CHILD_AFTER_MS - time));
  }

  function stop(): void {
    timer.stop();
    nextWatch = 0;
  }

  return Object.freeze({
    add(span: RecordedSpan): void {
      const oldest = open.count() < MAX_OPEN ? undefined : open.oldest();
      if (oldest !== undefined) open.remove(oldest);
      open.add(span);
      timer.within(span.parentId === undefined ? ROOT_AFTER_MS : CHILD_AFTER_MS);
    },
    remove(span: RecordedSpan): void {
      open.remove(span);
      // A timer that finds nothing to do would cost an idle app more than one that is set anew.
      if (open.count() === 0) stop();
    },
    count: open.count,
    announceAll: () => void announce(Number.POSITIVE_INFINITY),
    stop,
  });
}

interface Timer {
  /** Calls back once, after so many milliseconds or sooner. */
  within(milliseconds: number): void;
  stop(): void;
}

/** One timer, which holds no process. */
function createTimer(callback: () => void): Timer {
  let timer: NodeJS.Timeout | undefined;
  let delay = 0;

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    within(milliseconds) {
      if (timer !== undefined && delay <= milliseconds) return;
      stop();
      delay = Math.min(milliseconds, LONGEST_DELAY);
      timer = setTimeout(() => {
        timer = undefined;
        callback();
      }, delay).unref();
    },
    stop,
  };
}

/** News of a span are news of all above it: a parent waits, it is not left. */
function endAbandoned(open: SpanList): void {
  for (const { lineage } of open.each()) {
    if (lineage.idleRounds > 0) continue;
    for (let above = lineage.parent; above !== undefined; above = above.parent) {
      above.idleRounds = 0;
    }
  }
  for (const span of open.each()) {
    if (span.lineage.idleRounds >= WATCHDOG_ROUNDS) span.end(LEFT);
    else span.lineage.idleRounds++;
  }
}
