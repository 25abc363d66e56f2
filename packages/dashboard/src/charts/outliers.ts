import type { Curve } from "./curves.ts";

/** The share of the values, at either end, that an axis without outliers leaves out. */
const LEFT_OUT = 0.02;
/** Room beyond the ends, as a share of what is between them. */
const ROOM = 0.05;

/** Ends of a y axis that nearly all values of the curves are between; `undefined` where there is nothing between them. */
export function rangeOfMost(
  curves: readonly Curve[],
  isLog: boolean,
): readonly [from: number, to: number] | undefined {
  const values = Float64Array.from(
    curves.flatMap(({ y }) => y.filter((value) => Number.isFinite(value) && (!isLog || value > 0))),
  ).sort();
  const last = values.length - 1;
  const from = values[Math.floor(last * LEFT_OUT)] ?? 0;
  const to = values[Math.ceil(last * (1 - LEFT_OUT))] ?? 0;
  if (!(from < to)) return undefined;
  if (isLog) return [from, to];
  const room = (to - from) * ROOM;
  return [from - room, to + room];
}
