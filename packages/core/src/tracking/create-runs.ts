import type { LifecycleStage, LoggedPoint, ManyChanged, Run } from "@rivulet/domain";
import { DEFAULT_EXPERIMENT_ID } from "@rivulet/domain";
import type { Owned, Store } from "@rivulet/store";
import type { Artifacts } from "../artifacts/artifacts.ts";
import type { Context } from "../context.ts";
import { createRunInputs } from "../inputs/run-inputs.ts";
import type { LoggedModels } from "../logged-models/logged-models.ts";
import { maskRun } from "../masking/masked-records.ts";
import { idSchema, parseInput } from "../validation.ts";
import { createActiveRun, type RegisterLogged, type TrackedRun } from "./create-active-run.ts";
import { createExports, createQueries } from "./create-run-queries.ts";
import type { Experiments } from "./experiments.ts";
import { readMeasured } from "./measured-model.ts";
import { moveChildren } from "./move-children.ts";
import { withNoteTag } from "./note.ts";
import { purgeRuns, purgeSchema } from "./purge.ts";
import { lastStepsOf } from "./resume-run.ts";
import { endOf } from "./run-end.ts";
import {
  createRunSchema,
  parseRunBatch,
  resumeRunSchema,
  runIdsSchema,
  runTagsSchema,
  runUpdateSchema,
  startRunSchema,
  withChildrenSchema,
} from "./run-input.ts";
import type { MetricInput, Runs, RunUpdate, StartRunOptions, WithChildren } from "./runs.ts";
import { type ChooseExperiment, createStarts } from "./start-run.ts";
import { monitored, type StartedRuns, withSource } from "./started-run.ts";
import { sweep } from "./sweep.ts";

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

  const chooseExperiment: ChooseExperiment = async ({ experiment, experimentId }, parentRunId) => {
    if (experimentId !== undefined) return experimentId;
    if (experiment !== undefined) return (await experiments.ensure(experiment)).id;
    if (parentRunId === undefined) return DEFAULT_EXPERIMENT_ID;
    return (await queries.get(parentRunId)).experimentId;
  };

  const starts = createStarts(context, { chooseExperiment });

  const start = async (options: StartRunOptions = {}): Promise<TrackedRun> => {
    const {
      owned = true,
      systemMetrics = started.systemMetrics,
      ...given
    } = parseInput(startRunSchema, options, "run");
    const run = await starts.start({ ...(await withSource(given, started.sourceTags)), owned });
    const isNew = given.resume === undefined && given.id === undefined;
    const lastSteps = isNew ? {} : { lastSteps: await lastStepsOf(await context.store(), run.id) };
    const runs = owned ? ownedRecords : records;
    return monitored(
      createActiveRun(run, { ...handle, ...lastSteps, runs }),
      systemMetrics,
      context,
    );
  };

  return Object.freeze<Runs>({
    ...records,
    ...queries,
    ...createExports(queries),
    ...inputs,
    create: async (options = {}) => starts.create(parseInput(createRunSchema, options, "run")),
    start,
    resume: async (id, options = {}) => {
      const { owned = true } = parseInput(resumeRunSchema, options, "options");
      await queries.get(id);
      return start({ id, resume: "must", owned });
    },
    purge: async (options = {}) => purgeRuns(context, parseInput(purgeSchema, options, "options")),
    with: async (options, work) => {
      const run = await start(options);
      const inside = (): ReturnType<typeof work> => context.activeRun.run(run, () => work(run));
      return finishAfter(run, inside, context.reportError);
    },
    sweep: (options, work) =>
      sweep({ context, experiments, start, get: queries.get }, options, work),
  });
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
  const move = async (
    id: string,
    lifecycleStage: LifecycleStage,
    options: WithChildren = {},
  ): Promise<Run> => {
    const { withChildren = false } = parseInput(withChildrenSchema, options, "options");
    const stage = {
      id: parseInput(idSchema, id, "id"),
      lifecycleStage,
      ...(lifecycleStage === "deleted" ? { deletedAt: now() } : {}),
    };
    const { runs } = await store();
    if (withChildren) await moveChildren(runs, stage);
    return runs.update(stage);
  };
  const moveMany: (ids: readonly string[], stage: LifecycleStage) => Promise<ManyChanged> = async (
    ids,
    lifecycleStage,
  ) =>
    (await store()).runs.updateMany({
      ids: parseInput(runIdsSchema, ids, "ids"),
      lifecycleStage,
      ...(lifecycleStage === "deleted" ? { deletedAt: now() } : {}),
    });

  /** A run that is said to be over has an end. */
  const endOfRun = async ({ runs }: Store, id: string): Promise<{ readonly endTime: number }> => {
    const time = now();
    const { startTime = time } = (await runs.get(id)) ?? {};
    return { endTime: endOf({ startTime }, time) };
  };

  return {
    update: async (id, patch) => {
      const input = maskRun(masking, withNoteTag(parseInput(runUpdateSchema, patch, "run")));
      const key = parseInput(idSchema, id, "id");
      const opened = await store();
      const end = isEnding(input) ? await endOfRun(opened, key) : {};
      return opened.runs.update({ ...input, ...end, id: key, ...ownedBy(opened) });
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
    delete: (id, options) => move(id, "deleted", options),
    restore: (id, options) => move(id, "active", options),
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

/** Whether a run is said to be over, and not when. */
function isEnding({ status, endTime }: RunUpdate): boolean {
  const isOver = status === "finished" || status === "failed" || status === "killed";
  return isOver && endTime === undefined;
}
