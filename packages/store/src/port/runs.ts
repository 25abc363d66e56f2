import type {
  LifecycleFilter,
  LifecycleStage,
  MetricPoint,
  Page,
  Run,
  RunBatch,
  RunStatus,
} from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { CountQuery, StoreQuery, TagPatch } from "./query.ts";

/** Runs with their params, metrics and tags. */
export interface RunStore {
  /** `not_found` when the experiment or the parent run is not there. */
  create(run: Run & Owned): Promise<void>;
  get(id: string): Promise<Run | undefined>;
  update(patch: RunPatch): Promise<Run>;
  /** All or nothing. `not_found` for the run; `conflict` for a param that has another value. */
  logBatch(batch: RunBatch & Owned): Promise<void>;
  /** All points of a metric, by step, then timestamp. */
  metricHistory(query: MetricHistoryQuery): Promise<Page<MetricPoint>>;
  /** Curves for charts: smoothed over all points, then cut to `maxPoints` keeping minima and maxima. */
  metricSeries(query: MetricSeriesQuery): Promise<readonly MetricSeries[]>;
  /** The metric, param and tag keys in use, sorted. */
  keys(query: { readonly experimentIds: readonly string[] }): Promise<RunKeys>;
  /** How many a filter finds. `deadline_exceeded` when there are too many to look at. */
  count(query: RunCountQuery): Promise<number>;
  /** Default order: newest start first. An empty `experimentIds` means all. */
  search(query: RunQuery): Promise<Page<Run>>;
}

/** Who writes to a run. */
export interface Owned {
  /**
   * The engine that watches over the run from now on: when it is gone, and nobody else watches, the run is
   * ended. Left out: nobody does because of this.
   */
  readonly owner?: string;
}

/** What changes in a run. What is left out stays. */
export interface RunPatch extends TagPatch, Owned {
  readonly id: string;
  readonly name?: string;
  /** A run that ends drops its owners. */
  readonly status?: RunStatus;
  /** Given with a status; without it a new status has none. */
  readonly statusMessage?: string;
  /** Milliseconds since the epoch. */
  readonly endTime?: number;
  readonly lifecycleStage?: LifecycleStage;
}

/** A page of the points of one metric. */
export interface MetricHistoryQuery {
  readonly runId: string;
  readonly key: string;
  readonly limit: number;
  readonly pageToken?: string;
}

/** Which curves to draw, and how. */
export interface MetricSeriesQuery {
  readonly runIds: readonly string[];
  readonly keys: readonly string[];
  /** At most this many points per curve. */
  readonly maxPoints: number;
  /** Weight of the debiased exponential moving average, 0 (none) to 0.99. */
  readonly smoothing: number;
}

/** One curve. Its lists have equal length. */
export interface MetricSeries {
  readonly runId: string;
  readonly key: string;
  readonly steps: readonly number[];
  /** Milliseconds since the epoch. */
  readonly timestamps: readonly number[];
  readonly values: readonly number[];
  /** Present when `smoothing` is above 0. */
  readonly smoothed?: readonly number[];
  /** Points before the cut. */
  readonly total: number;
}

/** Keys that runs use. */
export interface RunKeys {
  readonly metrics: readonly string[];
  readonly params: readonly string[];
  readonly tags: readonly string[];
}

/** Which runs to find. An empty `experimentIds` means all. */
export interface RunQuery extends StoreQuery {
  readonly experimentIds: readonly string[];
  readonly lifecycle: LifecycleFilter;
}

/** Which runs to count. */
export interface RunCountQuery extends CountQuery {
  readonly lifecycle: LifecycleFilter;
}

/** What each of them does, as facts. */
export const runOperations: Operations<RunStore> = {
  create: write(ENTITIES.run),
  get: read,
  update: write(ENTITIES.run),
  logBatch: write({ ...ENTITIES.run, key: ["runId"] }),
  metricHistory: read,
  metricSeries: search,
  keys: search,
  count: search,
  search: search,
};
