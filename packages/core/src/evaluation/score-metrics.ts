import type { Better, EvaluationRow, MetricDeclarations, ScoreSummary } from "@rivulet/domain";
import { mean } from "simple-statistics";
import type { SummarizedScorer } from "./summarize.ts";

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

/**
 * Which way those metrics are better. The scores themselves are declared only where their scorer declares a range: that
 * all values lie between 0 and 1 does not say whether more of it is good.
 */
export function scoreDirections(scorers: readonly SummarizedScorer[]): MetricDeclarations {
  const directions: (readonly [string, Better])[] = [
    ["task/errors", "lower"],
    ["task/duration_ms/mean", "lower"],
    ...scorers.flatMap(({ name, range }) => [
      ...(range === undefined
        ? []
        : ["mean", "low", "high"].map((figure) => [`${name}/${figure}`, range.better] as const)),
      [`${name}/coverage`, "higher"] as const,
      [`${name}/errors`, "lower"] as const,
    ]),
  ];
  return Object.fromEntries(directions.map(([key, better]) => [key, { better }]));
}
