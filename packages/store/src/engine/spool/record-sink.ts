import type { RivuletError } from "@rivulet/domain";

/** Where the lines of a journal go: to files or to memory. */
export interface RecordSink {
  readonly medium: "spool" | "memory";
  /** Accepts complete lines, each with its line break. Never throws. */
  write(lines: string): Trouble | undefined;
  /** The process ends: writes the exit record as the last line. */
  end(exitCode: number): void;
  /** Nothing is written any more, and the store has everything, or never will. */
  release(): void;
}

/** What went wrong. */
export interface Trouble {
  readonly error: RivuletError;
  /** Number of lost lines. */
  readonly lostRecords: number;
  /** Their length. */
  readonly lostBytes: number;
}
