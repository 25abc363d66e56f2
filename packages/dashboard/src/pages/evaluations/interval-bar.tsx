import type { JSX } from "preact";

/** Numbers between which a bar is drawn. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

/** A value with its confidence interval as a small picture; the numbers stand beside it. */
export function IntervalBar({
  value,
  low,
  high,
  scale,
  zero,
}: {
  value: number;
  low: number | null;
  high: number | null;
  scale: Scale;
  /** Draws a line at 0. */
  zero?: boolean;
}): JSX.Element {
  const at = (number: number): number =>
    100 * Math.min(1, Math.max(0, (number - scale.min) / (scale.max - scale.min || 1)));
  return (
    <span class="interval" aria-hidden="true">
      {zero === true ? <span class="interval-zero" style={{ left: `${at(0)}%` }} /> : null}
      {low === null || high === null ? null : (
        <span
          class="interval-range"
          style={{ left: `${at(low)}%`, width: `${at(high) - at(low)}%` }}
        />
      )}
      <span class="interval-value" style={{ left: `${at(value)}%` }} />
    </span>
  );
}

/** A scale that holds all numbers; from 0 to 1 where that is enough. */
export function scaleOf(numbers: readonly (number | null)[]): Scale {
  const known = numbers.filter((number) => number !== null);
  return { min: Math.min(0, ...known), max: Math.max(1, ...known) };
}

/** A scale with 0 in its middle. */
export function scaleAroundZero(numbers: readonly (number | null)[]): Scale {
  const known = numbers.filter((number) => number !== null).map(Math.abs);
  const reach = Math.max(...known, 1e-9) * 1.1;
  return { min: -reach, max: reach };
}
