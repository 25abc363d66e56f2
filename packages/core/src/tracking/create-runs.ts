import type { LifecycleStage, LoggedPoint, ManyChanged, Run } from "@rivulet/domain";
import { DEFAULT_EXPERIMENT_ID } from "@rivulet/domain";
import type { Owned, Store, StoreQuery } from "@rivulet/store";
import type { Artifacts } from "../artifacts/artifacts.ts";
import type { Context } from "../context.ts";
import { createRunInputs } from "../inputs/run-inputs.ts";
import type { LoggedModels } from "../logged-models/logged-models.ts";
import { maskRun } from "../masking/masked-records.ts";
import type { WithTexts } from "../params.ts";
import { toCountQuery, toStorePage, toStoreQuery, toValuesQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { idSchema, parseInput } from "../validation.ts";
import { createActiveRun, type TrackedRun, type RegisterLogged } from "./active-run.ts";
import { loadChildSummaries } from "./child-summaries.ts";
import { compareRunsSchema, loadComparison } from "./compare-runs.ts";
import type { Experiments } from "./experiments.ts";
import { metricExportSchema, runExportSchema } from "./export-input.ts";
import { type ExportReaders, exportMetrics, exportRuns } from "./export-runs.ts";
import { readMeasured } from "./measured-model.ts";
import { withNoteTag } from "./note.ts";
import {
  childSummariesSchema,
  createRunSchema,
  metricHistorySchema,
  metricSeriesSchema,
  parseRunBatch,
  runGroupingSchema,
  runIdsSchema,
  runKeysSchema,
  runSearchSchema,
  runSelectionSchema,
  runTagsSchema,
  runUpdateSchema,
  runValuesSchema,
  startRunSchema,
} from "./run-input.ts";
import { runName } from "./run-name.ts";
import type {
  CreateRunOptions,
  MetricInput,
  RunNesting,
  Runs,
  RunUpdate,
  StartRunOptions,
} from "./runs.ts";
import { monitored, type StartedRuns, withSource } from "./started-run.ts";

/** What runs depend on besides the context. */
export interface RunDependencies {
  readonly experiments: Experiments;
  readonly artifacts: Artifacts;
  readonly loggedModels: LoggedModels;
  /** What the client's options say of runs that it starts. */
  readonly started: StartedRuns;
  readonly register: RegisterLogged;
}

/** Runs on the context's store. */
export function createRuns(context: Context, dependencies: RunDependencies): Runs {
  const records = createRecords(context);
  const queries = createQueries(context);
  const inputs = createRunInputs(context);
  // Writes through a handle make this client an owner of the run; writes by id do not.
  const ownedRecords = createRecords(context, (store) => ({ owner: store.owner }));
  const { started, experiments } = dependencies;
  const handle = { context, ...dependencies, inputs };

  const add = async (input: WithTexts<CreateRunOptions>, owned: boolean): Promise<Run> => {
    const parentRunId = input.parentRunId ?? context.activeRun.getStore()?.id;
    const id = context.ids.run();
    const run = maskRun<Run>(context.masking, {
      id,
      experimentId: await chooseExperiment(input, { parentRunId, experiments, get: queries.get }),
      name: input.name ?? runName(id),
      status: "running",
      startTime: context.now(),
      ...(parentRunId === undefined ? {} : { parentRunId }),
      ...(input.userId === undefined ? {} : { userId: input.userId }),
      lifecycleStage: "active",
      params: input.params ?? {},
      tags: input.tags ?? {},
      metrics: {},
    });
    const store = await context.store();
    await store.runs.create(owned ? { ...run, owner: store.owner } : run);
    return run;
  };

  const start = async (options: StartRunOptions = {}): Promise<TrackedRun> => {
    const {
      owned = true,
      systemMetrics = started.systemMetrics,
      ...input
    } = parseInput(startRunSchema, options, "run");
    const run = await add(await withSource(input, started.sourceTags), owned);
    const runs = owned ? ownedRecords : records;
    return monitored(createActiveRun(run, { ...handle, runs }), systemMetrics, context);
  };

  return Object.freeze<Runs>({
    ...records,
    ...queries,
    ...createExports(queries),
    ...inputs,
    create: async (options = {}) => add(parseInput(createRunSchema, options, "run"), false),
    start,
    with: async (options, work) => {
      const run = await start(options);
      const inside = (): ReturnType<typeof work> => context.activeRun.run(run, () => work(run));
      return finishAfter(run, inside, context.reportError);
    },
  });
}

interface ExperimentChoice {
  readonly parentRunId: string | undefined;
  readonly experiments: Pick<Experiments, "ensure">;
  readonly get: Runs["get"];
}

async function chooseExperiment(
  { experiment, experimentId }: Pick<CreateRunOptions, "experiment" | "experimentId">,
  { parentRunId, experiments, get }: ExperimentChoice,
): Promise<string> {
  if (experimentId !== undefined) return experimentId;
  if (experiment !== undefined) return (await experiments.ensure(experiment)).id;
  if (parentRunId === undefined) return DEFAULT_EXPERIMENT_ID;
  return (await get(parentRunId)).experimentId;
}

async function finishAfter<T>(
  run: TrackedRun,
  work: () => T | Promise<T>,
  reportError: (error: unknown) => void,
): Promise<T> {
  try {
    const result = await work();
    if (!run.isFinished()) await run.finish("finished");
    return result;
  } catch (error) {
    // The work's own error is what the caller must see.
    if (!run.isFinished()) await run.finish("failed").catch(reportError);
    throw error;
  }
}

type Records = Pick<
  Runs,
  "update" | "updateMany" | "logBatch" | "delete" | "deleteMany" | "restore" | "restoreMany"
>;

function createRecords(
  { masking, store, now }: Context,
  ownedBy: (store: Store) => Owned = () => ({}),
): Records {
  const move = async (id: string, lifecycleStage: LifecycleStage): Promise<Run> =>
    (await store()).runs.update({ id: parseInput(idSchema, id, "id"), lifecycleStage });
  const moveMany: (ids: readonly string[], stage: LifecycleStage) => Promise<ManyChanged> = async (
    ids,
    lifecycleStage,
  ) =>
    (await store()).runs.updateMany({ ids: parseInput(runIdsSchema, ids, "ids"), lifecycleStage });

  return {
    update: async (id, patch) => {
      const input = maskRun(masking, withNoteTag(parseInput(runUpdateSchema, patch, "run")));
      const key = parseInput(idSchema, id, "id");
      const opened = await store();
      return opened.runs.update({ ...withEnd(input, now), id: key, ...ownedBy(opened) });
    },
    logBatch: async (batch) => {
      const { runId, metrics = [], params = {}, tags = {} } = parseRunBatch(batch);
      const time = now();
      const points = metrics.map((point) => toPoint(point, time));
      const opened = await store();
      const written = maskRun(masking, { params, tags });
      await opened.runs.logBatch({ runId, metrics: points, ...written, ...ownedBy(opened) });
    },
    updateMany: async (ids, patch) => {
      const input = maskRun(masking, parseInput(runTagsSchema, patch, "run"));
      const known = parseInput(runIdsSchema, ids, "ids");
      return (await store()).runs.updateMany({ ...input, ids: known });
    },
    deleteMany: (ids) => moveMany(ids, "deleted"),
    restoreMany: (ids) => moveMany(ids, "active"),
    delete: (id) => move(id, "deleted"),
    restore: (id) => move(id, "active"),
  };
}

function toPoint(
  { key, value, step = 0, timestamp, modelId, dataset }: MetricInput,
  now: number,
): LoggedPoint {
  const point = { key, value, step, timestamp: timestamp ?? now };
  if ((modelId ?? dataset) === undefined) return point;
  const model = readMeasured({ modelId, dataset });
  return model === undefined ? point : { ...point, model };
}

/** A run that is said to be over has an end. */
function withEnd(patch: WithTexts<RunUpdate>, now: () => number): WithTexts<RunUpdate> {
  const { status, endTime } = patch;
  const isOver = status === "finished" || status === "failed" || status === "killed";
  return isOver && endTime === undefined ? { ...patch, endTime: now() } : patch;
}

function createQueries(
  context: Context,
): Pick<
  Runs,
  | "get"
  | "find"
  | "search"
  | "count"
  | "compare"
  | "metricHistory"
  | "metricSeries"
  | "keys"
  | "values"
  | "groups"
  | "childSummaries"
> {
  const { store } = context;
  const find: Runs["find"] = async (id) => (await store()).runs.get(parseInput(idSchema, id, "id"));

  return {
    find,
    get: async (id) => {
      const run = await find(id);
      if (run === undefined) throw notFound("run", id);
      return run;
    },
    search: async (query = {}) => {
      const input = parseInput(runSearchSchema, query, "query");
      const { experimentIds = [], lifecycle = "active" } = input;
      const asked = nested(toStoreQuery(context, "run", input), input);
      return (await store()).runs.search({ ...asked, experimentIds, lifecycle });
    },
    count: async (query = {}) => {
      const input = parseInput(runSelectionSchema, query, "query");
      const { experimentIds = [], lifecycle = "active" } = input;
      const asked = nested(toCountQuery(context, "run", input), input);
      return (await store()).runs.count({ ...asked, experimentIds, lifecycle });
    },
    compare: async (query) =>
      loadComparison(await store(), parseInput(compareRunsSchema, query, "query").runIds),
    metricHistory: async (query) => {
      const { runId, key, ...page } = parseInput(metricHistorySchema, query, "query");
      const { runs } = await store();
      const history = await runs.metricHistory({ runId, key, ...toStorePage(page) });
      if (history.items.length === 0 && (await runs.get(runId)) === undefined)
        throw notFound("run", runId);
      return history;
    },
    metricSeries: async (query) => {
      const input = parseInput(metricSeriesSchema, query, "query");
      return (await store()).runs.metricSeries({ maxPoints: 1000, smoothing: 0, ...input });
    },
    keys: async (query = {}) => {
      const { experimentIds = [] } = parseInput(runKeysSchema, query, "query");
      return (await store()).runs.keys({ experimentIds });
    },
    values: async (query) => {
      const input = parseInput(runValuesSchema, query, "query");
      const { lifecycle = "active" } = input;
      const asked = toValuesQuery(context, "run", input);
      return (await store()).runs.values({ ...asked, lifecycle });
    },
    groups: async (query) => {
      const { metrics = [], ...input } = parseInput(runGroupingSchema, query, "query");
      const { lifecycle = "active" } = input;
      const asked = toValuesQuery(context, "run", input);
      return (await store()).runs.groups({ ...asked, metrics, lifecycle });
    },
    childSummaries: async (query) =>
      loadChildSummaries(await store(), parseInput(childSummariesSchema, query, "query")),
  };
}

/** A query with one condition more for each thing that is said of nesting. */
function nested<Q extends Pick<StoreQuery, "where">>(
  query: Q,
  { parentRunId, rootsOnly = false }: RunNesting,
): Q {
  const field = { kind: "attribute", key: "parentRunId" } as const;
  const children = { field, operator: "=", value: parentRunId ?? "" } as const;
  const where = [
    ...query.where,
    ...(parentRunId === undefined ? [] : [children]),
    ...(rootsOnly ? [{ field, operator: "IS NULL" } as const] : []),
  ];
  return { ...query, where };
}

function createExports(readers: ExportReaders): Pick<Runs, "export" | "exportMetrics"> {
  return {
    export: async (query) => exportRuns(readers, parseInput(runExportSchema, query, "query")),
    exportMetrics: async (query) =>
      exportMetrics(readers, parseInput(metricExportSchema, query, "query")),
  };
}
