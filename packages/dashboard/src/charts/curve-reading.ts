import type { Curve } from "./curves.ts";

/** The value of a curve where the pointer is. */
export interface CurveValue {
  readonly curve: Curve;
  /** The x of the point; curves do not all have one at the same place. */
  readonly x: number;
  readonly y: number;
}

/** All curves where the pointer is. */
export interface Reading {
  readonly x: number;
  /** Highest first, NaN last. Curves that begin later or ended before are not among them. */
  readonly values: readonly CurveValue[];
  /** Id of the curve that is nearest to the pointer. */
  readonly nearest: string | undefined;
}

/** Reads every curve at `x`, each at its own nearest point. `distance` tells how far a value is from the pointer. */
export function readCurves(
  curves: readonly Curve[],
  x: number,
  distance: (y: number) => number,
): Reading {
  const values = curves.flatMap((curve) => pointAt(curve, x) ?? []);
  const nearest = values.reduce<CurveValue | undefined>((best, value) => {
    if (Number.isNaN(value.y)) return best;
    return best === undefined || distance(value.y) < distance(best.y) ? value : best;
  }, undefined);
  return { x, values: values.toSorted(highestFirst), nearest: nearest?.curve.id };
}

function highestFirst(a: CurveValue, b: CurveValue): number {
  const [first, second] = [a.y, b.y];
  if (Number.isNaN(first) || Number.isNaN(second)) {
    return Number(Number.isNaN(first)) - Number(Number.isNaN(second));
  }
  return first === second ? 0 : second - first;
}

function pointAt(curve: Curve, x: number): CurveValue | undefined {
  const first = curve.x[0];
  const last = curve.x.at(-1);
  if (first === undefined || last === undefined || x < first || x > last) return undefined;
  const after = firstAtLeast(curve.x, x);
  const before = Math.max(0, after - 1);
  const index = x - (curve.x[before] ?? x) < (curve.x[after] ?? x) - x ? before : after;
  const y = curve.y[index];
  return y === undefined ? undefined : { curve, x: curve.x[index] ?? x, y };
}

/** Index of the first of the growing `values` that is not below `wanted`. */
function firstAtLeast(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
