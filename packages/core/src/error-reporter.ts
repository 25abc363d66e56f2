import { messageOf } from "@rivulet/domain";

/** Tells of a failure, and what it is about. */
export type ReportError = (error: unknown, about?: string) => void;

/** Collects failures that must not reach the app. */
export interface ErrorReporter {
  /**
   * Never throws.
   *
   * @param about what the failure is about, where messages differ: of one thing at most one is told a second. Default:
   * the message
   */
  readonly report: ReportError;
  /** Number of failures reported so far, including those that were not passed on. */
  readonly count: () => number;
}

const QUIET_MS = 1000;
const MAX_TOLD = 100;

/**
 * Tells `onError` of failures, of each thing at most once a second.
 *
 * @param onError default: a line on stderr
 */
export function createErrorReporter(
  now: () => number,
  onError: (error: Error) => void = writeLine,
): ErrorReporter {
  const told = new Map<string, number>();
  let count = 0;

  const isNews = (about: string, time: number): boolean => {
    const last = told.get(about);
    if (last !== undefined && time - last < QUIET_MS) return false;
    if (told.size >= MAX_TOLD) told.clear();
    told.set(about, time);
    return true;
  };

  return Object.freeze({
    count: () => count,
    report: (thrown: unknown, about?: string) => {
      count += 1;
      try {
        const error = asError(thrown);
        if (isNews(about ?? error.message, now())) onError(error);
      } catch {
        // The user's `onError` failed, and there is nobody left to report to.
      }
    },
  });
}

/** Anything thrown as an error whose message is text. */
function asError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && typeof thrown.message === "string") return thrown;
  } catch {
    // Whatever cannot be looked at is named below.
  }
  return new Error(messageOf(thrown), { cause: thrown });
}

function writeLine(error: Error): void {
  writeNotice(error.message);
}

/** Writes a line on stderr. */
export function writeNotice(text: string): void {
  process.stderr.write(`[rivulet] ${text.replaceAll(/\s*\n\s*/g, " ")}\n`);
}
