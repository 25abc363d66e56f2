import type { AttachmentBytes, MetricsWrite, SpanWrite } from "./records.ts";

/**
 * The hot path for spans and metric points. `append…` serialises at once, never throws and never waits; a record is in
 * the spool by the end of the current event-loop tick.
 */
export interface Journal {
  /** A span, at its start or end; the later write wins field by field. @returns `false` when it was dropped, which is counted */
  appendSpan(write: SpanWrite): boolean;
  /** Points of a run's metrics. @returns `false` when they were dropped, which is counted */
  appendMetrics(write: MetricsWrite): boolean;
  /**
   * The bytes of a file that spans refer to, once per hash; written outside of this thread. Nobody must change them
   * afterwards.
   *
   * @returns `false` when it was dropped, which is counted
   */
  appendAttachment(file: AttachmentBytes): boolean;
  /** Resolves when everything appended so far is in the database and can be read. */
  flush(): Promise<void>;
  /** Counters since the store was opened. */
  stats(): JournalStats;
}

/** Counters of a journal. */
export interface JournalStats {
  /** Records accepted since the start and not lost since. */
  readonly appended: number;
  /**
   * Lost records: a limit was reached, they could not be serialised, written or stored, or their files were removed.
   * Also counts damaged records of earlier processes.
   */
  readonly dropped: number;
  /** Files of spans that were not kept: too many on their way, no room in the store, or they could not be written. */
  readonly droppedAttachments: number;
  /** Bytes accepted but not yet in the store, files of spans included. */
  readonly pendingBytes: number;
  /** Where pending records wait. */
  readonly medium: "spool" | "memory";
}
