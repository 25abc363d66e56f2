import type { RecordedSpan } from "./recorded-span.ts";
import { tellAbove } from "./span-draft.ts";
import { WatchTable } from "./span-watch.ts";
import type { ActiveSpan, SpanWatch, SpanWatchOptions } from "./tracing.ts";

/** What {@link createOpenSpans} takes. */
export interface OpenSpansOptions {
  readonly now: () => number;
  /** Writes a span that is still in progress. */
  readonly announce: (span: RecordedSpan) => void;
  /** Milliseconds without news after which a span is ended as abandoned. */
  readonly abandonAfterMs: number;
  readonly reportError: (error: unknown) => void;
}

/** The spans that have not ended: writes them while they run, and ends the abandoned ones. */
export interface OpenSpans {
  add(span: RecordedSpan): void;
  remove(span: RecordedSpan): void;
  count(): number;
  /** See `Tracing.watchSpan`. */
  watch(span: ActiveSpan, options: SpanWatchOptions): SpanWatch;
  /** Writes every open span that has not been written yet. */
  announceAll(): void;
  /** Ends the watched spans: nothing more will be recorded. */
  close(): void;
}

/** Above this number the oldest are dropped from the table: they are written only when they end. */
const MAX_OPEN = 10_000;
/** A root that ends sooner is written once, at its end. */
const ROOT_AFTER_MS = 100;
/** Spans below the root are shown when they take longer than this. */
const CHILD_AFTER_MS = 1_000;
/** Longest time between two searches for abandoned spans. */
const SWEEP_MS = 60_000;
const LEFT = { status: "abandoned", statusMessage: "No news for too long." } as const;

/** Makes {@link OpenSpans}: one timer for all, which goes on while a span is open and holds no process. */
export function createOpenSpans(options: OpenSpansOptions): OpenSpans {
  const { now, abandonAfterMs, reportError } = options;
  const open = new Set<RecordedSpan>();
  const timer = createOneTimer(round);
  const watches = new WatchTable({ now, abandonAfterMs, reportError, within: timer.within });
  const announce = (before: number): number | undefined => announceSome(open, before, options);

  function round(): void {
    const time = now();
    const next = announce(time - CHILD_AFTER_MS);
    const sweepEvery = Math.min(abandonAfterMs / 2, watches.shortest() / 2, SWEEP_MS);
    watches.grow();
    sweep(open, watches, { time, abandonAfterMs });
    if (open.size + watches.size === 0) return;
    timer.within(sweepEvery);
    if (next !== undefined) timer.within(Math.max(ROOT_AFTER_MS, next + CHILD_AFTER_MS - time));
  }

  return Object.freeze<OpenSpans>({
    add(span) {
      const [oldest] = open.size < MAX_OPEN ? [] : open;
      if (oldest !== undefined) open.delete(oldest);
      open.add(span);
      timer.within(span.parentId === undefined ? ROOT_AFTER_MS : CHILD_AFTER_MS);
    },
    remove: (span) => void open.delete(span),
    count: () => open.size,
    watch: (span, watchOptions) => watches.watch(span, watchOptions),
    announceAll: () => void announce(Number.POSITIVE_INFINITY),
    close() {
      watches.close();
      timer.stop();
    },
  });
}

/**
 * Writes the roots, and the other spans that started before `before`, once. Returns the start of the first
 * that is still to be written.
 */
function announceSome(
  open: Iterable<RecordedSpan>,
  before: number,
  { announce }: Pick<OpenSpansOptions, "announce">,
): number | undefined {
  let next: number | undefined;
  for (const span of open) {
    if (span.announced) continue;
    if (span.parentId !== undefined && span.startTime > before) {
      next ??= span.startTime;
      continue;
    }
    span.announced = true;
    announce(span);
  }
  return next;
}

/** Ends abandoned spans, watched ones first: their watcher knows what they produced so far. */
function sweep(
  open: Iterable<RecordedSpan>,
  watches: WatchTable,
  { time, abandonAfterMs }: { readonly time: number; readonly abandonAfterMs: number },
): void {
  for (const { lineage } of open) tellAbove(lineage);
  watches.sweep(time);
  for (const span of open) {
    if (time - span.lineage.lastNews > abandonAfterMs) span.end(LEFT);
  }
}

/** A timer for the nearest of several times, which does not keep the process alive. */
interface OneTimer {
  /** Calls back once, at the latest after this many milliseconds. */
  within(milliseconds: number): void;
  stop(): void;
}

/** The longest delay of a Node timer: a longer one fires at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** Makes a {@link OneTimer}. */
function createOneTimer(callback: () => void): OneTimer {
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
