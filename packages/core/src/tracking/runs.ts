import type {
  LifecycleFilter,
  MetricPoint,
  Page,
  PageQuery,
  Run,
  RunBatch,
  RunStatus,
  SearchQuery,
  StringMap,
} from "@rivulet/domain";
import type { MetricSeries, RunKeys } from "@rivulet/store";
import type { ArtifactContent } from "../artifacts/artifact-content.ts";

/** Runs: executions with params, metrics, tags and artifacts. */
export interface Runs {
  /**
   * Creates a run for somebody else, such as another process: this client does not own it, so that it stays open until
   * somebody ends it.
   *
   * @throws RivuletError `not_found` for experiment or parent run
   */
  create(options?: CreateRunOptions): Promise<Run>;
  /** Starts a run. @returns a handle to log with @throws RivuletError `not_found` for experiment or parent run */
  start(options?: StartRunOptions): Promise<ActiveRun>;
  /**
   * Runs `work` inside a new run, which ends as `finished` when the work returns and as `failed` when it throws. Runs
   * started inside are nested in it.
   *
   * @throws whatever `work` throws
   */
  with<T>(options: StartRunOptions, work: (run: ActiveRun) => T | Promise<T>): Promise<T>;
  /** The run, deleted or not. @throws RivuletError `not_found` */
  get(id: string): Promise<Run>;
  /** The run, deleted or not; `undefined` when there is none of this id. */
  find(id: string): Promise<Run | undefined>;
  /** Default order: newest start first. */
  search(query?: RunSearch): Promise<Page<Run>>;
  /** How many runs match. @throws RivuletError `deadline_exceeded` when counting takes longer than ten seconds */
  count(query?: RunSelection): Promise<number>;
  /** Changes a run. @throws RivuletError `not_found` */
  update(id: string, patch: RunUpdate): Promise<Run>;
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
  }): Promise<readonly MetricSeries[]>;
  /** The metric, param and tag keys in use, for suggestions. */
  keys(query?: { readonly experimentIds?: readonly string[] }): Promise<RunKeys>;
  /** Hides the run until it is restored. @throws RivuletError `not_found` */
  delete(id: string): Promise<Run>;
  /** Makes a deleted run visible again. @throws RivuletError `not_found` */
  restore(id: string): Promise<Run>;
}

/** Options of `runs.create`. */
export interface CreateRunOptions {
  /** Name of the experiment, which is created if it does not exist. @default 'Default' */
  readonly experiment?: string;
  /** Id of the experiment, instead of its name. */
  readonly experimentId?: string;
  /** For people to read. @default a generated name of two words and a number */
  readonly name?: string;
  /** The run to nest it in. @default the run whose `with` encloses this call */
  readonly parentRunId?: string;
  /** Inputs such as hyperparameters. @default {} */
  readonly params?: Params;
  /** Free-form labels. @default {} */
  readonly tags?: StringMap;
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
}

/** Params by key. Values are stored as text. */
export type Params = Readonly<Record<string, string | number | boolean>>;

/** Options of `runs.search`. */
export interface RunSearch extends SearchQuery {
  /** Experiments to search. @default all */
  readonly experimentIds?: readonly string[];
  /** Whether active runs, deleted ones or all are found. @default 'active' */
  readonly lifecycle?: LifecycleFilter;
}

/** Which runs to count. */
export type RunSelection = Pick<RunSearch, "filter" | "experimentIds" | "lifecycle">;

/** Changes to a run. Absent fields stay as they are. */
export interface RunUpdate {
  /** New name. */
  readonly name?: string;
  /** New status; a final one ends the run. */
  readonly status?: RunStatus;
  /** Milliseconds since the epoch. @default now, if `status` ends the run */
  readonly endTime?: number;
  /** Tags to add or overwrite, up to 100. */
  readonly tags?: StringMap;
  /** Keys of tags to remove; unknown ones are ignored. */
  readonly removeTags?: readonly string[];
}

/** What one `logBatch` writes. */
export interface RunBatchInput extends Omit<RunBatch, "metrics" | "params"> {
  /** Up to 1,000 points. */
  readonly metrics?: readonly MetricInput[];
  /** Up to 100 params. Each is written once; a different value for the same key is a `conflict`. */
  readonly params?: Params;
}

/** A metric point to log. */
export interface MetricInput {
  /** Name of the metric, up to 250 characters. */
  readonly key: string;
  /** Any number, NaN and ±Infinity included. */
  readonly value: number;
  /** A whole number. @default 0 */
  readonly step?: number;
  /** Milliseconds since the epoch. @default now */
  readonly timestamp?: number;
}

/** Handle of a started run. */
export interface ActiveRun {
  /** 32 hex digits, ordered by time. */
  readonly id: string;
  /** The experiment it belongs to. */
  readonly experimentId: string;
  /** Its name when it was started. */
  readonly name: string;
  /**
   * Records one point without waiting; durable after `flush()` or `finish()`. Any number is a value, NaN and ±Infinity
   * included.
   *
   * @throws RivuletError `invalid_argument` for a value that is not a number, or a bad key
   */
  logMetric(
    key: string,
    value: number,
    options?: { readonly step?: number; readonly timestamp?: number },
  ): void;
  /** The same for several metrics of one step. `step` defaults to 0 and `timestamp` to now. */
  logMetrics(
    values: Readonly<Record<string, number>>,
    options?: { readonly step?: number; readonly timestamp?: number },
  ): void;
  /** Writes params, each once. @throws RivuletError `conflict` for a param that already has another value */
  logParams(params: Params): Promise<void>;
  /** Adds or overwrites tags. */
  setTags(tags: StringMap): Promise<void>;
  /**
   * Keeps bytes, text or a JSON value under a label such as `model/weights.json`.
   *
   * @throws RivuletError `invalid_argument`, `limit_exceeded`
   */
  logArtifact(
    path: string,
    content: ArtifactContent,
    options?: { readonly contentType?: string },
  ): Promise<void>;
  /** Ends the run. @default 'finished' */
  finish(status?: Exclude<RunStatus, "running" | "scheduled">): Promise<Run>;
}
