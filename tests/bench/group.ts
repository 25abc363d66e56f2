import type { Figure } from "./figure.ts";

/** What a group of benchmarks is told. */
export interface BenchSettings {
  /** Spans that the group `ingest` writes. */
  readonly spans: number;
  /** Traces, and runs, that the group `store` looks among. */
  readonly traces: number;
  /** Runs, and traces, of the store that the group `dashboard` opens its pages on. */
  readonly runs: number;
  readonly largeTraces: number;
  /** Seconds for which the group `stall` holds the writer. */
  readonly stallSeconds: number;
}

/** One group: measures in a process of its own. */
export type Measure = (settings: BenchSettings) => Promise<readonly Figure[]>;
