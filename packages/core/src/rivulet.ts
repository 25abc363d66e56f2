// Users whose TypeScript has no AsyncDisposable among its libraries get it with our declarations.
/// <reference lib="esnext.disposable" preserve="true" />
import type {
  BackupReport,
  JournalStats,
  StoreChange,
  StoreFacts,
  StoreInfo,
} from "@rivulet/store";
import type { Artifacts } from "./artifacts/artifacts.ts";
import type { Datasets } from "./datasets/datasets.ts";
import type { EvaluateOptions, EvaluationResult, Evaluations } from "./evaluation/evaluations.ts";
import type { FlushReport } from "./flush.ts";
import type { LoggedModels } from "./logged-models/logged-models.ts";
import type { MaskStats } from "./masking/mask-value.ts";
import type { Prompts } from "./prompts/prompts.ts";
import type { ActiveModels } from "./propagation/active-model.ts";
import type { Propagation } from "./propagation/propagation.ts";
import type { Models } from "./registry/models.ts";
import type { Sessions, Users } from "./sessions/sessions.ts";
import type { RetentionStatus } from "./tracing/retention-status.ts";
import type { SamplingStats } from "./tracing/sampling/sampling-options.ts";
import type { Traces } from "./tracing/traces.ts";
import type { Tracing } from "./tracing/tracing.ts";
import type { ActiveRun } from "./tracking/active-run.ts";
import type { Experiments } from "./tracking/experiments.ts";
import type { Runs } from "./tracking/runs.ts";
import type { Views } from "./views/views.ts";
import type { Webhooks } from "./webhooks/webhooks.ts";

/** The features of a client, each with its verbs. */
export interface Features {
  /** Experiments: named collections of runs and traces. */
  readonly experiments: Experiments;
  /** Runs with their params, metrics, tags and artifacts. */
  readonly runs: Runs;
  /** Files kept with runs. */
  readonly artifacts: Artifacts;
  /** Models that runs have made. */
  readonly loggedModels: LoggedModels;
  /** The model registry. */
  readonly models: Models;
  /** The prompt registry. */
  readonly prompts: Prompts;
  /** Recorded traces, and assessments of them. */
  readonly traces: Traces;
  /** Conversations: traces with the same `sessionId`. */
  readonly sessions: Sessions;
  /** End users: traces with the same `userId`. */
  readonly users: Users;
  /** Datasets for evaluations. */
  readonly datasets: Datasets;
  /** Finished and running evaluations. */
  readonly evaluations: Evaluations;
  /** Saved views of the dashboard's lists. */
  readonly views: Views;
  /** Addresses that are told of changes of models and prompts. */
  readonly webhooks: Webhooks;
}

/** The client: all features of Rivulet on one store. */
export interface Rivulet extends Features, Tracing, Propagation, ActiveModels, AsyncDisposable {
  /**
   * Runs a task over examples, scores each output, and keeps the result as a run.
   *
   * @throws RivuletError `invalid_argument`; `not_found` for the dataset; `aborted` through `signal`
   */
  evaluate<Input, Output, Expected>(
    options: EvaluateOptions<Input, Output, Expected>,
  ): Promise<EvaluationResult>;
  /** The run whose `runs.with` encloses this call; `undefined` outside of all of them. */
  activeRun(): ActiveRun | undefined;
  /**
   * Resolves when everything recorded so far is in the store, with what was written and what was dropped since the flush
   * before.
   *
   * @throws RivuletError `closed`; what opening the store, or writing to it, failed with
   */
  flush(): Promise<FlushReport>;
  /** Flushes, then closes the store. Safe to call twice. */
  close(): Promise<void>;
  /**
   * Writes a consistent snapshot, artifacts included, into a new or empty folder while the app goes on. It includes
   * everything recorded before the call. `restoreBackup` restores it into any store.
   *
   * @throws RivuletError `already_exists` when the folder is not empty; `store_unavailable` when it cannot be written
   */
  backup(folder: string): Promise<BackupReport>;
  /** Calls the listener after each change, by this or another process. @returns a function that ends the subscription */
  subscribe(listener: (change: StoreChange) => void): () => void;
  /** Counters since the client was created. */
  stats(): Promise<RivuletStats>;
  /** Schema, sizes and contents of the store, and what retention removes. Cheap: nothing is read that grows with it. */
  describeStore(): Promise<StoreDescription>;
  /** Reports a failure that must not reach the app; for adapters. Never throws. */
  reportError(error: unknown): void;
  /** The client's clock in milliseconds since the epoch; for adapters that set times themselves. */
  now(): number;
}

/** What a store is like as a whole. */
export interface StoreDescription {
  /** Driver and place of the store. */
  readonly store: StoreInfo;
  /** Schema, sizes, and about how many records there are. */
  readonly facts: StoreFacts;
  /** How long traces are kept, and what was removed last. */
  readonly retention: RetentionStatus;
}

/** Counters of a client. */
export interface RivuletStats {
  /** Driver and place of the store. */
  readonly store: StoreInfo;
  /** Counters of the journal that spans and metrics go through. */
  readonly journal: JournalStats;
  /** Failures reported since the start. */
  readonly errors: number;
  /** Spans that are currently open. */
  readonly openSpans: number;
  /** Traces deleted by the client's `retention` since the start. */
  readonly prunedTraces: number;
  /** What became of traces because of sampling since the start. */
  readonly sampling: SamplingStats;
  /** How the masking by the app's function `mask` went. */
  readonly mask: MaskStats;
  /** How the masking by the app's functions `maskText` went, all of them together. */
  readonly maskText: MaskStats;
}
