import type { MetricsWrite, SpanWrite } from "./records.ts";

/**
 * The hot path. `append…` serialises at once, never throws and never waits; what it takes is in the spool
 * at the latest when the current tick of the event loop ends.
 */
export interface Journal {
  /** A span, at its start or end; the later write wins field by field. `false`: dropped, and counted. */
  appendSpan(write: SpanWrite): boolean;
  appendMetrics(write: MetricsWrite): boolean;
  /** Resolves when everything appended so far is in the store and readable. */
  flush(): Promise<void>;
  stats(): JournalStats;
}

/** How the journal is doing. */
export interface JournalStats {
  /** Records taken since the start, and not lost since. */
  readonly appended: number;
  /**
   * Records that are lost: a bound was reached, they could not be serialised, written or stored, or their files
   * were taken away. With `appended` it is all that was tried, and what ended processes have left damaged.
   */
  readonly dropped: number;
  /** Bytes taken but not yet in the store. */
  readonly pendingBytes: number;
  /** Where they wait. */
  readonly medium: "spool" | "memory";
}
