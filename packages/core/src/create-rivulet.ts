import { AsyncLocalStorage } from "node:async_hooks";
import { LIMITS } from "@rivulet/domain";
import type { BackupReport, Journal, Store } from "@rivulet/store";
import { createArtifacts } from "./artifacts/create-artifacts.ts";
import { checkClientOptions } from "./client-options.ts";
import { type Context, createIds, inMicroseconds, systemClock } from "./context.ts";
import { createDatasets } from "./datasets/create-datasets.ts";
import { createErrorReporter, type ErrorReporter, writeNotice } from "./error-reporter.ts";
import { createEvaluate } from "./evaluation/create-evaluate.ts";
import { createEvaluations } from "./evaluation/create-evaluations.ts";
import { createBackgroundFlush, createFlush, type Flush, type FlushCounters } from "./flush.ts";
import { createLoggedModels } from "./logged-models/create-logged-models.ts";
import { createMasking } from "./masking/masking.ts";
import { noteClient } from "./opening/open-clients.ts";
import { openGivenStore } from "./opening/open-given-store.ts";
import { createStoreHandle, type StoreHandle } from "./opening/store-handle.ts";
import { noteStore } from "./opening/store-of.ts";
import { createPrompts } from "./prompts/create-prompts.ts";
import {
  type ActiveModels,
  createActiveModels,
  createModelContext,
} from "./propagation/active-model.ts";
import { createPropagation } from "./propagation/create-propagation.ts";
import type { ActiveTrace, Propagation } from "./propagation/propagation.ts";
import { createModels } from "./registry/create-models.ts";
import type { Features, Rivulet, StoreDescription } from "./rivulet.ts";
import type { RivuletOptions } from "./rivulet-options.ts";
import { createSessions, createUsers } from "./sessions/create-sessions.ts";
import { createTraces } from "./tracing/create-traces.ts";
import { createTracing, type TracingFeature } from "./tracing/create-tracing.ts";
import { startRetention } from "./tracing/retention.ts";
import { retentionStatus } from "./tracing/retention-status.ts";
import type { Tracing } from "./tracing/tracing.ts";
import type { ActiveRun } from "./tracking/active-run.ts";
import { createRuns } from "./tracking/create-runs.ts";
import { createExperiments } from "./tracking/experiments.ts";
import { nameSchema, parseInput } from "./validation.ts";
import { createViews } from "./views/create-views.ts";
import { createWebhooks } from "./webhooks/create-webhooks.ts";
import { startWebhooks } from "./webhooks/deliver-webhooks.ts";

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
    open: (onJournal) => openGivenStore(options, { onError: errors.report, onJournal }),
    limit: options.journalBytes,
    reportError: errors.report,
  });
  const context = createContext(options, { handle, now, reportError: errors.report });
  // Tracing keeps working while the client closes, for spans that are still to be written.
  const tracing = createTracing({ ...context, store: handle.opened }, options.tracing, () =>
    traceEnded(),
  );
  const counters = (): FlushCounters => countersOf(handle.journal, tracing, errors);
  const flush = createFlush({
    announce: tracing.flush,
    journal: handle.journal,
    settled: () => tracing.sampling.sink.settled(),
    counters,
  });
  const traceEnded = backgroundFlush(options, context, flush);
  const retention = startRetention({ ...context, tell: writeNotice }, options.retention);
  const features = joinFeatures(context, { options, tracing });
  const webhooks = startWebhooks({ ...context, store: handle.opened }, options.webhooks);
  const settle = async (): Promise<void> => {
    tracing.settle();
    await flush.now();
    await webhooks.stop();
  };
  const close = (): Promise<void> => handle.close(settle, () => [retention, tracing].map(stop));

  const client = Object.freeze<Rivulet>({
    ...features,
    ...verbsOf(context, tracing),
    evaluate: createEvaluate(context, { tracing, ...features }),
    now,
    flush: async () => {
      await handle.store();
      return flush.andTell();
    },
    backup: (folder) => backUp(folder, { handle, flush: flush.now }),
    close,
    [Symbol.asyncDispose]: close,
    subscribe: handle.subscribe,
    stats: async () => ({
      store: (await handle.store()).info,
      ...counters(),
      prunedTraces: retention.pruned(),
      ...context.masking.stats(),
    }),
    describeStore: async () => describeStore(await handle.store(), options.retention),
    activeRun: () => context.activeRun.getStore(),
    reportError: errors.report,
  });
  return noteStore(noteClient(client, handle.isClosed), handle.store);
}

