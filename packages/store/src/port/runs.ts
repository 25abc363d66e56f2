import type {
  ChildSummary,
  DatasetSummary,
  LifecycleFilter,
  LifecycleStage,
  ManyChanged,
  MetricPoint,
  MetricSummary,
  Page,
  Run,
  RunBatch,
  RunGroup,
  RunInput,
  RunOwner,
  RunStatus,
  ValueCount,
} from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write, writeMany } from "./operation.ts";
import type { DeletedPlace, DeletedQuery } from "./purge.ts";
import type { CountQuery, StoreQuery, TagPatch, ValuesQuery } from "./query.ts";
import type { InputDatasetsQuery, RunInputsQuery, RunInputsWrite } from "./run-inputs.ts";

/** Runs with their params, metrics and tags. */
export interface RunStore {
  /**
   * Adds a run.
   *
   * @throws RivuletError `not_found` when the experiment or the parent run does not exist; `conflict` when the experiment
   * is deleted; `already_exists` when there is one of this id
   */
  create(run: Run & Owned): Promise<void>;
  /** One run, deleted or not; `undefined` when there is none of this id. */
  get(id: string): Promise<Run | undefined>;
  /** Those of some runs that exist, deleted or not, in no order; up to 1,000 at once. */
  getMany(ids: readonly string[]): Promise<readonly Run[]>;
  /** Changes a run. @throws RivuletError `not_found` */
  update(patch: RunPatch): Promise<Run>;
  /** Changes tags or the stage of many runs, all at once. Tags of deleted runs are not changed: that is a `conflict`. */
  updateMany(patch: ManyRunsPatch): Promise<ManyChanged>;
  /**
   * Writes metrics, params and tags, all of them or none.
   *
   * @throws RivuletError `not_found` for the run; `conflict` for a param that already has another value, and for a tag that
   * is not as expected: its key is `details.tag`
   */
  logBatch(batch: RunBatch & Owned & ExpectedTags): Promise<void>;
  /**
   * Adds the datasets that a run was given.
   *
   * @throws RivuletError `not_found` for the run; `conflict` when it is deleted
   */
  logInputs(write: RunInputsWrite): Promise<void>;
  /** The datasets that a run was given, by name, then digest, then context. */
  inputs(query: RunInputsQuery): Promise<Page<RunInput>>;
  /** The datasets that runs were given, by experiment, then name; up to `limit`. */
  inputDatasets(query: InputDatasetsQuery): Promise<readonly DatasetSummary[]>;
  /** All points of a metric, by step, then timestamp. */
  metricHistory(query: MetricHistoryQuery): Promise<Page<MetricPoint>>;
  /** Curves for charts: smoothed over all points, then reduced to `maxPoints`, keeping minima and maxima. */
  metricSeries(query: MetricSeriesQuery): Promise<readonly MetricSeries[]>;
  /** The metric, param and tag keys in use, sorted. */
  keys(query: { readonly experimentIds: readonly string[] }): Promise<RunKeys>;
  /**
   * The values of a field in the runs that match, the most frequent first.
   *
   * @throws RivuletError `deadline_exceeded` when it takes too long
   */
  values(query: RunValuesQuery): Promise<readonly ValueCount[]>;
  /**
   * The runs that match, grouped by their values of a field, the largest group first; those without a value are in none.
   *
   * @throws RivuletError `deadline_exceeded` when it takes too long
   */
  groups(query: RunGroupsQuery): Promise<readonly RunGroup[]>;
  /** The children of some runs, summed up: one entry per run that has any, in no order; up to 1,000 runs at once. */
  childSummaries(query: ChildSummariesQuery): Promise<readonly StoredChildSummary[]>;
  /** What is deleted, longest deleted first. */
  listDeleted(query: DeletedQuery): Promise<readonly DeletedPlace[]>;
  /**
   * Removes deleted runs for good, up to 100, with all that belongs to them; says which were kept: those that are not
   * deleted, and those that a version of a model is made of.
   */
  purge(query: PurgeRunsQuery): Promise<ManyChanged>;
  /** Who writes to runs that are running, with when each was last heard of. */
  owners(query: { readonly runIds: readonly string[] }): Promise<readonly RunOwner[]>;
  /** Last, first, least and greatest value of metrics, up to 200 runs at once; without `keys` all metrics. */
  metricSummaries(query: MetricSummariesQuery): Promise<readonly MetricSummary[]>;
  /** How many runs match. @throws RivuletError `deadline_exceeded` when counting takes too long */
  count(query: RunCountQuery): Promise<number>;
  /** Default order: newest start first. An empty `experimentIds` means all. */
  search(query: RunQuery): Promise<Page<Run>>;
}

/** Which runs are removed for good. */
export interface PurgeRunsQuery {
  /** Their ids. */
  readonly ids: readonly string[];
  /** Removes nothing, and says what it would. */
  readonly dryRun: boolean;
}

/** Whose metrics are summed up, and which. */
export interface MetricSummariesQuery {
  /** The runs. */
  readonly runIds: readonly string[];
  /** Names of metrics. @default all */
  readonly keys?: readonly string[];
}

