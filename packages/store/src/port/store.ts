import { type ArtifactIndex, artifactOperations } from "./artifacts.ts";
import { type AssessmentStore, assessmentOperations } from "./assessments.ts";
import type { BackupReport } from "./backup.ts";
import { type DatasetStore, datasetOperations } from "./datasets.ts";
import { type EvaluationStore, evaluationOperations } from "./evaluations.ts";
import { type ExperimentStore, experimentOperations } from "./experiments.ts";
import { type FactStore, factOperations } from "./facts.ts";
import type { FileStore } from "./files.ts";
import type { Journal } from "./journal.ts";
import { type LoggedModelStore, loggedModelOperations } from "./logged-models.ts";
import { type ModelStore, modelOperations } from "./models.ts";
import type { Operation, StoreChange } from "./operation.ts";
import { type PromptStore, promptOperations } from "./prompts.ts";
import { type RunStore, runOperations } from "./runs.ts";
import {
  type SessionStore,
  sessionOperations,
  type UserStore,
  userOperations,
} from "./sessions.ts";
import { type TraceStore, traceOperations } from "./traces.ts";
import { type ViewStore, viewOperations } from "./views.ts";
import { type WebhookStore, webhookOperations } from "./webhooks.ts";

export type {
  ArtifactFolderQuery,
  ArtifactIndex,
  ArtifactKey,
  ArtifactToPut,
  DeletedArtifacts,
} from "./artifacts.ts";
export type { AssessmentStore } from "./assessments.ts";
export type { DatasetChange, DatasetRecordQuery, DatasetStore } from "./datasets.ts";
export type { EvaluationStore } from "./evaluations.ts";
export type { DeclaredMetrics, ExperimentPatch, ExperimentStore } from "./experiments.ts";
export type { FactStore, StoreFacts } from "./facts.ts";
export type { Journal, JournalStats } from "./journal.ts";
export type {
  LoggedModelPatch,
  LoggedModelQuery,
  LoggedModelStore,
  MeasuredDataset,
  NewLoggedModel,
} from "./logged-models.ts";
export type {
  GatedPlace,
  JudgedPlace,
  ModelAct,
  ModelAliasRemoval,
  ModelAliasWrite,
  ModelGates,
  ModelHistoryQuery,
  ModelRename,
  ModelStageWrite,
  ModelStore,
  ModelVersionPatch,
  NewModelVersion,
  StoredModelFile,
} from "./models.ts";
export type { StoreChange } from "./operation.ts";
export type { NewPromptVersion, PromptAliasWrite, PromptStore } from "./prompts.ts";
export type { DeletedPlace, DeletedQuery } from "./purge.ts";
export type { NamedPatch, StoreQuery, TagPatch, ValuesQuery, VersionKey } from "./query.ts";
export type { InputDatasetsQuery, RunInputsQuery, RunInputsWrite } from "./run-inputs.ts";
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
export type { SessionStore, TraceOwnerQuery, TurnQuery, UserStore } from "./sessions.ts";
export type {
  RetentionBound,
  RetentionNotes,
  RetentionNotice,
  RetentionRound,
  TraceKeys,
  TraceStore,
} from "./traces.ts";
export type { ViewPatch, ViewStore } from "./views.ts";
export type {
  ClaimedDelivery,
  DeliveryOutcome,
  NewWebhook,
  WebhookPatch,
  WebhookStore,
  WebhookWork,
} from "./webhooks.ts";

/**
 * THE PORT: everything Rivulet needs from a driver. Records go in and come out whole; ids and times are made above the
 * port; whatever must be atomic is a single method. `undefined` means "does not exist". A driver implements all of it
 * and passes the contract in `@rivulet/core/testing`.
 *
 * A write is durable when its promise resolves; only the journal works differently.
 */
