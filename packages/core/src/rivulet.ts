// Users whose TypeScript has no AsyncDisposable among its libraries get it with our declarations.
/// <reference lib="esnext.disposable" preserve="true" />
import { AsyncLocalStorage } from "node:async_hooks";
import { RivuletError } from "@rivulet/domain";
import type {
  BackupReport,
  Journal,
  JournalStats,
  Store,
  StoreChange,
  StoreInfo,
} from "@rivulet/store";
import { type OpenStoreOptions, openStore } from "@rivulet/store";
import { type Artifacts, createArtifacts } from "./artifacts/artifacts.ts";
import { checkClientOptions } from "./client-options.ts";
import { type Context, createIds, type Ids, inMicroseconds, systemClock } from "./context.ts";
import { createDatasets } from "./datasets/create-datasets.ts";
import type { Datasets } from "./datasets/datasets.ts";
import { createErrorReporter } from "./error-reporter.ts";
import { createEvaluate } from "./evaluation/create-evaluate.ts";
import { createEvaluations } from "./evaluation/create-evaluations.ts";
import type { EvaluateOptions, EvaluationResult, Evaluations } from "./evaluation/evaluations.ts";
import { createStoreHandle, type StoreHandle } from "./opening/store-handle.ts";
import { createPrompts } from "./prompts/create-prompts.ts";
import type { Prompts } from "./prompts/prompts.ts";
import { createPropagation } from "./propagation/create-propagation.ts";
import type { Propagation, SharedTraceFields } from "./propagation/propagation.ts";
import { createModels } from "./registry/create-models.ts";
import type { Models } from "./registry/models.ts";
import { createSessions, createUsers } from "./sessions/create-sessions.ts";
import type { Sessions, Users } from "./sessions/sessions.ts";
import { createTraces } from "./tracing/create-traces.ts";
import { createTracing, type TracingFeature } from "./tracing/create-tracing.ts";
import { startRetention } from "./tracing/retention.ts";
import type { TraceRetention, Traces } from "./tracing/traces.ts";
import type { Tracing } from "./tracing/tracing.ts";
import type { TracingOptions } from "./tracing/tracing-options.ts";
import { createRuns } from "./tracking/create-runs.ts";
import { createExperiments, type Experiments } from "./tracking/experiments.ts";
import type { ActiveRun, Runs } from "./tracking/runs.ts";
import { nameSchema, parseInput } from "./validation.ts";

/** Options of {@link createRivulet}. */
export interface RivuletOptions {
  /** URL of the store, or an open store, which is then closed with the client. @default `RIVULET_STORE`, else `sqlite:./.rivulet/rivulet.db` */
  readonly store?: string | Store;
  /** Called with failures that must not reach the app, at most once a second per message. @default a line on stderr */
  readonly onError?: (error: Error) => void;
  /** How traces are recorded. */
  readonly tracing?: TracingOptions;
  /** Clock: milliseconds since the epoch, with fractions. @default performance.timeOrigin + performance.now() */
  readonly clock?: () => number;
  /** Generator of ids, for reproducible tests. @default random ids that are ordered by time */
  readonly ids?: Ids;
  /** Random number from 0 up to 1, for draws that need not be reproducible. @default Math.random */
  readonly random?: () => number;
  /** Caching of prompts. */
  readonly prompts?: PromptOptions;
  /** Which traces are kept; the others are deleted in the background, in small steps. @default all are kept */
  readonly retention?: TraceRetention;
  /** When the spool is written to disk: once per event-loop tick, or with every record. See `openStore`. @default 'tick' */
  readonly durability?: "tick" | "span";
  /** Bytes of pending records beyond which further ones are dropped. See `openStore`. @default 1 GiB (64 MiB in memory) */
  readonly journalBytes?: number;
  /** Most bytes of files that spans refer to, such as images. See `openStore`. @default 1 GiB */
  readonly attachmentBytes?: number;
  /** Folder of the spool. See `openStore`. @default `<path>.spool` beside a file, else a folder under `.rivulet/` */
  readonly spool?: string;
  /** Permissions of new files. See `openStore`. @default 0o600 */
  readonly fileMode?: number;
}

/** Options of the prompt registry. */
export interface PromptOptions {
  /**
   * Milliseconds after which a cached alias is looked up again in the background. This is a fallback: changes by any
   * process are normally noticed within a second or two.
   *
   * @default 60000
   */
  readonly aliasTtlMs?: number;
}

/** The client: all features of Rivulet on one store. */
export interface Rivulet extends Tracing, Propagation, AsyncDisposable {
  /** Experiments: named collections of runs and traces. */
  readonly experiments: Experiments;
  /** Runs with their params, metrics, tags and artifacts. */
  readonly runs: Runs;
  /** Files kept with runs. */
  readonly artifacts: Artifacts;
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
  /**
   * Runs a task over examples, scores each output, and keeps the result as a run.
   *
   * @throws RivuletError `invalid_argument`; `not_found` for the dataset; `aborted` through `signal`
   */
  evaluate<Input, Output, Expected>(
    options: EvaluateOptions<Input, Output, Expected>,
  ): Promise<EvaluationResult>;
  /** Resolves when everything recorded so far is in the store. */
  flush(): Promise<void>;
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
  /** Reports a failure that must not reach the app; for adapters. Never throws. */
  reportError(error: unknown): void;
  /** The client's clock in milliseconds since the epoch; for adapters that set times themselves. */
  now(): number;
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
}

const DEFAULT_STORE = "sqlite:./.rivulet/rivulet.db";
const ALIAS_TTL_MS = 60_000;
/** Longer than the paths of any file system. */
const MAX_PATH = 32_767;

