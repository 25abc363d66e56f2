import { median } from "../rounds.ts";

const ROUNDS = 31;

/** Milliseconds of one call, in the middle of many. */
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
