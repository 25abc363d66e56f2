import type { LifecycleStage, LoggedModel } from "@rivulet/domain";
import { checkArtifactPath, isArtifactPath } from "../artifacts/artifact-path.ts";
import type { Context } from "../context.ts";
import { maskRun } from "../masking/masked-records.ts";
import { toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { idSchema, parseInput } from "../validation.ts";
import {
  createLoggedModelSchema,
  loggedModelSearchSchema,
  loggedModelUpdateSchema,
} from "./logged-model-input.ts";
import type { CreateLoggedModelOptions, LoggedModels } from "./logged-models.ts";

/** Logged models on the context's store. */
export function createLoggedModels(context: Context): LoggedModels {
  const { store, now, masking } = context;

  const find: LoggedModels["find"] = async (id) =>
    (await store()).loggedModels.get(parseInput(idSchema, id, "id"));

  const move = async (id: string, lifecycleStage: LifecycleStage): Promise<LoggedModel> =>
    (await store()).loggedModels.update({
      id: parseInput(idSchema, id, "id"),
      lifecycleStage,
      updatedAt: now(),
    });

  return Object.freeze<LoggedModels>({
    find,
    create: (options) => createModel(context, options),
    get: async (id) => {
      const model = await find(id);
      if (model === undefined) throw notFound("logged model", id);
      return model;
    },
    search: async (query = {}) => {
      const input = parseInput(loggedModelSearchSchema, query, "query");
      const { experimentIds = [], lifecycle = "active", datasets = [] } = input;
      const storeQuery = toStoreQuery(context, "loggedModel", input);
      return (await store()).loggedModels.search({
        ...storeQuery,
        experimentIds,
        lifecycle,
        datasets,
      });
    },
    update: async (id, patch) => {
      const input = parseInput(loggedModelUpdateSchema, patch, "model");
      return (await store()).loggedModels.update({
        ...maskRun(masking, input),
        id: parseInput(idSchema, id, "id"),
        updatedAt: now(),
      });
    },
    delete: (id) => move(id, "deleted"),
    restore: (id) => move(id, "active"),
  });
}

async function createModel(
  { store, now, ids, masking }: Context,
  options: CreateLoggedModelOptions,
): Promise<LoggedModel> {
  const input = parseInput(createLoggedModelSchema, options, "model");
  const { runId, name, status = "pending", artifactPath = name, params = {}, tags = {} } = input;
  const opened = await store();
  const run = await opened.runs.get(runId);
  if (run === undefined) throw notFound("run", runId);
  const time = now();
  const id = `m-${ids.entity()}`;
  const model = maskRun<LoggedModel>(masking, {
    id,
    experimentId: run.experimentId,
    name,
    runId,
    artifactPath: checkArtifactPath(artifactPath),
    ...(input.modelType === undefined ? {} : { modelType: input.modelType }),
    status,
    ...(input.signature === undefined ? {} : { signature: input.signature }),
    params: params,
    tags,
    metrics: [],
    createdAt: time,
    updatedAt: time,
    lifecycleStage: "active",
  });
  // A second model of a name, such as a checkpoint, does not replace the files of the first.
  const pathIfTaken = input.artifactPath === undefined ? { pathIfTaken: otherPath(model) } : {};
  const path = await opened.loggedModels.create({ ...model, ...pathIfTaken });
  return { ...model, artifactPath: path };
}

function otherPath({ id, artifactPath }: Pick<LoggedModel, "id" | "artifactPath">): string {
  const path = `${artifactPath}-${id.slice(-8)}`;
  return isArtifactPath(path) ? path : id;
}
