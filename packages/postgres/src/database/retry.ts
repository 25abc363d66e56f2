import { setTimeout as pause } from "node:timers/promises";
import { type Interruption, interruptionOf } from "./postgres-error.ts";

/** Attempts at work that keeps conflicting with others. */
const MOST_COLLISIONS = 20;
/** Milliseconds before the next attempt: random up to this value, which doubles each time. */
const FIRST_PAUSE_MS: Readonly<Record<Interruption, number>> = { collision: 5, connection: 50 };
const LONGEST_PAUSE_MS = 500;

/** How long interrupted work is retried. */
export interface RetryLimits {
  /** Milliseconds since the first lost connection after which work is given up. */
  readonly connectionMs: number;
}

/**
 * Runs the work until it is not interrupted.
 *
 * @throws whatever the work throws; the interruption itself when it does not end
 */
export async function withRetries<T>(limits: RetryLimits, work: () => Promise<T>): Promise<T> {
  const tries = createTries(limits);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const kind = interruptionOf(error);
      if (kind === undefined || !tries.allow(kind)) throw error;
      await pause(pauseOf(kind, tries.count(kind)));
    }
  }
}

interface Tries {
  /** Counts an interruption. Returns whether another attempt is worthwhile. */
  allow(kind: Interruption): boolean;
  count(kind: Interruption): number;
}

function createTries({ connectionMs }: RetryLimits): Tries {
  const counts = { collision: 0, connection: 0 };
  let lostAt: number | undefined;
  return {
    allow(kind) {
      counts[kind] += 1;
      if (kind === "collision") return counts.collision <= MOST_COLLISIONS;
      lostAt ??= performance.now();
      return performance.now() - lostAt <= connectionMs;
    },
    count: (kind) => counts[kind],
  };
}

/** Random, so that two conflicting transactions do not meet again. */
function pauseOf(kind: Interruption, tries: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS[kind] * 2 ** tries) * Math.random();
}
