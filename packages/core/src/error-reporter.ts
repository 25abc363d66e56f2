import { messageOf } from "@rivulet/domain";

/** Collects failures that must not reach the app. */
export interface ErrorReporter {
  /** Never throws. */
  readonly report: (error: unknown) => void;
  /** Number of failures reported so far, including those that were not passed on. */
  readonly count: () => number;
}

const QUIET_MS = 1000;
const MAX_MESSAGES = 100;

/**
 * Tells `onError` of failures, each message at most once a second.
 *
 * @param onError default: a line on stderr
 */
export function createErrorReporter(
  now: () => number,
  onError: (error: Error) => void = writeLine,
): ErrorReporter {
  const told = new Map<string, number>();
  let count = 0;

  const isNews = (message: string, time: number): boolean => {
    const last = told.get(message);
    if (last !== undefined && time - last < QUIET_MS) return false;
    if (told.size >= MAX_MESSAGES) told.clear();
    told.set(message, time);
    return true;
  };

  return Object.freeze({
    count: () => count,
    report: (thrown: unknown) => {
      count += 1;
      try {
        const error = asError(thrown);
        if (isNews(error.message, now())) onError(error);
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
  process.stderr.write(`[rivulet] ${error.message.replaceAll(/\s*\n\s*/g, " ")}\n`);
}
