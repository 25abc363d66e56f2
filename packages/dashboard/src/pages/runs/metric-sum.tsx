import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { formatMetric } from "../../format/numbers.ts";
import { askRowSummary } from "../../questions/in-cells.ts";

/** What all points of a metric of a run come to, as wide as a cell. */
export function MetricSum({
  runId,
  metric,
  sum,
}: {
  runId: string;
  metric: string;
  sum: "min" | "max" | "first" | "best";
}): JSX.Element | null {
  const value = useQuery(askRowSummary(runId, metric)).data?.[sum];
  return value === undefined ? null : <>{formatMetric(value)}</>;
}
