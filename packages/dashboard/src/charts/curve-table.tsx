import type { JSX } from "preact";
import { ScrollRegion } from "../components/scroll-region.tsx";
import { formatMetric } from "../format/numbers.ts";
import { AXIS_WORDS, formatX } from "./axis-words.ts";
import type { ChartView } from "./chart-view.ts";
import type { Curve } from "./curves.ts";

/** Rows drawn; a longer curve is shown by evenly spread points and its last. */
const MAX_ROWS = 200;

/** The numbers behind a chart, or behind the part that is looked at. */
export function CurveTable({
  title,
  curves,
  view: { axis, zoom },
}: {
  title: string;
  curves: readonly Curve[];
  view: ChartView;
}): JSX.Element {
  const all = [...new Set(curves.flatMap((curve) => curve.x))].sort((a, b) => a - b);
  const isLookedAt = (x: number): boolean => zoom === undefined || (x >= zoom[0] && x <= zoom[1]);
  const rows = thin(all.filter(isLookedAt));
  const lookups = curves.map((curve) => new Map(curve.x.map((x, index) => [x, curve.y[index]])));
  return (
    <ScrollRegion label={`${title} as a table`} class="chart-body chart-table">
      <table class="plain-table">
        <thead>
          <tr>
            <th scope="col" class="number">
              {AXIS_WORDS[axis]}
            </th>
            {curves.map((curve) => (
              <th key={curve.id} scope="col" class="number">
                {curve.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((x) => (
            <tr key={x}>
              <th scope="row" class="number">
                {formatX(x, axis)}
              </th>
              {lookups.map((lookup, index) => {
                const y = lookup.get(x);
                return (
                  <td key={curves[index]?.id} class="number">
                    {y === undefined ? "" : formatMetric(y)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function thin(values: readonly number[]): readonly number[] {
  if (values.length <= MAX_ROWS) return values;
  const stride = Math.ceil(values.length / MAX_ROWS);
  return values.filter((_, index) => index % stride === 0 || index === values.length - 1);
}
