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
  /** Start of the span that is open longest. */
  oldestStart(): number | undefined;
  /** Writes every open span that was not written yet. */
  announceAll(): void;
  stop(): void;
}

/** Over this many the oldest are let go of: they are written at their end only. */
const MAX_OPEN = 10_000;
/** Work that ends sooner is written once, at its end. */
const ROUND_MS = 100;
/** Spans below the root are shown when they take longer than this. */
const CHILD_AFTER_MS = 1_000;
/** Rounds of the watchdog in `abandonAfterMs`. */
const WATCHDOG_ROUNDS = 2;
const LEFT = { status: "abandoned", statusMessage: "No news for too long." } as const;

/** Makes {@link OpenSpans}: one timer for all, which runs while a span is open and holds no process. */
export function createOpenSpans(options: OpenSpansOptions): OpenSpans {
  const open = createSpanList();
  let timer: NodeJS.Timeout | undefined;
  let nextWatch = 0;

  /** Writes the roots, and the other spans that started before `before`, once. */
  function announce(before: number): void {
    for (const span of open.each()) {
      if (span.announced || (span.parentId !== undefined && span.startTime > before)) continue;
      span.announced = true;
      options.announce(span);
    }
  }

  function round(): void {
    const time = options.now();
    announce(time - CHILD_AFTER_MS);
    if (nextWatch === 0) nextWatch = time + options.abandonAfterMs / WATCHDOG_ROUNDS;
    if (time >= nextWatch) {
      nextWatch = 0;
      endAbandoned(open);
    }
    if (open.count() === 0) stop();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    nextWatch = 0;
  }

  return Object.freeze({
    add(span: RecordedSpan): void {
      const oldest = open.count() < MAX_OPEN ? undefined : open.oldest();
      if (oldest !== undefined) open.remove(oldest);
      open.add(span);
      timer ??= setInterval(round, ROUND_MS).unref();
    },
    remove: open.remove,
    count: open.count,
    oldestStart: () => open.oldest()?.startTime,
    announceAll: () => announce(Number.POSITIVE_INFINITY),
    stop,
  });
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
