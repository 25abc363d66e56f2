import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { Rivulet } from "@rivulet/core";
import { openBenchClient } from "../client.ts";
import { atMost } from "../figure.ts";
import type { Measure } from "../group.ts";
import { startLoad } from "../load.ts";
import { median } from "../rounds.ts";

const ROUNDS = 5;
const ROUND_MS = 4_000;

/** 99th percentile of the event loop's delay in milliseconds while `rate` spans a second are recorded. */
async function delay(rivulet: Rivulet, rate: number): Promise<number> {
  const load = startLoad(rivulet, rate);
  await wait(500);
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await wait(ROUND_MS);
  histogram.disable();
  load.stop();
  await rivulet.flush();
  return histogram.percentile(99) / 1e6;
}

/** How much later the host's timers fire while it records. */
export const measure: Measure = async () => {
  await using client = await openBenchClient();
  const idle: number[] = [];
  const busy: number[] = [];
  await delay(client.rivulet, 10_000);
  for (let round = 0; round < ROUNDS; round++) {
    idle.push(await delay(client.rivulet, 0));
    busy.push(await delay(client.rivulet, 10_000));
  }
  const value = median(busy) - median(idle);
  const detail = `${median(busy).toFixed(2)} ms / ${median(idle).toFixed(2)} ms idle`;
  return [atMost(3, "loop: p99 delay at 10,000 spans/s above idle", { value, unit: "ms", detail })];
};
