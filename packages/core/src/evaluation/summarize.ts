import type { EvaluationRow, ScoreSummary } from "@rivulet/domain";
import { averageTrials, type RowScore } from "./row-scores.ts";
import { meanInterval } from "./statistics/interval.ts";

/** The sum of each scorer over the rows, in the order of `scorerNames`. */
export function summarizeScores(
  scorerNames: readonly string[],
  rows: readonly EvaluationRow[],
): readonly ScoreSummary[] {
  const tried = [...averageTrials(rows).values()];
  return scorerNames.map((name) => {
    const scores = tried.flatMap((row) => row.scores.get(name) ?? []);
    return summarize(name, scores);
  });
}

function summarize(name: string, scores: readonly RowScore[]): ScoreSummary {
  const values = scores.flatMap(({ value }) => (value === null ? [] : [value]));
  return {
    name,
    ...meanInterval(values),
    scored: values.length,
    skipped: scores.filter(({ value, failed }) => value === null && !failed).length,
    errors: scores.filter(({ failed }) => failed).length,
  };
}

/** Rows with a trial whose task failed. */
export function countFailedRows(rows: readonly EvaluationRow[]): number {
  const failed = rows.filter(({ error }) => error !== undefined).map(({ rowId }) => rowId);
  return new Set(failed).size;
}
