import type {
  DatasetSummary,
  LifecycleFilter,
  LifecycleStage,
  MetricDeclarations,
  Page,
  PurgedExperiments,
  SearchQuery,
  StringMap,
} from "@rivulet/domain";
import {
  betterSchema,
  DEFAULT_EXPERIMENT_ID,
  type Experiment,
  LIMITS,
  RivuletError,
  recordSchema,
} from "@rivulet/domain";
import type * as z from "@rivulet/domain/zod";
import type { Context } from "../context.ts";
import { listInputDatasets } from "../inputs/run-inputs.ts";
import { lifecycleSearchSchema, toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import {
  expectedSchema,
  idSchema,
  listOf,
  nameSchema,
  optionsSchema,
  parseInput,
  type Tags,
  tagKeysSchema,
  tagsSchema,
} from "../validation.ts";
import { noteSchema, withNoteTag } from "./note.ts";
import { type PurgeOptions, purgeExperiments, purgeSchema } from "./purge.ts";

/** Experiments: named collections of runs and traces. */
export interface Experiments {
  /** Creates an experiment. @throws RivuletError `already_exists` when the name is taken, even by a deleted one */
  create(options: CreateExperimentOptions): Promise<Experiment>;
  /** The experiment, deleted or not. @throws RivuletError `not_found` */
  get(id: string): Promise<Experiment>;
  /** The experiment of this name, deleted or not; `undefined` when there is none. */
  find(name: string): Promise<Experiment | undefined>;
  /** The experiment of this name, created if it does not exist. @throws RivuletError `conflict` when it is deleted */
  ensure(name: string): Promise<Experiment>;
  /** Default order: newest first. */
  search(query?: SearchQuery & { readonly lifecycle?: LifecycleFilter }): Promise<Page<Experiment>>;
  /**
   * Changes name, tags, and what is declared of metrics.
   *
   * @throws RivuletError `not_found`; `already_exists` for a taken name; `limit_exceeded` for more than 1,000 metrics;
   * `conflict` when it is not the expected one, or is deleted
   */
  update(id: string, patch: ExperimentUpdate): Promise<Experiment>;
  /**
   * Hides the experiment with its active runs, and takes no more writes to them. The default experiment cannot be deleted:
   * what names no experiment goes there.
   *
   * @throws RivuletError `not_found`; `invalid_argument` for the default experiment
   */
  delete(id: string): Promise<Experiment>;
  /**
   * The datasets that runs of experiments were given, by experiment and name, up to 1,000. `runs.search` finds the runs:
   * `dataset.name = 'iris' AND dataset.context = 'training'`.
   */
  datasets(query?: {
    readonly experimentIds?: readonly string[];
  }): Promise<readonly DatasetSummary[]>;
  /** Makes a deleted experiment visible again, with the runs that were deleted with it. @throws RivuletError `not_found` */
  restore(id: string): Promise<Experiment>;
  /**
   * Removes deleted experiments for good, with their runs, traces, evaluations and views, in small steps. One whose run
   * must be kept is kept, and told.
   */
  purge(options?: PurgeOptions): Promise<PurgedExperiments>;
}

/** Options of `experiments.create`. */
export interface CreateExperimentOptions {
  /** Unique; up to 500 characters. */
  readonly name: string;
  /** Free-form labels, up to 100; numbers and booleans are stored as text. @default {} */
  readonly tags?: Tags;
  /** Which way metrics of its runs are better, by key, up to 1,000. @default {} */
  readonly metrics?: MetricDeclarations;
}

/** Changes to an experiment. Absent fields stay as they are. */
export interface ExperimentUpdate {
  /** New name, up to 500 characters. */
  readonly name?: string;
  /** What there is to know of it, in Markdown; kept as the tag `mlflow.note.content`. Empty removes it. */
  readonly note?: string;
  /** Tags to add or overwrite, up to 100; numbers and booleans are stored as text. */
  readonly tags?: Tags;
  /** Keys of tags to remove; unknown ones are ignored. */
  readonly removeTags?: readonly string[];
  /** Metrics to declare, or to declare otherwise, by key; the others stay declared as they are. */
  readonly metrics?: MetricDeclarations;
  /** Keys of metrics of which nothing is to be said any more; unknown ones are ignored. */
  readonly removeMetrics?: readonly string[];
  /** The `updatedAt` that it must have, so that nobody's change is lost; another one is a `conflict`. @default any */
  readonly expected?: number;
}

/** With tags as they are stored. */
type WithStoredTags<T> = Omit<T, "tags"> & { readonly tags?: StringMap };

/** Schema of an experiment's name. */
export const experimentNameSchema: z.ZodType<string> = nameSchema(LIMITS.experimentName).describe(
  "Name of the experiment",
);

/** Schema of {@link MetricDeclarations} as an app gives them. */
const declaredMetricsSchema: z.ZodType<MetricDeclarations> = recordSchema(
  nameSchema(),
  optionsSchema(() => ({
    better: betterSchema.describe("Which way the metric improves"),
  })),
)
  .refine((metrics) => Object.keys(metrics).length <= LIMITS.declaredMetrics, {
    message: `at most ${LIMITS.declaredMetrics} metrics`,
  })
  .describe('Which way metrics improve, by key: { "loss": { "better": "lower" } }');

/** Schema of {@link CreateExperimentOptions}. */
export const createExperimentSchema: z.ZodType<WithStoredTags<CreateExperimentOptions>> =
  optionsSchema(() => ({
    name: experimentNameSchema,
    tags: tagsSchema.exactOptional(),
    metrics: declaredMetricsSchema.exactOptional(),
  }));

/** Schema of {@link ExperimentUpdate}. */
export const experimentUpdateSchema: z.ZodType<WithStoredTags<ExperimentUpdate>> = optionsSchema(
  () => ({
    name: experimentNameSchema.exactOptional(),
    note: noteSchema.exactOptional(),
    tags: tagsSchema.exactOptional(),
    removeTags: tagKeysSchema.exactOptional(),
    metrics: declaredMetricsSchema.exactOptional(),
    removeMetrics: listOf(nameSchema(), LIMITS.declaredMetrics)
      .describe("Keys of metrics that are not to be declared any more; unknown ones are ignored")
      .exactOptional(),
    expected: expectedSchema.exactOptional(),
  }),
);

/** Experiments on the context's store. */
export function createExperiments(context: Context): Experiments {
  const { store, now, ids } = context;

  const create = async (options: CreateExperimentOptions): Promise<Experiment> => {
    const {
      name,
      tags = {},
      metrics = {},
    } = parseInput(createExperimentSchema, options, "experiment");
    const time = now();
    const experiment: Experiment = {
      id: ids.experiment(),
      name,
      lifecycleStage: "active",
      createdAt: time,
      updatedAt: time,
      tags,
      metrics,
    };
    await (await store()).experiments.create(experiment);
    return experiment;
  };

  const find = async (name: string): Promise<Experiment | undefined> =>
    (await store()).experiments.findByName(parseInput(experimentNameSchema, name, "name"));

  return Object.freeze<Experiments>({
    create,
    find,
    get: async (id) => {
      const found = await (await store()).experiments.get(parseInput(idSchema, id, "id"));
      if (found === undefined) throw notFound("experiment", id);
      return found;
    },
    ensure: async (name) =>
      requireActive((await find(name)) ?? (await createOrFind(name, { create, find }))),
    search: async (query = {}) => {
      const input = parseInput(lifecycleSearchSchema, query, "query");
      const { lifecycle = "active" } = input;
      const storeQuery = toStoreQuery(context, "experiment", input);
      return (await store()).experiments.search({ ...storeQuery, lifecycle });
    },
    datasets: (query = {}) => listInputDatasets(context, query),
    update: async (id, patch) => {
      const input = withNoteTag(parseInput(experimentUpdateSchema, patch, "experiment"));
      const key = parseInput(idSchema, id, "id");
      return (await store()).experiments.update({ ...input, id: key, updatedAt: now() });
    },
    ...createLifecycle(context),
  });
}

/** Deletion, and what comes after it. */
function createLifecycle(context: Context): Pick<Experiments, "delete" | "restore" | "purge"> {
  const { store, now } = context;
  const move = async (id: string, lifecycleStage: LifecycleStage): Promise<Experiment> => {
    const patch = { id: parseInput(idSchema, id, "id"), lifecycleStage, updatedAt: now() };
    return (await store()).experiments.update(patch);
  };
  return {
    delete: async (id) => {
      if (id === DEFAULT_EXPERIMENT_ID) {
        throw new RivuletError("invalid_argument", "The default experiment cannot be deleted.");
      }
      return move(id, "deleted");
    },
    restore: (id) => move(id, "active"),
    purge: async (options = {}) =>
      purgeExperiments(context, parseInput(purgeSchema, options, "options")),
  };
}

type Finders = Pick<Experiments, "create" | "find">;

/** Another process may have created it in between. */
async function createOrFind(name: string, { create, find }: Finders): Promise<Experiment> {
  try {
    return await create({ name });
  } catch (error) {
    const isTaken = error instanceof RivuletError && error.code === "already_exists";
    const found = isTaken ? await find(name) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

function requireActive(experiment: Experiment): Experiment {
  if (experiment.lifecycleStage === "active") return experiment;
  throw new RivuletError(
    "conflict",
    `The experiment "${experiment.name}" is deleted. Restore it (id ${experiment.id}), remove it for good with purge, or use another name.`,
    { details: { id: experiment.id } },
  );
}