export interface Store extends EntityStores {
  /** Driver and place of the store. */
  readonly info: StoreInfo;
  /** Id of this store's engine, which owns the runs it creates; new each time an engine is opened. */
  readonly owner: string;
  /** Files, such as the bytes of artifacts. */
  readonly files: FileStore;
  /** The hot path: spans and metric points. */
  readonly journal: Journal;
  /** Calls the listener after each committed change. @returns a function that ends the subscription */
  subscribe(listener: (change: StoreChange) => void): () => void;
  /** Asks the database whether its data is sound. */
  checkIntegrity(): Promise<IntegrityReport>;
  /**
   * Writes a consistent snapshot, files included, into a new or empty folder while others go on writing. It includes
   * everything that the journal accepted before the call.
   *
   * @throws RivuletError `already_exists` when the folder is not empty; `store_unavailable` when it cannot be written
   */
  backup(folder: string): Promise<BackupReport>;
  /** Writes what is pending, then releases the database. Safe to call twice. */
  close(): Promise<void>;
}

/** The operations of a store, grouped by entity. */
export interface EntityStores {
  /** Experiments: named collections of runs and traces. */
  readonly experiments: ExperimentStore;
  /** Runs with their params, metrics and tags. */
  readonly runs: RunStore;
  /** Records of artifacts; the bytes are in `files`. */
  readonly artifacts: ArtifactIndex;
  /** Models that runs have made. */
  readonly loggedModels: LoggedModelStore;
  /** Registered models, their versions and aliases. */
  readonly models: ModelStore;
  /** Prompts, their versions and aliases. */
  readonly prompts: PromptStore;
  /** Traces and their spans. */
  readonly traces: TraceStore;
  /** Sessions: traces with the same `sessionId`. */
  readonly sessions: SessionStore;
  /** Users: traces with the same `userId`. */
  readonly users: UserStore;
  /** Assessments of traces and spans. */
  readonly assessments: AssessmentStore;
  /** Datasets and their versioned records. */
  readonly datasets: DatasetStore;
  /** Evaluations and their rows. */
  readonly evaluations: EvaluationStore;
  /** Saved views of lists. */
  readonly views: ViewStore;
  /** Webhooks and their deliveries. */
  readonly webhooks: WebhookStore;
  /** What the store is like as a whole. */
  readonly facts: FactStore;
}

/** Access and change events of every operation of every entity. */
export const operations: {
  readonly [E in keyof EntityStores]: { readonly [M in keyof EntityStores[E]]: Operation };
} = {
  experiments: experimentOperations,
  runs: runOperations,
  artifacts: artifactOperations,
  loggedModels: loggedModelOperations,
  models: modelOperations,
  prompts: promptOperations,
  traces: traceOperations,
  sessions: sessionOperations,
  users: userOperations,
  assessments: assessmentOperations,
  datasets: datasetOperations,
  evaluations: evaluationOperations,
  views: viewOperations,
  webhooks: webhookOperations,
  facts: factOperations,
};

/** Groups that have a `search`. */
export type SearchedGroup = {
  [E in keyof EntityStores]: "search" extends keyof EntityStores[E] ? E : never;
}[keyof EntityStores];

/** Every group that has a `search`. */
export const SEARCHED_GROUPS: readonly SearchedGroup[] = Object.keys(operations).filter(
  (group): group is SearchedGroup => "search" in operations[group as keyof EntityStores],
);

/** Driver and place of a store. */
export interface StoreInfo {
  /** Name of the driver: `sqlite`, `memory`, `json`, `postgres`, or that of another one. */
  readonly driver: string;
  /** URL without secrets. */
  readonly url: string;
  /** Folder for what belongs beside the store, such as artifacts; absent without a disk. */
  readonly folder?: string;
  /** It was opened for reading only. @default false */
  readonly readOnly?: boolean;
}

/** Result of {@link Store.checkIntegrity}. */
export interface IntegrityReport {
  /** Whether no problem was found. */
  readonly ok: boolean;
  /** One line per problem, as the database reports it; empty when `ok`. */
  readonly problems: readonly string[];
}
