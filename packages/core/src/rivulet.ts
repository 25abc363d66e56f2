// Users whose TypeScript has no AsyncDisposable among its libraries get it with our declarations.
/// <reference lib="esnext.disposable" preserve="true" />
import { AsyncLocalStorage } from "node:async_hooks";
import { RivuletError } from "@rivulet/domain";
import type { BackupReport, JournalStats, Store, StoreChange, StoreInfo } from "@rivulet/store";
import { type OpenStoreOptions, openStore } from "@rivulet/store";
import { type Artifacts, createArtifacts } from "./artifacts/artifacts.ts";
import { checkClientOptions } from "./client-options.ts";
import { systemClock } from "./clock.ts";
import type { Context, Ids } from "./context.ts";
import { createDatasets } from "./datasets/create-datasets.ts";
import type { Datasets } from "./datasets/datasets.ts";
import { createErrorReporter } from "./error-reporter.ts";
import { createEvaluate } from "./evaluation/create-evaluate.ts";
import { createEvaluations } from "./evaluation/create-evaluations.ts";
import type { EvaluateOptions, EvaluationResult, Evaluations } from "./evaluation/evaluations.ts";
import { createIds } from "./ids.ts";
import { createStoreHandle, type StoreHandle } from "./opening/store-handle.ts";
import { createPrompts } from "./prompts/create-prompts.ts";
import type { Prompts } from "./prompts/prompts.ts";
import { createModels } from "./registry/create-models.ts";
import type { Models } from "./registry/models.ts";
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
  /** URL of the store, or an open store, which is closed with the client. @default `RIVULET_STORE`, else `sqlite:./.rivulet/rivulet.db` */
  readonly store?: string | Store;
  /** Told, at most once a second per message, of failures that must not reach the app. @default a line on stderr */
  readonly onError?: (error: Error) => void;
  readonly tracing?: TracingOptions;
  /** Milliseconds since the epoch, with fractions. @default performance.timeOrigin + performance.now() */
  readonly clock?: () => number;
  readonly ids?: Ids;
  /** From 0 up to 1, for draws that need not be repeatable. @default Math.random */
  readonly random?: () => number;
  readonly prompts?: PromptOptions;
  /** Which traces are kept; the rest is deleted in small steps beside the app's work. @default all are kept */
  readonly retention?: TraceRetention;
  /** See `openStore`. @default 'tick' */
  readonly durability?: "tick" | "span";
  /** See `openStore`. */
  readonly journalBytes?: number;
  /** Folder of the spool. See `openStore`. */
  readonly spool?: string;
  /** Permissions of new files. See `openStore`. @default 0o600 */
  readonly fileMode?: number;
}

/** Options of the prompt registry. */
export interface PromptOptions {
  /**
   * Milliseconds after which a cached prompt is looked up again, in the background. What changes, here or in another
   * process, is known within a second or two without it. @default 60000
   */
  readonly aliasTtlMs?: number;
}

/** The client: everything Rivulet does, on one store. */
export interface Rivulet extends Tracing, AsyncDisposable {
  readonly experiments: Experiments;
  readonly runs: Runs;
  readonly artifacts: Artifacts;
  readonly models: Models;
  readonly prompts: Prompts;
  readonly traces: Traces;
  readonly datasets: Datasets;
  readonly evaluations: Evaluations;
  /** Runs a task over examples, scores each, and keeps the result as a run. */
  evaluate<Input, Output, Expected>(
    options: EvaluateOptions<Input, Output, Expected>,
  ): Promise<EvaluationResult>;
  /** Resolves when everything recorded so far is in the store. */
  flush(): Promise<void>;
  /** Flushes, then closes the store. Safe to call twice. */
  close(): Promise<void>;
  /**
   * Writes everything of one moment, artifacts included, into a folder that is not there yet or empty, while the
   * app goes on. What was recorded before the call is in it. `restoreBackup` brings it back, into any store.
   *
   * @throws RivuletError `already_exists` when something is there; `store_unavailable` when it cannot be written
   */
  backup(folder: string): Promise<BackupReport>;
  /** Calls back when something changed, here or in another process; for live views. */
  subscribe(listener: (change: StoreChange) => void): () => void;
  stats(): Promise<RivuletStats>;
  /** Reports a failure that must not reach the app; for adapters. Never throws. */
  reportError(error: unknown): void;
  /** The client's clock: milliseconds since the epoch; for adapters that give times of their own. */
  now(): number;
}

