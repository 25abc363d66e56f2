import { setImmediate } from "node:timers/promises";
import type { Rivulet } from "@rivulet/core";
import { openBenchClient } from "../client.ts";
import { atLeast } from "../figure.ts";
import type { Measure } from "../group.ts";
import { recordSpan } from "../sample-span.ts";

/** Spans between two looks at what is stored. */
const STEP = 10_000;
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

/** Durable ingest: from the call to rows that can be read. */
export const measure: Measure = async ({ spans }) => {
  await using client = await openBenchClient();
  await ingest(client.rivulet, 2 * STEP);
  const start = performance.now();
  const times = await ingest(client.rivulet, spans);
  const seconds = ((times.at(-1) ?? start) - start) / 1_000;
  const share = Math.max(1, Math.min(10, Math.floor(times.length / 2)));
  const first = ((times[share - 1] ?? start) - start) / 1_000;
  const last = ((times.at(-1) ?? 0) - (times.at(-1 - share) ?? 0)) / 1_000;
  const counted = share * STEP;
  return [
    atLeast(25_000, `ingest: ${spans} spans`, { value: spans / seconds, unit: "spans/s" }),
    atLeast(0.8, `ingest: rate of the last ${counted} against the first`, {
      value: first / last,
      unit: "x",
      detail: `${(counted / last).toFixed(0)} / ${(counted / first).toFixed(0)} spans/s`,
    }),
  ];
};
