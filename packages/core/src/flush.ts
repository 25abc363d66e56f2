import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Journal, JournalStats } from "@rivulet/store";
import type { SamplingStats } from "./tracing/sampling/sampling-options.ts";

/** What a flush did, and what has become of the rest since the flush before. */
export interface FlushReport {
  /** Records that are in the store now: one per span that has ended, one per span that runs for long, metric points. */
  readonly written: number;
  /** What will not be in the store. Failures have been told to `onError`. */
  readonly dropped: DroppedSince;
  /** Spans that have not ended. They are in the store as running; their ends need another flush. */
  readonly openSpans: number;
  /** Traces that tail sampling has yet to decide about. They are in the store until it drops them. */
  readonly undecidedTraces: number;
  /** Bytes that were recorded meanwhile, and are on their way. */
  readonly pendingBytes: number;
  /** Failures that were reported. */
  readonly errors: number;
}

/** What was dropped since the flush before, by reason. */
export interface DroppedSince {
  /** Records that had no room in the journal, or could not be serialised, written or stored. */
  readonly records: number;
  /** Files of spans that were too large, had no room, or could not be written. */
  readonly files: number;
  /** Traces that `sampleRate`, or the service that called, left out. */
  readonly unsampledTraces: number;
  /** Traces that `tailSampling` dropped. */
  readonly sampledOutTraces: number;
}

/** Counters that a {@link FlushReport} is made of. */
export interface FlushCounters {
  readonly journal: JournalStats;
  readonly openSpans: number;
  readonly sampling: SamplingStats;
  readonly errors: number;
}

/** What {@link createFlush} works with. */
export interface FlushParts {
  /** Gives the journal what is in progress. */
  readonly announce: () => void;
  readonly journal: Pick<Journal, "flush">;
  /** Resolves when what was dropped is out of the store. */
  readonly settled: () => Promise<void>;
  readonly counters: () => FlushCounters;
}

/** The flushes of a client. */
export interface Flush {
  /** Resolves when everything recorded so far is in the store. */
  now(): Promise<void>;
  /** The same, with what has become of everything since the last report. */
  andTell(): Promise<FlushReport>;
}

type Totals = Omit<FlushReport, "openSpans" | "undecidedTraces" | "pendingBytes">;

const NOTHING: Totals = {
  written: 0,
  dropped: { records: 0, files: 0, unsampledTraces: 0, sampledOutTraces: 0 },
  errors: 0,
};

/** Makes {@link Flush}. */
export function createFlush({ announce, journal, settled, counters }: FlushParts): Flush {
  let told = NOTHING;

  async function now(): Promise<void> {
    announce();
    await journal.flush();
    await settled();
  }

  return {
    now,
    async andTell() {
      announce();
      const { appended } = counters().journal;
      await now();
      const { openSpans, sampling, ...after } = counters();
      const totals = totalsOf({ openSpans, sampling, ...after }, appended);
      const report = {
        ...since(told, totals),
        openSpans,
        undecidedTraces: sampling.undecidedTraces,
        pendingBytes: after.journal.pendingBytes,
      };
      told = totals;
      return report;
    },
  };
}

/** @param appended what the journal had when the flush began: later records may not be in the store */
function totalsOf({ journal, sampling, errors }: FlushCounters, appended: number): Totals {
  return {
    written: Math.min(appended, journal.appended),
    dropped: {
      records: journal.dropped,
      files: journal.droppedAttachments,
      unsampledTraces: sampling.unsampledTraces,
      sampledOutTraces: sampling.droppedTraces,
    },
    errors,
  };
}

function since(before: Totals, after: Totals): Totals {
  const { records, files, unsampledTraces, sampledOutTraces } = before.dropped;
  return {
    written: Math.max(0, after.written - before.written),
    dropped: {
      records: after.dropped.records - records,
      files: after.dropped.files - files,
      unsampledTraces: after.dropped.unsampledTraces - unsampledTraces,
      sampledOutTraces: after.dropped.sampledOutTraces - sampledOutTraces,
    },
    errors: after.errors - before.errors,
  };
}

/** What {@link createBackgroundFlush} works with. */
export interface BackgroundFlushParts {
  readonly flush: () => Promise<void>;
  /** Keeps the platform from freezing the process until the promise settles. */
  readonly waitUntil: (flushed: Promise<void>) => unknown;
  readonly reportError: (error: unknown) => void;
}

/**
 * Makes what is called when a trace ends: it flushes, and tells the platform to wait for that. The platform is told
 * each time, because it waits per request; those that end before a flush begins share it. What is recorded while the
 * platform is told is flushed as well, but not told of. Never throws, and its promises never reject.
 */
export function createBackgroundFlush({
  flush,
  waitUntil,
  reportError,
}: BackgroundFlushParts): () => void {
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  const telling = new AsyncLocalStorage<boolean>();

  async function flushAfter(before: Promise<void>): Promise<void> {
    await before;
    // What ends in the same turn comes along.
    await nextTurn();
    next = undefined;
    await flush().catch(reportError);
  }

  async function tell(flushed: Promise<void>): Promise<void> {
    try {
      await telling.run(true, () => waitUntil(flushed));
    } catch (error) {
      reportError(error);
    }
  }

  return () => {
    if (next === undefined) {
      next = flushAfter(last);
      last = next;
    }
    // The platform may record what it does with a promise: to tell it of that trace would make the next one, for ever.
    if (telling.getStore() !== true) void tell(next);
  };
}
