import type { ModelVersion, RegisteredModel } from "@rivulet/domain";
import type { Store } from "@rivulet/store";
import type { Artifacts } from "../artifacts/artifacts.ts";
import type { Context } from "../context.ts";
import { searchSchema, toStoreQuery } from "../query.ts";
import { noArtifact, notFound, parseReference } from "../reference.ts";
import { aliasKeySchema, describedPatchSchema, idSchema, parseInput } from "../validation.ts";
import {
  createModelSchema,
  modelAliasSchema,
  modelVersionKeySchema,
  modelVersionUpdateSchema,
  registerModelSchema,
} from "./model-input.ts";
import type { Models, RegisterModelOptions } from "./models.ts";

/** The model registry on the context's store. */
export function createModels(context: Context, artifacts: Artifacts): Models {
  return Object.freeze<Models>({
    ...createModelRecords(context),
    ...createVersions(context, artifacts),
    ...createAliases(context),
  });
}

function createModelRecords(
  context: Context,
): Pick<Models, "create" | "get" | "find" | "search" | "update" | "delete"> {
  const { store, now } = context;
  const find: Models["find"] = async (name) =>
    (await store()).models.get(parseInput(idSchema, name, "name"));

  return {
    find,
    create: async (options) => {
      const input = parseInput(createModelSchema, options, "model");
      const time = now();
      const model: RegisteredModel = {
        name: input.name,
        description: input.description ?? "",
        createdAt: time,
        updatedAt: time,
        tags: input.tags ?? {},
        aliases: {},
      };
      await (await store()).models.create(model);
      return model;
    },
    get: async (name) => {
      const model = await find(name);
      if (model === undefined) throw notFound("model", name);
      return model;
    },
    search: async (query = {}) =>
      (await store()).models.search(
        toStoreQuery(context, "model", parseInput(searchSchema, query, "query")),
      ),
    update: async (name, patch) => {
      const input = parseInput(describedPatchSchema, patch, "model");
      const key = parseInput(idSchema, name, "name");
      return (await store()).models.update({ ...input, name: key, updatedAt: now() });
    },
    delete: async (name) => (await store()).models.delete(parseInput(idSchema, name, "name")),
  };
}

function createVersions(
  context: Context,
  artifacts: Artifacts,
): Pick<
  Models,
  "register" | "getVersion" | "searchVersions" | "updateVersion" | "deleteVersion" | "load"
> {
  const { store, now } = context;
  const getVersion: Models["getVersion"] = async (reference) => {
    const version = await findVersion(await store(), reference);
    if (version === undefined) throw notFound("model version", reference);
    return version;
  };

  return {
    getVersion,
    register: (options) => register(context, options),
    searchVersions: async (query = {}) =>
      (await store()).models.searchVersions(
        toStoreQuery(context, "modelVersion", parseInput(searchSchema, query, "query")),
      ),
    updateVersion: async (update) => {
      const input = parseInput(modelVersionUpdateSchema, update, "version");
      return (await store()).models.updateVersion({ ...input, updatedAt: now() });
    },
    deleteVersion: async (key) =>
      (await store()).models.deleteVersion(parseInput(modelVersionKeySchema, key, "version")),
    load: async (reference) => {
      const { runId, artifactPath: path } = await getVersion(reference);
      if (runId === undefined || path === undefined) {
        throw notFound("artifact of model version", reference);
      }
      return (await artifacts.get({ runId, path })).content;
    },
  };
}

async function register(context: Context, options: RegisterModelOptions): Promise<ModelVersion> {
  const {
    aliases,
    tags = {},
    description = "",
    ...input
  } = parseInput(registerModelSchema, options, "model");
  const store = await context.store();
  const metrics = await readMetrics(context, input);
  const time = context.now();
  return store.models.addVersion({
    ...input,
    description,
    tags,
    metrics,
    createdAt: time,
    updatedAt: time,
    ...(aliases === undefined ? {} : { setAliases: aliases }),
  });
}

/** The metrics of the version's run; also makes sure that run and artifact are there. */
async function readMetrics(
  context: Context,
  { runId, artifactPath: path }: Pick<RegisterModelOptions, "runId" | "artifactPath">,
): Promise<ModelVersion["metrics"]> {
  if (runId === undefined) return {};
  const store = await context.store();
  await context.journal.flush();
  const run = await store.runs.get(runId);
  if (run === undefined) throw notFound("run", runId);
  if (path !== undefined && (await store.artifacts.get({ runId, path })) === undefined) {
    throw noArtifact({ runId, path });
  }
  return run.metrics;
}

async function findVersion(store: Store, reference: string): Promise<ModelVersion | undefined> {
  const { name, version, alias } = parseReference(reference, "model");
  if (alias !== undefined) return store.models.findVersionByAlias({ name, alias });
  const number = version ?? (await store.models.get(name))?.latestVersion;
  return number === undefined ? undefined : store.models.getVersion({ name, version: number });
}

function createAliases({ store, now }: Context): Pick<Models, "setAlias" | "deleteAlias"> {
  return {
    setAlias: async (options) => {
      const input = parseInput(modelAliasSchema, options, "alias");
      await (await store()).models.setAlias({ ...input, updatedAt: now() });
    },
    deleteAlias: async (options) => {
      const key = parseInput(aliasKeySchema, options, "alias");
      await (await store()).models.deleteAlias({ ...key, updatedAt: now() });
    },
  };
}
