import { setImmediate } from "node:timers/promises";
import type { Rivulet } from "@rivulet/core";
import { recordSpan } from "./sample-span.ts";

/** Spans between two looks at what is stored. */
export const STEP = 10_000;
/** Spans of each trace. */
export const SPANS_PER_TRACE = 10;
/** Parts whose rates are compared. */
const PARTS = 10;
/** Steps that may be recorded before the first of them is stored. */
const AHEAD = 3;

/** Records one step, ten spans to a trace, a few traces per turn of the event loop. */
async function recordStep(rivulet: Rivulet, first: number): Promise<void> {
  for (let done = 0; done < STEP; done += SPANS_PER_TRACE) {
    const root = rivulet.startSpan("request", { parent: null });
    for (let child = 1; child < SPANS_PER_TRACE; child++)
      recordSpan(rivulet, first + done + child, root);
    root.end();
    if (done % 100 === 0) await setImmediate();
  }
}

/** Times, in milliseconds, at which each step was in the store. */
export async function ingest(rivulet: Rivulet, spans: number): Promise<readonly number[]> {
  const times: number[] = [];
  const pending: Promise<void>[] = [];
  for (let first = 0; first < spans; first += STEP) {
    await recordStep(rivulet, first);
    pending.push(rivulet.flush().then(() => void times.push(performance.now())));
    if (pending.length > AHEAD) await pending.shift();
  }
  await Promise.all(pending);
  return times;
}

/** Spans per second in each of up to ten equal parts. */
export function ratesOf(times: readonly number[]): readonly number[] {
  const steps = times.length - 1;
  const share = Math.max(1, Math.floor(steps / PARTS));
  return Array.from({ length: Math.floor(steps / share) }, (_, part) => {
    const [from = 0, to = 0] = [times[part * share], times[(part + 1) * share]];
    return (share * STEP * 1_000) / (to - from);
  });
}