async function describeStore(
  store: Store,
  given: RivuletOptions["retention"],
): Promise<StoreDescription> {
  const [facts, notes] = await Promise.all([store.facts.read(), store.traces.retention()]);
  return { store: store.info, facts, retention: retentionStatus(given, notes) };
}

type ContextParts = Pick<Context, "now" | "reportError"> & { readonly handle: StoreHandle };

function createContext(
  { random = Math.random, ids, tracing = {}, artifactBytes }: RivuletOptions,
  { handle, now, reportError }: ContextParts,
): Context {
  return {
    store: handle.store,
    isClosed: handle.isClosed,
    subscribe: handle.subscribe,
    journal: handle.journal,
    now,
    random,
    ids: ids ?? createIds(now),
    masking: createMasking(tracing, { now, reportError }),
    artifactBytes: artifactBytes ?? LIMITS.artifactBytes,
    reportError,
    activeRun: new AsyncLocalStorage<ActiveRun>(),
    activeTrace: createModelContext(new AsyncLocalStorage<ActiveTrace>()),
  };
}

function countersOf(
  journal: Journal,
  tracing: TracingFeature,
  errors: ErrorReporter,
): FlushCounters {
  const stats = journal.stats();
  // What was too large to be kept was dropped before it came to the journal.
  const droppedAttachments = stats.droppedAttachments + tracing.oversizedFiles();
  return {
    journal: { ...stats, droppedAttachments },
    openSpans: tracing.openSpans(),
    sampling: tracing.sampling.stats(),
    errors: errors.count(),
  };
}

/** What is called when a trace ends. */
function backgroundFlush(
  { waitUntil }: RivuletOptions,
  { isClosed, reportError }: Context,
  flush: Flush,
): () => void {
  if (waitUntil === undefined) return () => undefined;
  const begin = createBackgroundFlush({ flush: flush.now, waitUntil, reportError });
  return () => {
    if (!isClosed()) begin();
  };
}

function stop(running: { stop(): void }): void {
  running.stop();
}

/** What records and carries traces, as the client exposes it. */
function verbsOf(context: Context, tracing: TracingFeature): Tracing & Propagation & ActiveModels {
  const propagation = createPropagation(context, tracing);
  return {
    ...propagation,
    ...createActiveModels(context.activeTrace, propagation),
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

interface FeatureParts {
  readonly options: RivuletOptions;
  readonly tracing: TracingFeature;
}

function joinFeatures(context: Context, { options, tracing }: FeatureParts): Features {
  const experiments = createExperiments(context);
  const artifacts = createArtifacts(context);
  const loggedModels = createLoggedModels(context);
  const evaluations = createEvaluations(context);
  const models = createModels(context, evaluations);
  return {
    experiments,
    artifacts,
    loggedModels,
    runs: createRuns(context, {
      experiments,
      artifacts,
      loggedModels,
      register: models.register,
      started: {
        sourceTags: options.sourceTags ?? process.env["RIVULET_SOURCE_TAGS"] !== "false",
        systemMetrics: options.systemMetrics ?? false,
      },
    }),
    models,
    prompts: createPrompts(context, {
      activeSpan: tracing.activeSpan,
      aliasTtlMs: options.prompts?.aliasTtlMs ?? ALIAS_TTL_MS,
    }),
    traces: createTraces(context, tracing),
    sessions: createSessions(context),
    users: createUsers(context),
    datasets: createDatasets(context),
    evaluations,
    views: createViews(context),
    webhooks: createWebhooks(context, options.webhooks),
  };
}
