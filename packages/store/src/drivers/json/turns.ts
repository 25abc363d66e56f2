import { setImmediate as nextTurn } from "node:timers/promises";

/** How long looking at files may keep the app's event loop from turning. */
const TURN_MS = 3;

/** To be awaited between short pieces of work: lets the event loop turn when it was kept long enough. */
export function turns(): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < TURN_MS) return;
    await nextTurn();
    begun = performance.now();
  };
}
