import { type ArtifactIndex, artifactOperations } from "./artifacts.ts";
import { type AssessmentStore, assessmentOperations } from "./assessments.ts";
import type { BackupReport } from "./backup.ts";
import { type DatasetStore, datasetOperations } from "./datasets.ts";
import { type EvaluationStore, evaluationOperations } from "./evaluations.ts";
import { type ExperimentStore, experimentOperations } from "./experiments.ts";
import type { FileStore } from "./files.ts";
import type { Journal } from "./journal.ts";
import { type ModelStore, modelOperations } from "./models.ts";
import type { Operation, StoreChange } from "./operation.ts";
import { type PromptStore, promptOperations } from "./prompts.ts";
import { type RunStore, runOperations } from "./runs.ts";
import { type TraceStore, traceOperations } from "./traces.ts";

export type { ArtifactIndex, ArtifactKey } from "./artifacts.ts";
export type { AssessmentStore } from "./assessments.ts";
export type { DatasetChange, DatasetRecordQuery, DatasetStore } from "./datasets.ts";
export type { EvaluationStore } from "./evaluations.ts";
export type { ExperimentPatch, ExperimentStore } from "./experiments.ts";
export type { Journal, JournalStats } from "./journal.ts";
export type { ModelStore, ModelVersionPatch, NewModelVersion } from "./models.ts";
export type { StoreChange } from "./operation.ts";
export type { NewPromptVersion, PromptAliasWrite, PromptStore } from "./prompts.ts";
export type { NamedPatch, StoreQuery, TagPatch, VersionKey } from "./query.ts";
export type {
  MetricHistoryQuery,
  MetricSeries,
  MetricSeriesQuery,
  Owned,
  RunKeys,
  RunPatch,
  RunQuery,
  RunStore,
} from "./runs.ts";
export type { TraceStore } from "./traces.ts";

/**
 * THE PORT: what Rivulet asks of a driver, and nothing else. Records come in and go out whole; ids and
 * times are made above; what must be atomic is one method. `undefined` means "not there". A driver
 * implements all of it, and passes the contract in `@rivulet/core/testing`.
 *
 * An acknowledged write (every promise but the journal's) is durable when its promise resolves.
 */
export interface Store extends EntityStores {
  readonly info: StoreInfo;
  /** Who watches over the runs that this store creates: an id of its engine, new each time one is opened. */
  readonly owner: string;
  /** Bytes, such as those of artifacts. */
  readonly files: FileStore;
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

/** The entities of a store. */
export interface EntityStores {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly artifacts: ArtifactIndex;
  readonly models: ModelStore;
  readonly prompts: PromptStore;
  readonly traces: TraceStore;
  readonly assessments: AssessmentStore;
  readonly datasets: DatasetStore;
  readonly evaluations: EvaluationStore;
}

/** Every operation of every entity, as facts. */
export const operations: {
  readonly [E in keyof EntityStores]: { readonly [M in keyof EntityStores[E]]: Operation };
} = {
  experiments: experimentOperations,
  runs: runOperations,
  artifacts: artifactOperations,
  models: modelOperations,
  prompts: promptOperations,
  traces: traceOperations,
  assessments: assessmentOperations,
  datasets: datasetOperations,
  evaluations: evaluationOperations,
};

/** The groups whose things are found by `search`. */
export type SearchedGroup = {
  [E in keyof EntityStores]: "search" extends keyof EntityStores[E] ? E : never;
}[keyof EntityStores];

/** All of them, each by its name in {@link EntityStores}. */
export const SEARCHED_GROUPS: readonly SearchedGroup[] = Object.keys(operations).filter(
  (group): group is SearchedGroup => "search" in operations[group as keyof EntityStores],
);

/** What a store is. */
export interface StoreInfo {
  /** Name of its driver: `sqlite`, `memory`, `json`, `postgres`, or what another one calls itself. */
  readonly driver: string;
  /** Where it is, without secrets. */
  readonly url: string;
  /** Folder for what belongs beside the store, such as artifacts; absent where there is no disk. */
  readonly folder?: string;
}

/** Result of {@link Store.checkIntegrity}. */
export interface IntegrityReport {
  readonly ok: boolean;
  readonly problems: readonly string[];
}
