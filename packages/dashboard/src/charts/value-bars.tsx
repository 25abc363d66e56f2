import type { JSX } from "preact";
import { formatMetric } from "../format/numbers.ts";
import { type Curve, PALETTE_SIZE } from "./curves.ts";

/** Metrics with one value each, such as a test score: a bar per run says more than a dot in a chart. */
export function ValueBars({ curves }: { curves: readonly Curve[] }): JSX.Element {
  const values = curves.map((curve) => (curve.raw ?? curve.y)[0] ?? 0);
  const reach = Math.max(0, ...values.filter(Number.isFinite).map(Math.abs)) || 1;
  return (
    <ul class="value-bars">
      {curves.map((curve, index) => {
        const value = values[index] ?? 0;
        return (
          <li key={curve.id}>
            <span class="legend-name">{curve.label}</span>
            <strong class="number">{formatMetric(value)}</strong>
            <span
              class={`value-bar curve-${curve.color % PALETTE_SIZE}`}
              style={{ width: `${shareOf(value, reach)}%` }}
            />
          </li>
        );
      })}
    </ul>
  );
}

/** Per cent; NaN has no bar, and nothing is longer than the infinite. */
function shareOf(value: number, reach: number): number {
  return Number.isNaN(value) ? 0 : Math.min(100, (100 * Math.abs(value)) / reach);
}
