import { setImmediate } from "node:timers/promises";
import type { Rivulet } from "@rivulet/core";
import { openBenchClient } from "../client.ts";
import { atLeast } from "../figure.ts";
import type { Measure } from "../group.ts";
import { median } from "../rounds.ts";
import { recordSpan } from "../sample-span.ts";

/** Spans between two looks at what is stored. */
const STEP = 10_000;
/** Parts whose rates are compared. */
const PARTS = 10;
/** Steps that may be recorded before the first of them is stored. */
const AHEAD = 3;

/** Records one step, ten spans to a trace, a few traces per turn of the event loop. */
async function recordStep(rivulet: Rivulet, first: number): Promise<void> {
  for (let done = 0; done < STEP; done += 10) {
    const root = rivulet.startSpan("request", { parent: null });
    for (let child = 1; child < 10; child++) recordSpan(rivulet, first + done + child, root);
    root.end();
    if (done % 100 === 0) await setImmediate();
  }
}

/** Times, in milliseconds, at which each step was in the store. */
async function ingest(rivulet: Rivulet, spans: number): Promise<readonly number[]> {
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
function ratesOf(times: readonly number[]): readonly number[] {
  const steps = times.length - 1;
  const share = Math.max(1, Math.floor(steps / PARTS));
  return Array.from({ length: Math.floor(steps / share) }, (_, part) => {
    const [from = 0, to = 0] = [times[part * share], times[(part + 1) * share]];
    return (share * STEP * 1_000) / (to - from);
  });
}

/** Durable ingest: from the call to rows that can be read. */
export const measure: Measure = async ({ spans }) => {
  await using client = await openBenchClient();
  await ingest(client.rivulet, 2 * STEP);
  const start = performance.now();
  const times = await ingest(client.rivulet, spans);
  const rates = ratesOf([start, ...times]);
  const [first = 0] = rates;
  const last = rates.at(-1) ?? 0;
  return [
    atLeast(40_000, `ingest: ${spans} spans, median of ${rates.length} parts`, {
      value: median(rates),
      unit: "spans/s",
    }),
    atLeast(0.8, "ingest: rate of the last part against the first", {
      value: last / first,
      unit: "x",
      detail: `${last.toFixed(0)} / ${first.toFixed(0)} spans/s`,
    }),
  ];
};
