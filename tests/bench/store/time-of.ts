import { median } from "../rounds.ts";

const ROUNDS = 31;
/** Calls whose CPU is taken together: its clock goes on in steps of up to some milliseconds. */
const MOST_ROUNDS = 310;
/** Microseconds of CPU that are enough to be measured. */
const ENOUGH_CPU = 300_000;

/** What one call costs, in milliseconds. */
export interface Cost {
  /** By the clock: nine of ten calls take longer. What else the machine does is in most of them, but not in these. */
  readonly clock: number;
  /** CPU of all threads on average, those included that compile and collect garbage meanwhile. */
  readonly cpu: number;
}

/** What one call of many costs. */
export async function costOf(work: () => unknown): Promise<Cost> {
  for (let round = 0; round < ROUNDS; round += 1) await work();
  const times: number[] = [];
  const before = process.cpuUsage();
  let used = 0;
  while (times.length < ROUNDS || (times.length < MOST_ROUNDS && used < ENOUGH_CPU)) {
    times.push(...(await timesOf(work, 1)));
    const { user, system } = process.cpuUsage(before);
    used = user + system;
  }
  const sorted = times.toSorted((one, other) => one - other);
  return {
    clock: sorted[Math.floor(sorted.length / 10)] ?? Number.NaN,
    cpu: used / times.length / 1e3,
  };
}

/** Milliseconds of one call by the clock, in the middle of many. */
export async function timeOf(work: () => unknown): Promise<number> {
  for (let round = 0; round < ROUNDS; round += 1) await work();
  return median(await timesOf(work, ROUNDS));
}

/** Milliseconds of each of some calls, one after the other. */
export async function timesOf(work: () => unknown, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times;
}
