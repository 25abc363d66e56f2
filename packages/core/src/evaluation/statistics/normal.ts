import { errorFunction } from "simple-statistics";

/** The 97.5 % quantile of the standard normal. */
export const Z975 = 1.959963984540054;

/** The share of the standard normal below `z`. */
export function normalShareBelow(z: number): number {
  return (1 + errorFunction(z / Math.SQRT2)) / 2;
}