/**
 * Creates a client. Returns at once: the store is opened in the background; calls wait for it and reject if it cannot be
 * opened.
 *
 * @throws RivuletError `invalid_argument` for an unknown option or a wrong value
 */
export function createRivulet(options: RivuletOptions = {}): Rivulet {
  checkClientOptions(options);
  const now = inMicroseconds(options.clock ?? systemClock);
  const errors = createErrorReporter(now, options.onError);
  const handle = createStoreHandle({
    open: (onJournal) => open(options, { onError: errors.report, onJournal }),
    limit: options.journalBytes,
    reportError: errors.report,
  });
  const context: Context = {
    store: handle.store,
    isClosed: handle.isClosed,
    subscribe: handle.subscribe,
    journal: handle.journal,
    now,
    random: options.random ?? Math.random,
    ids: options.ids ?? createIds(now),
    reportError: errors.report,
    activeRun: new AsyncLocalStorage<ActiveRun>(),
    activeTrace: new AsyncLocalStorage<SharedTraceFields>(),
  };
  // Tracing keeps working while the client closes, for spans that are still to be written.
  const tracing = createTracing({ ...context, store: handle.opened }, options.tracing);
  const retention = startRetention(context, options.retention);
  const features = joinFeatures(context, { options, tracing });

  const flush = (): Promise<void> => {
    tracing.flush();
    return handle.journal.flush();
  };
  const settle = async (): Promise<void> => {
    tracing.settle();
    await flush();
  };
  const close = (): Promise<void> => handle.close(settle, () => [retention, tracing].map(stop));

  return Object.freeze<Rivulet>({
    ...features,
    ...verbsOf(context, tracing),
    evaluate: createEvaluate(context, { tracing, ...features }),
    now,
    flush: async () => {
      await handle.store();
      await flush();
    },
    backup: (folder) => backUp(folder, { handle, flush }),
    close,
    [Symbol.asyncDispose]: close,
    subscribe: handle.subscribe,
    stats: async () => ({
      store: (await handle.store()).info,
      journal: journalStats(handle.journal, tracing),
      errors: errors.count(),
      openSpans: tracing.openSpans(),
      prunedTraces: retention.pruned(),
    }),
    reportError: errors.report,
  });
}

/** What was too large to be kept was dropped before it came to the journal. */
function journalStats(journal: Journal, tracing: TracingFeature): JournalStats {
  const stats = journal.stats();
  return {
    ...stats,
    droppedAttachments: stats.droppedAttachments + tracing.oversizedFiles(),
  };
}

function stop(running: { stop(): void }): void {
  running.stop();
}

/** What records and carries traces, as the client exposes it. */
function verbsOf(context: Context, tracing: TracingFeature): Tracing & Propagation {
  return {
    ...createPropagation(context, tracing),
    startSpan: tracing.startSpan,
    withSpan: tracing.withSpan,
    traced: tracing.traced,
    activeSpan: tracing.activeSpan,
    runInSpan: tracing.runInSpan,
    joinContext: tracing.joinContext,
    bindChannel: tracing.bindChannel,
    enterSpan: tracing.enterSpan,
    watchSpan: tracing.watchSpan,
  };
}

interface BackupParts {
  readonly handle: StoreHandle;
  readonly flush: () => Promise<void>;
}

async function backUp(folder: string, { handle, flush }: BackupParts): Promise<BackupReport> {
  const path = parseInput(nameSchema(MAX_PATH), folder, "folder");
  const store = await handle.store();
  await flush();
  return store.backup(path);
}

async function open(
  { store, durability, journalBytes, attachmentBytes, spool, fileMode }: RivuletOptions,
  events: Required<Pick<OpenStoreOptions, "onError" | "onJournal">>,
): Promise<Store> {
  if (typeof store === "object" && store !== null) return checkStore(await store);
  const url = store ?? process.env["RIVULET_STORE"] ?? DEFAULT_STORE;
  return openStore(url, {
    ...events,
    ...(durability === undefined ? {} : { durability }),
    ...(journalBytes === undefined ? {} : { journalBytes }),
    ...(attachmentBytes === undefined ? {} : { attachmentBytes }),
    ...(spool === undefined ? {} : { spool }),
    ...(fileMode === undefined ? {} : { fileMode }),
  });
}

/** @throws RivuletError `invalid_argument` when it is no store, such as a URL object */
function checkStore(store: Store): Store {
  if (typeof store?.close === "function" && typeof store.journal === "object") return store;
  const message = "Option store is the URL of a store as a string, or an open store.";
  throw new RivuletError("invalid_argument", message, { details: { option: "store" } });
}

interface FeatureParts {
  readonly options: RivuletOptions;
  readonly tracing: TracingFeature;
}

function joinFeatures(
  context: Context,
  { options, tracing }: FeatureParts,
): Pick<
  Rivulet,
  | "experiments"
  | "runs"
  | "artifacts"
  | "models"
  | "prompts"
  | "traces"
  | "sessions"
  | "users"
  | "datasets"
  | "evaluations"
> {
  const experiments = createExperiments(context);
  const artifacts = createArtifacts(context);
  return {
    experiments,
    artifacts,
    runs: createRuns(context, { experiments, artifacts }),
    models: createModels(context, artifacts),
    prompts: createPrompts(context, {
      activeSpan: tracing.activeSpan,
      aliasTtlMs: options.prompts?.aliasTtlMs ?? ALIAS_TTL_MS,
    }),
    traces: createTraces(context, { flush: tracing.flush, record: tracing.record }),
    sessions: createSessions(context),
    users: createUsers(context),
    datasets: createDatasets(context),
    evaluations: createEvaluations(context),
  };
}
