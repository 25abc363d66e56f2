import { mean, probit, quantileSorted, sum } from "simple-statistics";
import { seededRandom } from "../../seeded-random.ts";
import type { MeanInterval } from "./interval.ts";
import { normalShareBelow, Z975 } from "./normal.ts";

const RESAMPLES = 10_000;
/** Fixed, so that equal rows give equal intervals on every machine. */
const SEED = 0x52_69_76;
/** Tolerance: means of the same values in a different order differ by rounding errors. */
const SAME = 1e-12;

/**
 * The mean with its bias-corrected and accelerated bootstrap interval (BCa; Efron 1987), from 10,000
 * seeded resamples.
 */
export function bcaInterval(values: readonly number[]): MeanInterval {
  const average = mean([...values]);
  const means = resampledMeans(values);
  const below = means.filter((value) => value < average - SAME).length;
  const equal = means.filter((value) => Math.abs(value - average) <= SAME).length;
  if (equal === RESAMPLES) return { mean: average, low: average, high: average };
  const bias = probit((below + equal / 2) / RESAMPLES);
  const acceleration = accelerationOf(values.map((value) => value - average));
  const boundAt = (z: number): number => {
    const shifted = bias + z;
    return quantileSorted(means, normalShareBelow(bias + shifted / (1 - acceleration * shifted)));
  };
  return { mean: average, low: boundAt(-Z975), high: boundAt(Z975) };
}

/** Closed form of the jackknife for a mean. */
function accelerationOf(deviations: readonly number[]): number {
  const squares = sum(deviations.map((deviation) => deviation ** 2));
  const cubes = sum(deviations.map((deviation) => deviation ** 3));
  return cubes / (6 * squares ** 1.5);
}

/** Sorted. */
function resampledMeans(values: readonly number[]): number[] {
  const random = seededRandom(SEED);
  const means = new Float64Array(RESAMPLES);
  for (let resample = 0; resample < RESAMPLES; resample += 1) {
    let total = 0;
    for (let draw = 0; draw < values.length; draw += 1) {
      total += values[Math.floor(random() * values.length)] ?? 0;
    }
    means[resample] = total / values.length;
  }
  return [...means.sort()];
}
