import type {
  ChildSummary,
  ManyChanged,
  MetricPoint,
  MetricSummary,
  Page,
  PageQuery,
  Purged,
  Run,
  RunBatch,
  RunComparison,
  RunGroup,
  RunOwner,
  RunStatus,
  ValueCount,
} from "@rivulet/domain";
import type { MetricSeries, RunKeys } from "@rivulet/store";
import type { RunInputs } from "../inputs/run-inputs.ts";
import type { Params } from "../params.ts";
import type { SystemMetricsOptions } from "../system-metrics/system-metrics.ts";
import type { Tags } from "../validation.ts";
import type { ActiveRun } from "./active-run.ts";
import type { MeasuredOptions } from "./measured-model.ts";
import type { PurgeOptions } from "./purge.ts";
import type { Resume } from "./resume-run.ts";
import type {
  ChildSummariesQuery,
  MetricExport,
  RunExport,
  RunGrouping,
  RunNesting,
  RunSearch,
  RunSelection,
  RunValues,
} from "./run-queries.ts";
import type { SweepChoice, SweepOptions, SweepParams, SweepResult } from "./sweep-input.ts";

/** Runs: executions with params, metrics, tags and artifacts. */
export interface Runs extends RunInputs {
  /**
   * Creates a run for somebody else, such as another process: this client does not own it, so that it stays open until
   * somebody ends it.
   *
   * @throws RivuletError `not_found` for experiment or parent run
   */
  create(options?: CreateRunOptions): Promise<Run>;
  /**
   * Starts a run, or goes on with one: see `id` and `resume`.
   *
   * @returns a handle to log with
   * @throws RivuletError `not_found` for experiment, parent run, or a run that must be there; `conflict` for an experiment
   * or a run that is deleted; `already_exists` for an `id` that never resumes
   */
  start(options?: StartRunOptions): Promise<ActiveRun>;
  /**
   * Goes on with a run that is there: it is running again, and has no end. Several processes may do so at the same time:
   * the run is ended when the last of them goes away.
   *
   * @throws RivuletError `not_found`; `conflict` while it is deleted
   */
  resume(id: string, options?: { readonly owned?: boolean }): Promise<ActiveRun>;
  /**
   * Runs `work` inside a new run, which ends as `finished` when the work returns and as `failed` when it throws. Runs
   * started inside are nested in it.
   *
   * @throws whatever `work` throws
   */
  with<T>(options: StartRunOptions, work: (run: ActiveRun) => T | Promise<T>): Promise<T>;
  /**
   * Tries combinations of params: a parent run, and in it a child for each, in which `work` runs. A child whose work
   * throws ends as `failed`, which is told to `onError`, and the sweep goes on; so it does with one that has diverged.
   *
   * ```ts
   * const { best } = await rivulet.runs.sweep(
   *   { params: { lr: [0.1, 0.01], depth: [2, 4] }, metric: "loss", better: "lower" },
   *   async (run, { lr, depth }) => run.logMetrics({ loss: await train(lr, depth) }),
   * );
   * ```
   *
   * @throws RivuletError `invalid_argument` before anything is begun; `aborted` through `signal`
   */
  sweep<const P extends SweepParams, R>(
    options: SweepOptions<P>,
    work: (run: ActiveRun, params: SweepChoice<P>) => R | Promise<R>,
  ): Promise<SweepResult<P, R>>;
  /** The run, deleted or not. @throws RivuletError `not_found` */
  get(id: string): Promise<Run>;
  /** The run, deleted or not; `undefined` when there is none of this id. */
  find(id: string): Promise<Run | undefined>;
  /** Default order: newest start first. */
  search(query?: RunSearch): Promise<Page<Run>>;
  /** How many runs match. @throws RivuletError `deadline_exceeded` when counting takes longer than ten seconds */
  count(query?: RunSelection & RunNesting): Promise<number>;
  /** Changes a run. @throws RivuletError `not_found`; `conflict` while it is deleted */
  update(id: string, patch: RunUpdate): Promise<Run>;
  /**
   * Changes the tags of up to 1,000 runs in one transaction, and says of which it could not: a deleted run is a
   * `conflict`.
   */
  updateMany(ids: readonly string[], patch: RunTagsUpdate): Promise<ManyChanged>;
  /** Hides up to 1,000 runs in one transaction, and says which were not there. */
  deleteMany(ids: readonly string[]): Promise<ManyChanged>;
  /** Makes up to 1,000 deleted runs visible again in one transaction, and says which were not there. */
  restoreMany(ids: readonly string[]): Promise<ManyChanged>;
  /**
   * Writes metrics, params and tags, all of them or none; durable when it resolves.
   *
   * @throws RivuletError `not_found`; `conflict` for a param that already has another value
   */
  logBatch(batch: RunBatchInput): Promise<void>;
  /** All points of one metric, by step, then timestamp. */
  metricHistory(
    query: PageQuery & { readonly runId: string; readonly key: string },
  ): Promise<Page<MetricPoint>>;
  /** Curves for charts: smoothed over all points, then reduced to `maxPoints`, keeping minima and maxima. */
  metricSeries(query: {
    readonly runIds: readonly string[];
    readonly keys: readonly string[];
    /** Most points per curve. @default 1000 */
    readonly maxPoints?: number;
    /** Weight of the debiased exponential moving average, 0 (none) to 0.99. @default 0 */
    readonly smoothing?: number;
    /** First step of the curves: fewer steps are told in more detail. @default the first of each */
    readonly fromStep?: number;
    /** Last step of the curves, itself included. @default the last of each */
    readonly toStep?: number;
  }): Promise<readonly MetricSeries[]>;
  /** The metric, param and tag keys in use, for suggestions. */
  keys(query?: { readonly experimentIds?: readonly string[] }): Promise<RunKeys>;
  /**
   * The values of a field, with how many runs have each: the most frequent first.
   *
   * @throws RivuletError `invalid_argument` for a field that has no texts to choose from; `deadline_exceeded` when there
   * are more runs than can be looked at in ten seconds
   */
  values(query: RunValues): Promise<readonly ValueCount[]>;
  /**
   * Runs that have the same value of a field, with how many they are and what their metrics have come to: the largest
   * group first. Runs without a value are in none.
   *
   * @throws RivuletError `invalid_argument` for a field that has no texts to group by; `deadline_exceeded` when there
   * are more runs than can be looked at in ten seconds
   */
  groups(query: RunGrouping): Promise<readonly RunGroup[]>;
  /**
   * The children of some runs in one line each, in the order of the runs: how many there are by status, and per metric
   * the best, the mean and the median. Children that failed, were killed or whose value is NaN or infinite are counted
   * apart: none of them is the best. For a table of runs: `search({ rootsOnly: true })`, then this with the ids of the
   * page.
   *
   * @throws RivuletError `not_found` with the ids that are missing
   */
  childSummaries(query: ChildSummariesQuery): Promise<readonly ChildSummary[]>;
  /**
   * Runs side by side, in the order of their ids, deleted ones too: a row per param, metric and tag, with which of them
   * differ and which runs are best.
   *
   * @throws RivuletError `not_found` with the ids that are missing; `invalid_argument` for none or more than 1,000 runs;
   * `limit_exceeded` when runs times keys are more than 1,000,000
   */
  compare(query: { readonly runIds: readonly string[] }): Promise<RunComparison>;
  /**
   * Runs as the bytes of a file, piece by piece: a row per run, with its fields and a column for each param, metric and
   * tag. However many runs there are, only a page of them is in memory. What is logged while the file is written may or
   * may not be in it.
   *
   * ```ts
   * await writeFile("runs.csv", await rivulet.runs.export({ format: "csv", filter: "metrics.acc > 0.9" }));
   * ```
   *
   * CSV: NaN and ±Infinity are spelt, times are ISO 8601, and a text that a spreadsheet would run as a formula gets a `'`
   * in front. `json` and `jsonl`: whole runs, as the HTTP API answers them, or objects with the `columns`. Parquet: metrics
   * are doubles, NaN and ±Infinity included, times are timestamps in microseconds, and the rest is text.
   *
   * @throws RivuletError `invalid_argument` for a bad filter, order or column, before the first byte
   */
  export(query: RunExport): Promise<AsyncIterable<Uint8Array>>;
  /**
   * All points of the metrics of runs as the bytes of a file, piece by piece: a row per point, with `runId`, `key`, `step`,
   * `timestamp` and `value`; run after run, key after key, by step.
   *
   * @throws RivuletError `invalid_argument` for a bad filter or order, before the first byte
   */
  exportMetrics(query: MetricExport): Promise<AsyncIterable<Uint8Array>>;
  /**
   * Who writes to runs that are running, and when each was last heard of: of up to 1,000 runs. A run without anybody stays
   * open until somebody ends it.
   */
  owners(query: { readonly runIds: readonly string[] }): Promise<readonly RunOwner[]>;
  /**
   * Last, first, least, greatest and best value of metrics, with how many points there are, by key, then run: of up to 200
   * runs. They are kept with every point that is written: nothing is counted here.
   */
  metricSummaries(query: {
    readonly runIds: readonly string[];
    /** Names of metrics, up to 200. @default all */
    readonly keys?: readonly string[];
  }): Promise<readonly MetricSummary[]>;
  /**
   * Removes deleted runs for good, with their points, params, tags and artifacts, in small steps. A run that a version of a
   * model is made of is kept, and told.
   */
  purge(options?: PurgeOptions): Promise<Purged>;
  /** Hides the run until it is restored; it takes no writes meanwhile. @throws RivuletError `not_found` */
  delete(id: string, options?: WithChildren): Promise<Run>;
  /** Makes a deleted run visible again. @throws RivuletError `not_found`; `conflict` while its experiment is deleted */
  restore(id: string, options?: WithChildren): Promise<Run>;
}

