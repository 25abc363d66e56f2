import type { EvaluationRow, ScoreSummary } from "@rivulet/domain";
import { mean } from "simple-statistics";

/** The figures of an evaluation as metrics of its run: `<scorer>/mean`, `<scorer>/coverage`, `<scorer>/errors`, `task/errors` … */
export function scoreMetrics(
  scores: readonly ScoreSummary[],
  rows: readonly EvaluationRow[],
): Readonly<Record<string, number>> {
  const durations = rows.map(({ durationMs }) => durationMs);
  const metrics: (readonly [string, number | null])[] = [
    ["task/errors", rows.filter(({ error }) => error !== undefined).length],
    ["task/duration_ms/mean", durations.length === 0 ? null : mean(durations)],
    ...scores.flatMap(({ name, range: _, ...figures }) =>
      Object.entries(figures).map(([figure, value]) => [`${name}/${figure}`, value] as const),
    ),
  ];
  return Object.fromEntries(
    metrics.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
  );
}
