import type {
  Artifact,
  Assessment,
  Dataset,
  DatasetRecord,
  Evaluation,
  EvaluationRow,
  Experiment,
  FilterClause,
  LifecycleFilter,
  LifecycleStage,
  MetricPoint,
  ModelVersion,
  OrderTerm,
  Page,
  PromptArm,
  PromptEntry,
  PromptVersion,
  RegisteredModel,
  Run,
  RunBatch,
  RunStatus,
  Span,
  SpanSkeleton,
  StringMap,
  Trace,
} from "@rivulet/domain";
import type { BackupReport } from "./backup.ts";
import type { FileStore } from "./files.ts";
import type { MetricsWrite, SpanWrite } from "./records.ts";

/**
 * THE PORT: what Rivulet asks of a driver, and nothing else. Records come in and go out whole; ids and
 * times are made above; what must be atomic is one method. `undefined` means "not there". A driver
 * implements all of it, and passes the contract in `@rivulet/core/testing`.
 *
 * An acknowledged write (every promise but the journal's) is durable when its promise resolves.
 */
export interface Store {
  readonly info: StoreInfo;
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly artifacts: ArtifactIndex;
  /** Bytes, such as those of artifacts. */
  readonly files: FileStore;
  readonly models: ModelStore;
  readonly prompts: PromptStore;
  readonly traces: TraceStore;
  readonly assessments: AssessmentStore;
  readonly datasets: DatasetStore;
  readonly evaluations: EvaluationStore;
  /** The hot path: spans and metric points. */
  readonly journal: Journal;
  /** Calls back after rows were committed. Returns the way to stop it. */
  subscribe(listener: (change: StoreChange) => void): () => void;
  /** Asks the database whether its file is sound. */
  checkIntegrity(): Promise<IntegrityReport>;
  /**
   * Writes everything of one moment, files included, into a folder that is not there yet or empty, while others
   * go on writing. What the journal took before the call is in it.
   *
   * @throws RivuletError `already_exists` when something is there; `store_unavailable` when it cannot be written
   */
  backup(folder: string): Promise<BackupReport>;
  /** Writes what is pending, then lets go of the database. Safe to call twice. */
  close(): Promise<void>;
}

/** What a store is. */
export interface StoreInfo {
  readonly driver: "sqlite" | "memory" | "json" | "postgres";
  /** Where it is, without secrets. */
  readonly url: string;
  /** Folder for what belongs beside the store, such as artifacts; absent where there is no disk. */
  readonly folder?: string;
}

/** The entities of a store. */
export type EntityStores = Pick<
  Store,
  | "experiments"
  | "runs"
  | "artifacts"
  | "models"
  | "prompts"
  | "traces"
  | "assessments"
  | "datasets"
  | "evaluations"
>;

/** Something changed; for live views. */
export interface StoreChange {
  readonly entity:
    | "experiment"
    | "run"
    | "model"
    | "prompt"
    | "trace"
    | "assessment"
    | "dataset"
    | "evaluation";
  /** Ids or names of what changed. */
  readonly ids: readonly string[];
}

/** Result of {@link Store.checkIntegrity}. */
export interface IntegrityReport {
  readonly ok: boolean;
  readonly problems: readonly string[];
}

/** A search below the port: filter and order parsed, page bounded. */
export interface StoreQuery {
  readonly where: readonly FilterClause[];
  /** Empty for the list's default order. */
  readonly order: readonly OrderTerm[];
  readonly limit: number;
  readonly pageToken?: string;
}

/** A patch of tags. */
export interface TagPatch {
  readonly tags?: StringMap;
  readonly removeTags?: readonly string[];
}

export interface ExperimentStore {
  /** `already_exists` when the name is taken, by a deleted experiment too. */
  create(experiment: Experiment): Promise<void>;
  get(id: string): Promise<Experiment | undefined>;
  findByName(name: string): Promise<Experiment | undefined>;
  /** `not_found`, or `already_exists` for a taken name. */
  update(patch: ExperimentPatch): Promise<Experiment>;
  /** Default order: newest first. */
  search(query: StoreQuery & { readonly lifecycle: LifecycleFilter }): Promise<Page<Experiment>>;
}

export interface ExperimentPatch extends TagPatch {
  readonly id: string;
  readonly name?: string;
  readonly lifecycleStage?: LifecycleStage;
  readonly updatedAt: number;
}

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

export interface RunPatch extends TagPatch, Owned {
  readonly id: string;
  readonly name?: string;
  /** A run that ends drops its owners. */
  readonly status?: RunStatus;
  /** Given with a status; without it a new status has none. */
  readonly statusMessage?: string;
  readonly endTime?: number;
  readonly lifecycleStage?: LifecycleStage;
}

