import type {
  LifecycleFilter,
  LifecycleStage,
  Page,
  SearchQuery,
  StringMap,
} from "@rivulet/domain";
import { DEFAULT_EXPERIMENT_ID, type Experiment, LIMITS, RivuletError } from "@rivulet/domain";
import * as z from "zod";
import type { Context } from "../context.ts";
import { toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { idSchema, nameSchema, parseInput, tagKeysSchema, tagsSchema } from "../validation.ts";
import { parseLifecycle } from "./lifecycle.ts";

/** Experiments: named sets of runs and traces. */
export interface Experiments {
  /** @throws `already_exists` when the name is taken. */
  create(options: CreateExperimentOptions): Promise<Experiment>;
  /** @throws `not_found` */
  get(id: string): Promise<Experiment>;
  find(name: string): Promise<Experiment | undefined>;
  /** The experiment of this name, made when it is not there. @throws `conflict` when it is deleted */
  ensure(name: string): Promise<Experiment>;
  search(query?: SearchQuery & { readonly lifecycle?: LifecycleFilter }): Promise<Page<Experiment>>;
  update(id: string, patch: ExperimentUpdate): Promise<Experiment>;
  /** Hides the experiment; its runs stay. The default experiment cannot be deleted. */
  delete(id: string): Promise<Experiment>;
  restore(id: string): Promise<Experiment>;
}

/** What an experiment is created with. */
export interface CreateExperimentOptions {
  readonly name: string;
  readonly tags?: StringMap;
}

/** What changes in an experiment. What is left out stays. */
export interface ExperimentUpdate {
  readonly name?: string;
  readonly tags?: StringMap;
  readonly removeTags?: readonly string[];
}

/** Schema of {@link CreateExperimentOptions}. */
export const createExperimentSchema: z.ZodType<CreateExperimentOptions> = z.object({
  name: nameSchema(LIMITS.experimentName),
  tags: tagsSchema.exactOptional(),
});

/** Schema of {@link ExperimentUpdate}. */
export const experimentUpdateSchema: z.ZodType<ExperimentUpdate> = z.object({
  name: nameSchema(LIMITS.experimentName).exactOptional(),
  tags: tagsSchema.exactOptional(),
  removeTags: tagKeysSchema.exactOptional(),
});

/** Experiments on the context's store. */
export function createExperiments(context: Context): Experiments {
  const { store, now, ids } = context;

  const create = async (options: CreateExperimentOptions): Promise<Experiment> => {
    const { name, tags = {} } = parseInput(createExperimentSchema, options, "experiment");
    const time = now();
    const experiment: Experiment = {
      id: ids.experiment(),
      name,
      lifecycleStage: "active",
      createdAt: time,
      updatedAt: time,
      tags,
    };
    await (await store()).experiments.create(experiment);
    return experiment;
  };

  const find = async (name: string): Promise<Experiment | undefined> =>
    (await store()).experiments.findByName(parseInput(z.string(), name, "name"));

  const move = async (id: string, lifecycleStage: LifecycleStage): Promise<Experiment> => {
    const patch = { id: parseInput(idSchema, id, "id"), lifecycleStage, updatedAt: now() };
    return (await store()).experiments.update(patch);
  };

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
      const storeQuery = toStoreQuery(context, "experiment", query);
      const lifecycle = parseLifecycle(query.lifecycle);
      return (await store()).experiments.search({ ...storeQuery, lifecycle });
    },
    update: async (id, patch) => {
      const input = parseInput(experimentUpdateSchema, patch, "experiment");
      const key = parseInput(idSchema, id, "id");
      return (await store()).experiments.update({ ...input, id: key, updatedAt: now() });
    },
    delete: async (id) => {
      if (id === DEFAULT_EXPERIMENT_ID) {
        throw new RivuletError("invalid_argument", "The default experiment cannot be deleted.");
      }
      return move(id, "deleted");
    },
    restore: (id) => move(id, "active"),
  });
}

type Finders = Pick<Experiments, "create" | "find">;

/** Another process may have made it in between. */
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
    `The experiment "${experiment.name}" is deleted. Restore it (id ${experiment.id}), or use another name.`,
    { details: { id: experiment.id } },
  );
}
