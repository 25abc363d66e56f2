import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { formatMetric } from "../../format/numbers.ts";
import { askRowCurve } from "../../questions/in-cells.ts";

const WIDTH = 96;
const HEIGHT = 24;

/** The curve of a metric in a cell: its shape, by step. */
export function Sparkline({
  runId,
  metric,
}: {
  runId: string;
  metric: string;
}): JSX.Element | null {
  const series = useQuery(askRowCurve(runId, metric)).data;
  const values = (series?.values ?? []).filter(Number.isFinite);
  const [first = 0] = values;
  const last = values.at(-1) ?? 0;
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const points = values.map((value, index) => {
    const x = 1 + (index / (values.length - 1)) * (WIDTH - 2);
    return `${x.toFixed(1)},${(HEIGHT - 2 - ((value - low) / span) * (HEIGHT - 4)).toFixed(1)}`;
  });
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${metric} from ${formatMetric(first)} to ${formatMetric(last)}`}
    >
      <polyline points={points.join(" ")} />
    </svg>
  );
}