/** Whether what is below a run shares its fate. */
export interface WithChildren {
  /**
   * `delete`: all runs that are nested in it, at any depth, are deleted, too. `restore`: so are those restored that were
   * deleted with it, and none that had been deleted before. @default false
   */
  readonly withChildren?: boolean;
}

/** Options of `runs.create`. */
export interface CreateRunOptions {
  /** 32 hex digits, in lower case. @default a new id, ordered by time */
  readonly id?: string;
  /** Name of the experiment, which is created if it does not exist. @default 'Default' */
  readonly experiment?: string;
  /** Id of the experiment, instead of its name. */
  readonly experimentId?: string;
  /** For people to read. @default a generated name of two words and a number */
  readonly name?: string;
  /** The run to nest it in; `null` for none. @default the run whose `with` encloses this call */
  readonly parentRunId?: string | null;
  /** Inputs such as hyperparameters. @default {} */
  readonly params?: Params;
  /** Free-form labels; numbers and booleans are stored as text. @default {} */
  readonly tags?: Tags;
  /** Who starts the run. */
  readonly userId?: string;
}

/** Options of `runs.start` and `runs.with`. */
export interface StartRunOptions extends CreateRunOptions {
  /**
   * Whether this client owns the run: if its process goes away or the client is closed before the run has ended, the run
   * is ended as `failed` or `killed`, with the reason in `statusMessage`. Use `false` for a run that is created for
   * somebody else; it stays open until somebody ends it.
   *
   * @default true
   */
  readonly owned?: boolean;
  /**
   * Records facts of the machine and the process as metrics `system/…` until the run ends: CPU, memory, disk, event-loop
   * delay, heap, and GPUs where `nvidia-smi` is there.
   *
   * @default what the client's option `systemMetrics` says
   */
  readonly systemMetrics?: boolean | SystemMetricsOptions;
  /**
   * Whether a run with this `id`, or without one the newest active run with this `name` in the experiment, goes on:
   * `never`, which makes a new one; `allow`, which makes one if there is none; or `must`, which fails if there is none.
   * Several processes that allow it make one run. Params and tags are added to it.
   *
   * @default 'allow' with an `id`, else 'never'
   */
  readonly resume?: Resume;
}