export interface MetricHistoryQuery {
  readonly runId: string;
  readonly key: string;
  readonly limit: number;
  readonly pageToken?: string;
}

export interface MetricSeriesQuery {
  readonly runIds: readonly string[];
  readonly keys: readonly string[];
  /** At most this many points per curve. */
  readonly maxPoints: number;
  /** Weight of the debiased exponential moving average, 0 (none) to 0.99. */
  readonly smoothing: number;
}

/** One curve. The three lists have equal length. */
export interface MetricSeries {
  readonly runId: string;
  readonly key: string;
  readonly steps: readonly number[];
  readonly timestamps: readonly number[];
  readonly values: readonly number[];
  /** Present when `smoothing` is above 0. */
  readonly smoothed?: readonly number[];
  /** Points before the cut. */
  readonly total: number;
}

export interface RunKeys {
  readonly metrics: readonly string[];
  readonly params: readonly string[];
  readonly tags: readonly string[];
}

export interface RunQuery extends StoreQuery {
  readonly experimentIds: readonly string[];
  readonly lifecycle: LifecycleFilter;
}

export interface ArtifactIndex {
  /**
   * Adds or replaces; `fileId` names the bytes among the store's files. Returns the `fileId` that it had before.
   * `not_found` when the run is not there; `conflict` when the file is not there, or not any more.
   */
  put(artifact: Artifact & { readonly fileId: string }): Promise<string | undefined>;
  get(key: ArtifactKey): Promise<(Artifact & { readonly fileId: string }) | undefined>;
  /** By path. */
  list(query: { readonly runId: string; readonly prefix?: string }): Promise<readonly Artifact[]>;
}

export interface ArtifactKey {
  readonly runId: string;
  readonly path: string;
}

export interface ModelStore {
  create(model: RegisteredModel): Promise<void>;
  get(name: string): Promise<RegisteredModel | undefined>;
  update(patch: ModelPatch): Promise<RegisteredModel>;
  /** With all versions and aliases. `not_found`. */
  delete(name: string): Promise<void>;
  search(query: StoreQuery): Promise<Page<RegisteredModel>>;
  /** Gives the next number; creates the model when it is not there. */
  addVersion(version: NewModelVersion): Promise<ModelVersion>;
  getVersion(key: ModelVersionKey): Promise<ModelVersion | undefined>;
  findVersionByAlias(key: {
    readonly name: string;
    readonly alias: string;
  }): Promise<ModelVersion | undefined>;
  updateVersion(patch: ModelVersionPatch): Promise<ModelVersion>;
  deleteVersion(key: ModelVersionKey): Promise<void>;
  /** Default order: newest first. */
  searchVersions(query: StoreQuery): Promise<Page<ModelVersion>>;
  setAlias(
    alias: ModelVersionKey & { readonly alias: string; readonly updatedAt: number },
  ): Promise<void>;
  deleteAlias(key: {
    readonly name: string;
    readonly alias: string;
    readonly updatedAt: number;
  }): Promise<void>;
}

export type NewModelVersion = Omit<ModelVersion, "version" | "aliases"> & {
  /** Aliases to point at the new version, in the same transaction. */
  readonly setAliases?: readonly string[];
};

export interface ModelVersionKey {
  readonly name: string;
  readonly version: number;
}

export interface ModelPatch extends TagPatch {
  readonly name: string;
  readonly description?: string;
  readonly updatedAt: number;
}

export interface ModelVersionPatch extends ModelPatch {
  readonly version: number;
}

export interface PromptStore {
  /**
   * Gives the next number and creates the prompt when it is not there. When the latest version has the
   * same content hash, that one is returned instead.
   */
  addVersion(version: NewPromptVersion): Promise<PromptVersion>;
  get(name: string): Promise<PromptEntry | undefined>;
  update(patch: ModelPatch): Promise<PromptEntry>;
  delete(name: string): Promise<void>;
  /** Default order: by name. */
  search(query: StoreQuery): Promise<Page<PromptEntry>>;
  getVersion(key: ModelVersionKey): Promise<PromptVersion | undefined>;
  /** Newest first. */
  listVersions(query: {
    readonly name: string;
    readonly limit: number;
    readonly pageToken?: string;
  }): Promise<Page<PromptVersion>>;
  /** `not_found` for a version; `conflict` when `expected` is given and the alias points elsewhere. */
  setAlias(alias: PromptAliasWrite): Promise<void>;
  deleteAlias(key: {
    readonly name: string;
    readonly alias: string;
    readonly updatedAt: number;
  }): Promise<void>;
}

