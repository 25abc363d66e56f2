import type { EvaluationRow, Score } from "@rivulet/domain";
import { mean } from "simple-statistics";

/** One scorer's result for one row, over its trials. */
export interface RowScore {
  /** Mean over the trials that count; `null` when none does. */
  readonly value: number | null;
  /** Whether the scorer gave any trial a value. */
  readonly scored: boolean;
  /** Whether the scorer or the task failed in any trial. */
  readonly failed: boolean;
}

/** One row with its trials combined. */
export interface TriedRow {
  readonly rowId: string;
  /** The first trial, which represents the row. */
  readonly first: EvaluationRow;
  /** Scorer → score. */
  readonly scores: ReadonlyMap<string, RowScore>;
}

/** The value of a trial whose task failed, by scorer; `null` when it does not count. */
export type FailedValue = (scorer: string) => number | null;

/**
 * Rows by id, each with its trials averaged: trials of a row are not independent, so they must not count as
 * rows (Miller 2024, arXiv 2411.00640, §3.1).
 */
export function averageTrials(
  rows: readonly EvaluationRow[],
  failedValue: FailedValue,
): ReadonlyMap<string, TriedRow> {
  const tried = new Map<string, TriedRow>();
  for (const [rowId, group] of Map.groupBy(rows, ({ rowId: id }) => id)) {
    const sorted = group.toSorted((one, other) => one.trial - other.trial);
    const [first] = sorted;
    if (first === undefined) continue;
    tried.set(rowId, { rowId, first, scores: averageScores(sorted, failedValue) });
  }
  return tried;
}

function averageScores(
  trials: readonly EvaluationRow[],
  failedValue: FailedValue,
): ReadonlyMap<string, RowScore> {
  const all = trials.flatMap(({ scores, error }) =>
    scores.map((score) => ({ ...score, counts: countedAs(score, error, failedValue) })),
  );
  const averaged = new Map<string, RowScore>();
  for (const [name, group] of Map.groupBy(all, ({ name: scorer }) => scorer)) {
    const values = group.flatMap(({ counts }) => (counts === null ? [] : [counts]));
    averaged.set(name, {
      value: values.length === 0 ? null : mean(values),
      scored: group.some(({ value }) => value !== null),
      failed: group.some(({ error }) => error !== undefined),
    });
  }
  return averaged;
}

/** A failed task gets the worst value, if known: leaving it out would make crashes look good. */
function countedAs(
  { name, value }: Score,
  taskError: string | undefined,
  failedValue: FailedValue,
): number | null {
  return value ?? (taskError === undefined ? null : failedValue(name));
}

/** The values that a scorer itself returned. */
export function valuesOf(scorer: string, rows: readonly EvaluationRow[]): readonly number[] {
  return rows.flatMap(({ scores }) =>
    scores.flatMap(({ name, value }) => (name === scorer && value !== null ? [value] : [])),
  );
}
