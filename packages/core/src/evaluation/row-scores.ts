import type { EvaluationRow } from "@rivulet/domain";
import { mean } from "simple-statistics";

/** What one scorer said of one row, over its trials. */
export interface RowScore {
  /** Mean over the trials that have a value; `null` when none has. */
  readonly value: number | null;
  /** Whether scorer or task failed in any trial. */
  readonly failed: boolean;
}

/** One row with its trials put together. */
export interface TriedRow {
  readonly rowId: string;
  /** The first trial, which stands for the row. */
  readonly first: EvaluationRow;
  /** Scorer → score. */
  readonly scores: ReadonlyMap<string, RowScore>;
}

/**
 * Rows by id, each with its trials averaged: trials of a row are not independent, so they must not count as
 * rows (Miller 2024, arXiv 2411.00640, §3.1).
 */
export function averageTrials(rows: readonly EvaluationRow[]): ReadonlyMap<string, TriedRow> {
  const trials = groupBy(rows, ({ rowId }) => rowId);
  const tried = new Map<string, TriedRow>();
  for (const [rowId, group] of trials) {
    const sorted = group.toSorted((one, other) => one.trial - other.trial);
    const [first] = sorted;
    if (first !== undefined) tried.set(rowId, { rowId, first, scores: averageScores(sorted) });
  }
  return tried;
}

function averageScores(trials: readonly EvaluationRow[]): ReadonlyMap<string, RowScore> {
  const all = trials.flatMap((row) => row.scores);
  const scores = groupBy(all, ({ name }) => name);
  const averaged = new Map<string, RowScore>();
  for (const [name, group] of scores) {
    const values = group.flatMap(({ value }) => (value === null ? [] : [value]));
    averaged.set(name, {
      value: values.length === 0 ? null : mean(values),
      failed: group.some(({ error }) => error !== undefined),
    });
  }
  return averaged;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