export type NewPromptVersion = Omit<PromptVersion, "version" | "aliases"> & {
  /** Description of the prompt, when it is created by this. */
  readonly description?: string;
  /** Aliases to point at the new version, in the same transaction. */
  readonly setAliases?: readonly string[];
};

export interface PromptAliasWrite {
  readonly name: string;
  readonly alias: string;
  readonly arms: readonly PromptArm[];
  /** The arms the caller has seen; `null` for "no such alias". Left out: no check. */
  readonly expected?: readonly PromptArm[] | null;
  readonly updatedAt: number;
}

export interface TraceStore {
  get(id: string): Promise<Trace | undefined>;
  /** All spans without bodies, by start time. */
  listSpans(traceId: string): Promise<readonly SpanSkeleton[]>;
  /** All spans with bodies, by start time. */
  loadSpans(traceId: string): Promise<readonly Span[]>;
  getSpan(key: { readonly traceId: string; readonly spanId: string }): Promise<Span | undefined>;
  /** Default order: newest start first. An empty `experimentIds` means all. */
  search(query: StoreQuery & { readonly experimentIds: readonly string[] }): Promise<Page<Trace>>;
  update(patch: TagPatch & { readonly id: string }): Promise<Trace>;
  /** With spans and assessments. Returns how many were there. */
  delete(ids: readonly string[]): Promise<number>;
  /**
   * Marks spans `abandoned` that are in progress and were started before `before`; their end is the last
   * time anything of their trace was written. Returns the ids of their traces.
   */
  closeAbandoned(query: { readonly before: number }): Promise<readonly string[]>;
}

export interface AssessmentStore {
  /** `not_found` when the trace is not there. */
  add(assessments: readonly Assessment[]): Promise<void>;
  /** By time. */
  list(query: { readonly traceIds: readonly string[] }): Promise<readonly Assessment[]>;
  /** `not_found`. */
  delete(id: string): Promise<void>;
}

export interface DatasetStore {
  create(dataset: Dataset): Promise<void>;
  get(name: string): Promise<Dataset | undefined>;
  update(patch: ModelPatch): Promise<Dataset>;
  delete(name: string): Promise<void>;
  search(query: StoreQuery): Promise<Page<Dataset>>;
  /**
   * Makes the next version, or leaves the dataset as it is when nothing changes. A record whose id is
   * there keeps its `createdAt`; its expectations and metadata are merged key by key, the new ones win.
   */
  changeRecords(change: DatasetChange): Promise<Dataset>;
  /** The records of one version (default: the newest), oldest first. */
  listRecords(query: DatasetRecordQuery): Promise<Page<DatasetRecord>>;
}

export interface DatasetChange {
  readonly name: string;
  readonly upsert?: readonly DatasetRecord[];
  readonly remove?: readonly string[];
  readonly updatedAt: number;
}

export interface DatasetRecordQuery {
  readonly name: string;
  readonly version?: number;
  readonly limit: number;
  readonly pageToken?: string;
}

export interface EvaluationStore {
  create(evaluation: Evaluation): Promise<void>;
  get(id: string): Promise<Evaluation | undefined>;
  /** Replaces the record. */
  update(evaluation: Evaluation): Promise<void>;
  addRows(rows: readonly EvaluationRow[]): Promise<void>;
  /** By row id, then trial. */
  listRows(query: {
    readonly evaluationId: string;
    readonly limit: number;
    readonly pageToken?: string;
  }): Promise<Page<EvaluationRow>>;
  /** Default order: newest first. An empty `experimentIds` means all. */
  search(
    query: StoreQuery & { readonly experimentIds: readonly string[] },
  ): Promise<Page<Evaluation>>;
}

/**
 * The hot path. `append…` serialises at once, never throws and never waits; what it takes is in the spool
 * at the latest when the current tick of the event loop ends.
 */
export interface Journal {
  /** A span, at its start or end; the later write wins field by field. `false`: dropped, and counted. */
  appendSpan(write: SpanWrite): boolean;
  appendMetrics(write: MetricsWrite): boolean;
  /** Resolves when everything appended so far is in the store and readable. */
  flush(): Promise<void>;
  stats(): JournalStats;
}

export interface JournalStats {
  /** Records taken since the start. */
  readonly appended: number;
  /** Records not taken because a bound was reached or they could not be serialised. */
  readonly dropped: number;
  /** Bytes taken but not yet in the store. */
  readonly pendingBytes: number;
  /** Where they wait. */
  readonly medium: "spool" | "memory";
}