/** How the client is doing. */
export interface RivuletStats {
  readonly store: StoreInfo;
  readonly journal: JournalStats;
  /** Failures reported since the start. */
  readonly errors: number;
  /** Spans open now. */
  readonly openSpans: number;
  /** Traces that the client's `retention` has deleted since the start. */
  readonly prunedTraces: number;
}

const DEFAULT_STORE = "sqlite:./.rivulet/rivulet.db";
const ALIAS_TTL_MS = 60_000;
/** Longer than any file system's paths. */
const MAX_PATH = 32_767;

/**
 * The client on a store. Returns at once: the store is opened in the background, and the first call waits
 * for it and carries its error.
 *
 * @throws RivuletError `invalid_argument` for an option that there is not, or that cannot be what it is
 */
export function createRivulet(options: RivuletOptions = {}): Rivulet {
  checkClientOptions(options);
  const now = options.clock ?? systemClock;
  const errors = createErrorReporter(now, options.onError);
  const handle = createStoreHandle({
    open: (onJournal) => open(options, { onError: errors.report, onJournal }),
    limit: options.journalBytes,
    reportError: errors.report,
  });
  const active = new AsyncLocalStorage<ActiveRun>();
  const context: Context = {
    store: handle.store,
    isClosed: handle.isClosed,
    subscribe: handle.subscribe,
    journal: handle.journal,
    now,
    random: options.random ?? Math.random,
    ids: options.ids ?? createIds(now),
    reportError: errors.report,
    activeRunId: () => active.getStore()?.id,
  };
  // Tracing also works while the client is closing, for what is still to be written.
  const tracing = createTracing({ ...context, store: handle.opened }, options.tracing);
  const retention = startRetention(context, options.retention);
  const features = joinFeatures(context, { options, tracing, active });

  const flush = async (): Promise<void> => {
    tracing.flush();
    await handle.journal.flush();
  };
  const close = (): Promise<void> => handle.close(flush, () => [retention, tracing].map(stop));

  return Object.freeze<Rivulet>({
    ...features,
    ...verbsOf(tracing),
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
      journal: handle.journal.stats(),
      errors: errors.count(),
      openSpans: tracing.openSpans(),
      prunedTraces: retention.pruned(),
    }),
    reportError: errors.report,
  });
}

function stop(running: { stop(): void }): void {
  running.stop();
}

/** What the client offers of its tracing. */
function verbsOf(tracing: TracingFeature): Tracing {
  return {
    startSpan: tracing.startSpan,
    withSpan: tracing.withSpan,
    traced: tracing.traced,
    activeSpan: tracing.activeSpan,
    runInSpan: tracing.runInSpan,
    setActiveSpanResolver: tracing.setActiveSpanResolver,
    enterSpan: tracing.enterSpan,
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
  { store, durability, journalBytes, spool, fileMode }: RivuletOptions,
  events: Required<Pick<OpenStoreOptions, "onError" | "onJournal">>,
): Promise<Store> {
  if (typeof store === "object" && store !== null) return checkStore(await store);
  const url = store ?? process.env["RIVULET_STORE"] ?? DEFAULT_STORE;
  return openStore(url, {
    ...events,
    ...(durability === undefined ? {} : { durability }),
    ...(journalBytes === undefined ? {} : { journalBytes }),
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
  readonly active: AsyncLocalStorage<ActiveRun>;
}

function joinFeatures(
  context: Context,
  { options, tracing, active }: FeatureParts,
): Pick<
  Rivulet,
  | "experiments"
  | "runs"
  | "artifacts"
  | "models"
  | "prompts"
  | "traces"
  | "datasets"
  | "evaluations"
> {
  const experiments = createExperiments(context);
  const artifacts = createArtifacts(context);
  return {
    experiments,
    artifacts,
    runs: createRuns(context, { experiments, artifacts, active }),
    models: createModels(context, artifacts),
    prompts: createPrompts(context, {
      activeSpan: tracing.activeSpan,
      aliasTtlMs: options.prompts?.aliasTtlMs ?? ALIAS_TTL_MS,
    }),
    traces: createTraces(context, { flush: tracing.flush }),
    datasets: createDatasets(context),
    evaluations: createEvaluations(context),
  };
}
