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
  /** Starts a run and gives a handle to log with. */
  start(options?: StartRunOptions): Promise<ActiveRun>;
  /**
   * Runs `work` inside a new run: `finished` when it returns, `failed` when it throws. Runs started inside
   * are nested in it.
   */
  with<T>(options: StartRunOptions, work: (run: ActiveRun) => T | Promise<T>): Promise<T>;
  /** @throws `not_found` */
  get(id: string): Promise<Run>;
  find(id: string): Promise<Run | undefined>;
  search(query?: RunSearch): Promise<Page<Run>>;
  /** How many a filter finds. @throws `deadline_exceeded` when there are more than can be looked at in ten seconds */
  count(query?: Pick<RunSearch, "filter" | "experimentIds" | "lifecycle">): Promise<number>;
  update(id: string, patch: RunUpdate): Promise<Run>;
  /** Acknowledged: durable when it resolves. All or nothing. */
  logBatch(batch: RunBatchInput): Promise<void>;
  /** All points of one metric, by step. */
  metricHistory(
    query: PageQuery & { readonly runId: string; readonly key: string },
  ): Promise<Page<MetricPoint>>;
  /** Curves for charts. */
  metricSeries(query: {
    readonly runIds: readonly string[];
    readonly keys: readonly string[];
    /** @default 1000 */
    readonly maxPoints?: number;
    /** 0 to 0.99. @default 0 */
    readonly smoothing?: number;
  }): Promise<readonly MetricSeries[]>;
  keys(query?: { readonly experimentIds?: readonly string[] }): Promise<RunKeys>;
  delete(id: string): Promise<Run>;
  restore(id: string): Promise<Run>;
}

/** How a run starts. */
export interface StartRunOptions {
  /** Name of the experiment, made when it is not there. @default 'Default' */
  readonly experiment?: string;
  /** Id of the experiment, instead of its name. */
  readonly experimentId?: string;
  /** @default a made-up name of two words and a number */
  readonly name?: string;
  /** The run to nest in. @default the run whose `with` encloses this call */
  readonly parentRunId?: string;
  readonly params?: Params;
  readonly tags?: StringMap;
  readonly userId?: string;
  /**
   * Whether this client watches over the run: when its process is gone, or the client is closed, and the run was
   * not finished, it is ended as `failed` or `killed`, with the reason in `statusMessage`. `false` for a run that is
   * made for somebody else; it stays as it is until somebody ends it.
   *
   * @default true
   */
  readonly owned?: boolean;
}

/** Values are stored as text. */
export type Params = Readonly<Record<string, string | number | boolean>>;

/** Which runs to find. */
export interface RunSearch extends SearchQuery {
  /** @default all experiments */
  readonly experimentIds?: readonly string[];
  /** @default 'active' */
  readonly lifecycle?: LifecycleFilter;
}

/** What changes in a run. What is left out stays. */
export interface RunUpdate {
  readonly name?: string;
  readonly status?: RunStatus;
  /** Milliseconds since the epoch. @default now, with a status that ends the run */
  readonly endTime?: number;
  readonly tags?: StringMap;
  readonly removeTags?: readonly string[];
}

/** What is logged to a run at once. */
export interface RunBatchInput extends Omit<RunBatch, "metrics" | "params"> {
  readonly metrics?: readonly MetricInput[];
  readonly params?: Params;
}

/** A point of a metric. */
export interface MetricInput {
  readonly key: string;
  readonly value: number;
  /** A whole number. @default 0 */
  readonly step?: number;
  /** Milliseconds since the epoch. @default now */
  readonly timestamp?: number;
}

/** A run being executed. */
export interface ActiveRun {
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  /**
   * Records one point without waiting; durable after `flush()` or `finish()`.
   * NaN and the infinities are values, too.
   * @throws `invalid_argument` for a value that is no number, or a bad key.
   */
  logMetric(
    key: string,
    value: number,
    options?: { readonly step?: number; readonly timestamp?: number },
  ): void;
  /** The same for several metrics of one step. `step` is 0 and `timestamp` now where they are left out. */
  logMetrics(
    values: Readonly<Record<string, number>>,
    options?: { readonly step?: number; readonly timestamp?: number },
  ): void;
  logParams(params: Params): Promise<void>;
  setTags(tags: StringMap): Promise<void>;
  /** Keeps bytes, text or a JSON value under a label such as `model/weights.json`. @throws `invalid_argument`, `limit_exceeded` */
  logArtifact(
    path: string,
    content: ArtifactContent,
    options?: { readonly contentType?: string },
  ): Promise<void>;
  /** Ends the run. @default 'finished' */
  finish(status?: Exclude<RunStatus, "running" | "scheduled">): Promise<Run>;
}
