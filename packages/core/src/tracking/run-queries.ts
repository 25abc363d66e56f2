import type { LifecycleFilter, SearchQuery } from "@rivulet/domain";
import type { TableFormat } from "../tables/table.ts";

/** Whose children are summed up. */
export interface ChildSummariesQuery {
  /** Ids of up to 1,000 runs. */
  readonly runIds: readonly string[];
  /** Metrics to sum up, up to 100. @default those that the experiments of the runs declare, up to 100 */
  readonly metrics?: readonly string[];
}

/** Which of nested runs are meant. */
export interface RunNesting {
  /** Only the children of this run: the runs that are nested in it directly. @default all */
  readonly parentRunId?: string;
  /** Only runs that are nested in none. @default false */
  readonly rootsOnly?: boolean;
}

/** Options of `runs.search`. */
export interface RunSearch extends SearchQuery, RunNesting {
  /**
   * Words that a person has typed: runs that have each of them in their name, note, params or tags, in any case. They are
   * never read as a condition, and `%` and `_` are letters.
   *
   * @default all
   */
  readonly text?: string;
  /** Experiments to search. @default all */
  readonly experimentIds?: readonly string[];
  /** Whether active runs, deleted ones or all are found. @default 'active' */
  readonly lifecycle?: LifecycleFilter;
}

/** Which runs a file is of, and what kind of file it is. */
export interface ExportSelection extends RunSelection, RunNesting {
  /** Kind of the file; `jsonl` is an object per line. */
  readonly format: TableFormat;
  /** Fields to sort by, such as `metrics.loss ASC`. @default newest start first */
  readonly orderBy?: readonly string[];
  /**
   * Ids of the runs, up to 10,000, which come in this order; instead of `filter`, `text` and `orderBy`. Ids of no runs
   * are left out.
   *
   * @default all that are found
   */
  readonly runIds?: readonly string[];
  /** Most runs. @default all */
  readonly limit?: number;
}

/** Options of `runs.export`. */
export interface RunExport extends ExportSelection {
  /**
   * Columns: `id`, `name`, `status`, `startTime` and other fields of a run, `params.KEY`, `metrics.KEY`, `tags.KEY`.
   *
   * @default all there are; of what is not a field of every run, sorted, what one of the runs has
   */
  readonly columns?: readonly string[];
}

/** Options of `runs.exportMetrics`. */
export interface MetricExport extends ExportSelection {
  /** Names of the metrics. @default all there are */
  readonly keys?: readonly string[];
}

/** Which runs to count. */
export type RunSelection = Pick<RunSearch, "filter" | "text" | "experimentIds" | "lifecycle">;

/** Whose values are listed, and which. */
export interface RunValues extends RunSelection {
  /** A field as filters name it: `name`, `status`, `userId`, `params.lr`, `tags.team`. */
  readonly field: string;
  /** Only values that have this text in them, in any case; `%` and `_` are nothing special. @default all */
  readonly contains?: string;
  /** Most values, 1 to 1000. @default 100 */
  readonly limit?: number;
}

/** Which runs are grouped, and by what. */
export interface RunGrouping extends RunSelection {
  /** A field as filters name it: `params.lr`, `tags.team`, `status`, `userId`, `parentRunId`. */
  readonly field: string;
  /** Metrics whose count, mean, least and greatest value are wanted, up to 100. @default none */
  readonly metrics?: readonly string[];
  /** Most groups, 1 to 1000. @default 100 */
  readonly limit?: number;
}