/** Who writes to a run. */
export interface Owned {
  /**
   * The engine that becomes an owner of the run. When all owners of a running run are gone, the run is ended.
   *
   * @default the write adds no owner
   */
  readonly owner?: string;
}

/** Changes to a run. Absent fields stay as they are. */
export interface RunPatch extends TagPatch, Owned {
  /** The run to change. */
  readonly id: string;
  /** New name. */
  readonly name?: string;
  /** New status. A final one removes the owners. */
  readonly status?: RunStatus;
  /** Reason for the new status; a status without a message clears the old one. */
  readonly statusMessage?: string;
  /** Milliseconds since the epoch; `null` for a run that goes on. */
  readonly endTime?: number | null;
  /** `deleted` deletes it, `active` restores it. */
  readonly lifecycleStage?: LifecycleStage;
  /** When it is deleted, in milliseconds since the epoch. */
  readonly deletedAt?: number;
}

/** What tags must be for a write to happen. */
export interface ExpectedTags {
  /** Key → the value that the tag must have now; `null` if it must not exist. @default no check */
  readonly expectedTags?: Readonly<Record<string, string | null>>;
}

/** Selects a page of the points of one metric. */
export interface MetricHistoryQuery {
  /** The run to read. */
  readonly runId: string;
  /** Name of the metric. */
  readonly key: string;
  /** Points per page. */
  readonly limit: number;
  /** `nextPageToken` of the previous page. @default the first page */
  readonly pageToken?: string;
}

/** Selects curves, and how they are reduced. */
export interface MetricSeriesQuery {
  /** The runs to read. */
  readonly runIds: readonly string[];
  /** Names of metrics; each is a curve per run that has it. */
  readonly keys: readonly string[];
  /** At most this many points per curve. */
  readonly maxPoints: number;
  /** First step, itself included. @default the first of each curve */
  readonly fromStep?: number;
  /** Last step, itself included. @default the last of each curve */
  readonly toStep?: number;
  /** Weight of the debiased exponential moving average, 0 (none) to 0.99. */
  readonly smoothing: number;
}

/** One curve. Its arrays have the same length. */
export interface MetricSeries {
  /** The run it belongs to. */
  readonly runId: string;
  /** Name of the metric. */
  readonly key: string;
  /** Training steps, ascending. */
  readonly steps: readonly number[];
  /** Milliseconds since the epoch. */
  readonly timestamps: readonly number[];
  /** The logged values. */
  readonly values: readonly number[];
  /** Smoothed values; present when `smoothing` is above 0. */
  readonly smoothed?: readonly number[];
  /** Number of points, of the steps asked for, before the reduction. */
  readonly total: number;
}

/** The keys in use by some runs. */
export interface RunKeys {
  /** Metric keys, sorted. */
  readonly metrics: readonly string[];
  /** Param keys, sorted. */
  readonly params: readonly string[];
  /** Tag keys, sorted. */
  readonly tags: readonly string[];
}

/** Selects a page of runs. */
export interface RunQuery extends StoreQuery {
  /** Experiments to search; empty for all. */
  readonly experimentIds: readonly string[];
  /** Whether active runs, deleted ones or all are found. */
  readonly lifecycle: LifecycleFilter;
}

/** Selects the runs to count. */
export interface RunCountQuery extends CountQuery {
  /** Whether active runs, deleted ones or all are counted. */
  readonly lifecycle: LifecycleFilter;
}

/** Changes to many runs. Absent fields stay as they are. */
export interface ManyRunsPatch extends TagPatch {
  /** The runs to change. */
  readonly ids: readonly string[];
  /** `deleted` deletes them, `active` restores them. */
  readonly lifecycleStage?: LifecycleStage;
  /** When they are deleted, in milliseconds since the epoch. */
  readonly deletedAt?: number;
}

/** Selects the runs whose values are listed. */
export interface RunValuesQuery extends ValuesQuery {
  /** Whether active runs, deleted ones or all are looked at. */
  readonly lifecycle: LifecycleFilter;
}

/** Selects the runs that are grouped, and by what. */
export interface RunGroupsQuery extends Omit<RunValuesQuery, "contains"> {
  /** Metrics that are summed up in each group. */
  readonly metrics: readonly string[];
}

/** Whose children are summed up, and which of their metrics. */
export interface ChildSummariesQuery {
  /** The runs. */
  readonly runIds: readonly string[];
  /** Metrics to sum up. */
  readonly metrics: readonly string[];
}

/** A summary, its metrics in no order, and without what the experiment says of them. */
export type StoredChildSummary = ChildSummary;

/** Access and change events of each operation. */
export const runOperations: Operations<RunStore> = {
  create: write(ENTITIES.run),
  get: read,
  getMany: search,
  update: write(ENTITIES.run),
  updateMany: writeMany(ENTITIES.run),
  logBatch: write({ ...ENTITIES.run, key: ["runId"] }),
  logInputs: write({ ...ENTITIES.run, key: ["runId"] }),
  inputs: read,
  inputDatasets: search,
  metricHistory: read,
  metricSeries: search,
  keys: search,
  values: search,
  groups: search,
  childSummaries: search,
  listDeleted: search,
  purge: writeMany(ENTITIES.run),
  owners: read,
  metricSummaries: read,
  count: search,
  search: search,
};
