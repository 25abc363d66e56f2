/**
 * Share of traces, 0 to 1; or shares by the names of traces, of which the first that fits counts. A `*` in a name
 * stands for any text: `{ "GET /health": 0, "checkout*": 1, "*": 0.1 }`. What no name fits is recorded.
 */
export type SampleRate = number | Readonly<Record<string, number>>;

/** Which traces are kept once it is known how they went. One reason is enough. */
export interface TailSamplingOptions {
  /** Keep traces in which a span failed, even if the app went on. @default true */
  readonly errors?: boolean;
  /** Keep traces that took longer, in milliseconds from the start of the root to its end. @default none */
  readonly slowerThanMs?: number;
  /** Keep traces with feedback below this number; `false` counts as 0, `true` as 1. @default none */
  readonly scoresBelow?: number;
  /** Keep traces of these names, where a `*` stands for any text. @default none */
  readonly names?: readonly string[];
  /** Share of all traces that is kept whatever they are like, 0 to 1, by id as `sampleRate`. @default 0 */
  readonly rate?: number;
  /** Milliseconds after the end of the root in which spans and feedback still count. @default 10000 */
  readonly waitMs?: number;
  /**
   * Most memory for spans and files of undecided traces, in bytes. What is more is written to the store, the oldest
   * first, and removed from there if its trace is dropped. @default 67108864 (64 MiB)
   */
  readonly maxBytes?: number;
}

/** What became of traces because of sampling, since the client was created. */
export interface SamplingStats {
  /** Traces that were not recorded, as decided at their start: by `sampleRate`, or by the service that called. */
  readonly unsampledTraces: number;
  /** Traces that tail sampling has kept, by the first reason. */
  readonly keptTraces: Readonly<Record<KeepReason, number>>;
  /** Traces that tail sampling has dropped. */
  readonly droppedTraces: number;
  /** Spans that came after their trace had been dropped, and went with it. */
  readonly lateSpans: number;
  /** Traces that tail sampling has yet to decide about. */
  readonly undecidedTraces: number;
  /** Bytes of theirs that wait in memory. */
  readonly heldBytes: number;
}

/**
 * Why tail sampling has kept a trace. Traces of a `run` are never dropped; `undecided` are those whose root did not
 * end, or of which there were too many.
 */
export type KeepReason = "run" | "error" | "score" | "slow" | "name" | "rate" | "undecided";
