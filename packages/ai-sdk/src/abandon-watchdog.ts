import { abandonCall, isIdle, type SdkCall } from "./sdk-call.ts";

/** What {@link createAbandonWatchdog} takes. */
export interface AbandonWatchdogOptions {
  readonly abandonAfterMs: number;
  /** A call that was given up long ago is no longer waited for. */
  readonly forget: (id: unknown) => void;
}

/** How long a call that was given up may still come back, in milliseconds. */
const FORGET_AFTER_MS = 3_600_000;

/** What is done when the process has nothing more to do: one listener for all watchdogs. */
const lastRounds = new Set<() => void>();

function runLastRounds(): void {
  for (const round of lastRounds) round();
}

/** Ends calls that were left. Its timer runs while there are calls, and holds no process. */
export function createAbandonWatchdog(
  calls: ReadonlyMap<unknown, SdkCall>,
  { abandonAfterMs, forget }: AbandonWatchdogOptions,
): { watch(): void } {
  let timer: NodeJS.Timeout | undefined;

  function sweep(afterMs: number): void {
    for (const [id, call] of calls) {
      const idleMs = call.rivulet.now() - call.lastNews;
      const isGone = call.abandoned && idleMs >= FORGET_AFTER_MS;
      if (call.closed || isGone) forget(id);
      else if (isIdle(call) && idleMs >= afterMs) abandonCall(call);
    }
  }

  const lastRound = (): void => sweep(0);

  function round(): void {
    sweep(abandonAfterMs);
    if (calls.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    lastRounds.delete(lastRound);
    if (lastRounds.size === 0) process.off("beforeExit", runLastRounds);
  }

  return {
    watch(): void {
      if (timer !== undefined) return;
      timer = setInterval(round, abandonAfterMs / 2).unref();
      if (lastRounds.size === 0) process.on("beforeExit", runLastRounds);
      lastRounds.add(lastRound);
    },
  };
}
