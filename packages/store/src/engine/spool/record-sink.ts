import type { RivuletError } from "@rivulet/domain";

/** Where the lines of a journal go: to files, or to memory. */
export interface RecordSink {
  readonly medium: "spool" | "memory";
  /** Takes whole lines, each with its line end. Never throws. */
  write(lines: string): Trouble | undefined;
  /** The process ends now: writes how, as the last line. */
  end(exitCode: number): void;
  /** Nothing is written any more, and the store has taken everything, or never will. */
  release(): void;
}

/** Something went wrong. */
export interface Trouble {
  readonly error: RivuletError;
  /** Lines that are lost. */
  readonly lostRecords: number;
  /** How long they were. */
  readonly lostBytes: number;
}