/** Changes to a run. Absent fields stay as they are. */
export interface RunUpdate {
  /** New name. */
  readonly name?: string;
  /** New status; a final one ends the run. */
  readonly status?: RunStatus;
  /** Milliseconds since the epoch. @default now, if `status` ends the run */
  readonly endTime?: number;
  /** What there is to know of it, in Markdown; kept as the tag `mlflow.note.content`. Empty removes it. */
  readonly note?: string;
  /** Tags to add or overwrite, up to 100; numbers and booleans are stored as text. */
  readonly tags?: Tags;
  /** Keys of tags to remove; unknown ones are ignored. */
  readonly removeTags?: readonly string[];
}

/** Changes to the tags of runs. */
export type RunTagsUpdate = Pick<RunUpdate, "tags" | "removeTags">;

/** What one `logBatch` writes. */
export interface RunBatchInput extends Omit<RunBatch, "metrics" | "params" | "tags"> {
  /** Up to 1,000 points. */
  readonly metrics?: readonly MetricInput[];
  /** Up to 1,000 params. Each is written once; a different value for the same key is a `conflict`. */
  readonly params?: Params;
  /** Up to 1,000 tags; existing ones are overwritten. Numbers and booleans are stored as text. */
  readonly tags?: Tags;
}

/** A metric point to log. */
export interface MetricInput extends MeasuredOptions {
  /** Name of the metric, up to 250 characters. */
  readonly key: string;
  /** Any number, NaN and ±Infinity included. */
  readonly value: number;
  /** A whole number. @default 0 */
  readonly step?: number;
  /** Milliseconds since the epoch. @default now */
  readonly timestamp?: number;
}
