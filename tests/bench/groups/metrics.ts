import { setImmediate } from "node:timers/promises";
import type { ActiveRun } from "@rivulet/core";
import { openBenchClient } from "../client.ts";
import { atLeast, type Figure, shown } from "../figure.ts";
import type { Measure } from "../group.ts";
import { median } from "../rounds.ts";

const ROUNDS = 5;
/** Points of a round. */
const POINTS = 200_000;
/** Points of a turn of the event loop. */
const TURN = 1_000;

/** Points of several metrics in turn, as a loop of training logs them. */
async function logPoints(run: ActiveRun, keys: readonly string[], first: number): Promise<void> {
  for (let done = 0; done < POINTS; done += 1) {
    const key = keys[done % keys.length] ?? "";
    const step = first + Math.floor(done / keys.length);
    // Falls, with noise: now and then there is a new least one.
    run.logMetric(key, 1 / (1 + step) + Math.random() / 10, { step });
    if (done % TURN === 0) await setImmediate();
  }
}

interface Rates {
  readonly perCpuSecond: number;
  readonly perSecond: number;
}

/** Points from the call until their rows can be read, again and again for the same run. */
async function ratesOf(series: number): Promise<Rates> {
  await using client = await openBenchClient();
  const { rivulet } = client;
  const run = await rivulet.runs.start({ name: "training" });
  const keys = Array.from({ length: series }, (_, index) => `metric ${index}`);
  const perCpuSecond: number[] = [];
  const perSecond: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const begun = performance.now();
    const before = process.cpuUsage();
    await logPoints(run, keys, (round * POINTS) / series);
    await rivulet.flush();
    const { user, system } = process.cpuUsage(before);
    // The first one warms up.
    if (round === 0) continue;
    perCpuSecond.push((POINTS * 1e6) / (user + system));
    perSecond.push((POINTS * 1e3) / (performance.now() - begun));
  }
  const summaries = await rivulet.runs.metricSummaries({
    runIds: [run.id],
    keys: keys.slice(0, 1),
  });
  const count = summaries[0]?.count;
  const wanted = ((ROUNDS + 1) * POINTS) / series;
  if (count !== wanted) throw new Error(`Of ${wanted} points of a metric, ${count} are there.`);
  return { perCpuSecond: median(perCpuSecond), perSecond: median(perSecond) };
}

async function figuresOf(series: number, least: number): Promise<readonly Figure[]> {
  const { perCpuSecond, perSecond } = await ratesOf(series);
  const name = `metrics: points over ${series} metrics of a run in turn`;
  return [
    atLeast(least, `${name}, per second of CPU of all threads`, {
      value: perCpuSecond,
      unit: "points/s",
    }),
    shown(`${name}, by the clock`, { value: perSecond, unit: "points/s" }),
  ];
}

/** Durable points of metrics: from the call to rows that can be read. */
export const measure: Measure = async () => [
  ...(await figuresOf(20, 100_000)),
  ...(await figuresOf(1_000, 30_000)),
];
