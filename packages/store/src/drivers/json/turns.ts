import { setImmediate as nextTurn } from "node:timers/promises";

/** Milliseconds for which checking files may block the app's event loop. */
const TURN_MS = 3;

/** To be awaited between short pieces of work: lets the event loop turn when it has been blocked long enough. */
export function turns(): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < TURN_MS) return;
    await nextTurn();
    begun = performance.now();
  };
}
