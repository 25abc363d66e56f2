import { mean, sampleStandardDeviation } from "simple-statistics";
import { Z975 } from "./normal.ts";
import { studentT975 } from "./student-t.ts";

/** A mean with its 95 % confidence interval. Without values everything is `null`; a single value has no interval. */
export interface MeanInterval {
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The interval of no values. */
export const NO_INTERVAL: MeanInterval = Object.freeze({ mean: null, low: null, high: null });

/**
 * The mean of independent values: Wilson's interval when all are 0 or 1 (Wald's has no width at 0 % and
 * 100 %), Student's t otherwise. Miller 2024, "Adding Error Bars to Evals", arXiv 2411.00640.
 */
export function meanInterval(values: readonly number[]): MeanInterval {
  if (values.length === 0) return NO_INTERVAL;
  const average = mean([...values]);
  if (values.length === 1) return { mean: average, low: null, high: null };
  const isBinary = values.every((value) => value === 0 || value === 1);
  return isBinary ? wilsonInterval(average, values.length) : tInterval(values);
}

/** Student's t interval of a mean; takes two values or more. */
export function tInterval(values: readonly number[]): MeanInterval {
  const average = mean([...values]);
  const error = sampleStandardDeviation([...values]) / Math.sqrt(values.length);
  const reach = studentT975(values.length - 1) * error;
  return { mean: average, low: average - reach, high: average + reach };
}

function wilsonInterval(share: number, count: number): MeanInterval {
  const weight = Z975 ** 2 / count;
  const middle = (share + weight / 2) / (1 + weight);
  const reach =
    (Z975 / (1 + weight)) * Math.sqrt((share * (1 - share)) / count + weight / (4 * count));
  // At 0 and 1 the bound is the share itself, apart from rounding errors.
  const low = share === 0 ? 0 : middle - reach;
  const high = share === 1 ? 1 : middle + reach;
  return { mean: share, low, high };
}
