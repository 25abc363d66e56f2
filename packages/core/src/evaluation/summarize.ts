import type { EvaluationRow, ScoreRange, ScoreSummary } from "@rivulet/domain";
import { averageTrials, type RowScore, valuesOf } from "./row-scores.ts";
import { rangeOfValues, worstOf } from "./score-range.ts";
import { meanInterval } from "./statistics/interval.ts";

/** A scorer's name and declared range. */
export interface SummarizedScorer {
  readonly name: string;
  /** As declared by the scorer. */
  readonly range?: ScoreRange;
}

/** The summary of each scorer over the rows, in the order of `scorers`. */
export function summarizeScores(
  scorers: readonly SummarizedScorer[],
  rows: readonly EvaluationRow[],
): readonly ScoreSummary[] {
  const ranges = new Map(
    scorers.map(({ name, range }) => [name, range ?? rangeOfValues(valuesOf(name, rows))]),
  );
  const tried = averageTrials(rows, (name) => worstOf(ranges.get(name) ?? null));
  return [...ranges].map(([name, range]) => {
    const scores = [...tried.values()].flatMap((row) => row.scores.get(name) ?? []);
    return { name, ...summarize(scores), range };
  });
}

function summarize(scores: readonly RowScore[]): Omit<ScoreSummary, "name" | "range"> {
  const values = scores.flatMap(({ value }) => (value === null ? [] : [value]));
  return {
    ...meanInterval(values),
    coverage: scores.length === 0 ? 0 : values.length / scores.length,
    scored: scores.filter(({ scored }) => scored).length,
    skipped: scores.filter(({ scored, failed }) => !(scored || failed)).length,
    errors: scores.filter(({ failed }) => failed).length,
  };
}

/** Number of rows with a trial whose task failed. */
export function countFailedRows(rows: readonly EvaluationRow[]): number {
  const failed = rows.filter(({ error }) => error !== undefined).map(({ rowId }) => rowId);
  return new Set(failed).size;
}
