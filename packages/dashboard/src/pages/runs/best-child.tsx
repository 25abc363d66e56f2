import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { formatCount, formatMetric, formatShort } from "../../format/numbers.ts";
import { askRowChildren } from "../../questions/in-cells.ts";

/** The best value of a metric among the runs nested in one; their range, where nobody has said which way is good. */
export function BestChild({
  runId,
  metric,
}: {
  runId: string;
  metric: string;
}): JSX.Element | null {
  const found = useQuery(askRowChildren(runId, metric)).data;
  if (!found?.least || !found.greatest) return null;
  const { best, count, least, greatest, failed, diverged } = found;
  const others = failed + diverged;
  const without = others === 0 ? "" : `, without ${formatCount(others)} that failed or diverged`;
  if (best === undefined) {
    const words = `Of ${formatCount(count)} nested runs${without}`;
    return (
      <span class="muted" title={words}>
        {formatShort(least.value)}–{formatShort(greatest.value)}
        <span class="hidden-text"> ({words})</span>
      </span>
    );
  }
  const words = `Best of ${formatCount(count)} nested runs${without}: ${best.name}`;
  return (
    <span class="best mean" title={words}>
      <span aria-hidden="true">★ </span>
      {formatMetric(best.value)}
      <span class="hidden-text"> ({words})</span>
    </span>
  );
}
