import { setTimeout as pause } from "node:timers/promises";
import { type Interruption, interruptionOf } from "./postgres-error.ts";

/** Tries of a piece of work that keeps coming in the way of others. */
const MOST_COLLISIONS = 20;
/** Milliseconds to wait before the next try: at random up to this, which doubles. */
const FIRST_PAUSE_MS: Readonly<Record<Interruption, number>> = { collision: 5, connection: 50 };
const LONGEST_PAUSE_MS = 500;

/** Runs work again after an interruption. */
export interface Patience {
  /** Milliseconds since the first lost connection after which it is given up. */
  readonly connectionMs: number;
  /** @default Math.random */
  readonly random?: () => number;
}

/**
 * Runs the work until nothing interrupts it.
 *
 * @throws whatever the work throws; the interruption itself when it does not end
 */
export async function untilDone<T>(patience: Patience, work: () => Promise<T>): Promise<T> {
  const counts = { collision: 0, connection: 0 };
  let lostAt: number | undefined;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const kind = interruptionOf(error);
      if (kind === undefined) throw error;
      counts[kind] += 1;
      if (kind === "connection") lostAt ??= performance.now();
      const isLate = lostAt !== undefined && performance.now() - lostAt > patience.connectionMs;
      if (counts.collision > MOST_COLLISIONS || isLate) throw error;
      await pause(pauseOf(kind, counts[kind], patience.random ?? Math.random));
    }
  }
}

/** At random, so that two that met do not meet again. */
function pauseOf(kind: Interruption, tries: number, random: () => number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS[kind] * 2 ** tries) * random();
}
