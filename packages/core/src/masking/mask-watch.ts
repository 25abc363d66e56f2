import { RivuletError } from "@rivulet/domain";
import type { MaskStats } from "./mask-value.ts";

/** Counts what goes wrong in functions of the app that mask, and says when they are to be called no more. */
export interface MaskWatch {
  /** A call took longer than it may. */
  overran(error: RivuletError): void;
  /** A call threw, or returned what it must not. */
  failed(error: unknown): void;
  isOff(): boolean;
  stats(): MaskStats;
}

/** What a mask needs of its client. */
export interface MaskParts {
  /** Milliseconds. */
  readonly now: () => number;
  readonly reportError: (error: unknown) => void;
  /** How long a call may take. */
  readonly timeoutMs: number;
}

const MAX_FAILURES = 3;
const WITHIN_MS = 60_000;

/** What everything begins with that stands for a value that was masked whole. */
export const WHOLE = "[masked: ";

/**
 * One bad call in a while is only reported, three in a minute are the end.
 *
 * @param what - the function or functions, at the beginning of a sentence
 */
export function watchMask(
  { now, reportError }: Pick<MaskParts, "now" | "reportError">,
  what: "The mask is" | "The text masks are",
): MaskWatch {
  const counts = { overruns: 0, failures: 0 };
  let isOff = false;
  let times: readonly number[] = [];

  function note(error: unknown): void {
    reportError(error);
    const time = now();
    times = [...times, time].filter((then) => time - then < WITHIN_MS);
    if (times.length < MAX_FAILURES || isOff) return;
    isOff = true;
    const message = `${what} off: ${MAX_FAILURES} calls failed or took too long within a minute. What was to be masked is masked whole until the process starts anew.`;
    reportError(new RivuletError("limit_exceeded", message, { details: { ...counts } }));
  }

  return {
    isOff: () => isOff,
    stats: () => ({ ...counts, isOff }),
    failed(error) {
      counts.failures += 1;
      note(error);
    },
    overran(error) {
      counts.overruns += 1;
      note(error);
    },
  };
}
