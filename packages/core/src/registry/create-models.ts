import { type RegisteredModel, readStage } from "@rivulet/domain";
import type { Context } from "../context.ts";
import type { Evaluations } from "../evaluation/evaluations.ts";
import { searchSchema, toStorePage, toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { actSchema, describedPatchSchema, idSchema, parseInput } from "../validation.ts";
import { createModelAliases } from "./create-model-aliases.ts";
import { createModelVersions } from "./create-model-versions.ts";
import { createEvaluationGates, type EvaluationGates } from "./evaluation-gates.ts";
import { getVersion } from "./find-version.ts";
import { createModelActs, type ModelActs } from "./model-acts.ts";
import { createModelFiles } from "./model-files.ts";
import {
  createModelSchema,
  gatePlaceSchema,
  modelGatesSchema,
  modelHistorySchema,
  renameModelSchema,
} from "./model-input.ts";
import { readLineage } from "./model-lineage.ts";
import type { Models } from "./models.ts";

/** What the verbs of the registry share. */
export interface RegistryParts {
  readonly acts: ModelActs;
  readonly gates: EvaluationGates;
}

/** The model registry on the context's store. */
export function createModels(
  context: Context,
  evaluations: Pick<Evaluations, "get" | "compare">,
): Models {
  const acts = createModelActs(context);
  const parts = { acts, gates: createEvaluationGates(context.store, evaluations) };
  return Object.freeze<Models>({
    ...createModelRecords(context, parts),
    ...createGuards(context, parts),
    ...createModelVersions(context, parts),
    ...createModelAliases(context, parts),
    ...createModelFiles(context),
    lineage: async (reference) => readLineage(await context.store(), reference),
    subscribe: acts.subscribe,
  });
}

function createModelRecords(
  context: Context,
  { acts }: RegistryParts,
): Pick<Models, "create" | "get" | "find" | "search" | "update" | "rename" | "delete"> {
  const { store, now } = context;
  const find: Models["find"] = async (name) =>
    (await store()).models.get(parseInput(idSchema, name, "name"));

  return {
    find,
    create: async (options) => {
      const {
        name,
        description = "",
        tags = {},
        ...act
      } = parseInput(createModelSchema, options, "model");
      const { models } = await store();
      return acts.perform(act, async (noted) => {
        const createdAt = noted.updatedAt;
        const model: RegisteredModel = {
          name,
          description,
          createdAt,
          updatedAt: createdAt,
          tags,
          aliases: {},
        };
        await models.create({ ...model, ...noted });
        return model;
      });
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
    rename: async (name, options) => {
      const { newName, ...act } = parseInput(renameModelSchema, options, "model");
      const key = parseInput(idSchema, name, "name");
      const { models } = await store();
      return acts.perform(act, (noted) => models.rename({ name: key, newName, ...noted }));
    },
    delete: async (name, options = {}) => {
      const key = parseInput(idSchema, name, "name");
      const act = parseInput(actSchema, options, "options");
      const { models } = await store();
      await acts.perform(act, (noted) => models.delete({ name: key, ...noted }));
    },
  };
}

function createGuards(
  { store, now }: Context,
  { acts, gates }: RegistryParts,
): Pick<Models, "setGates" | "checkGates" | "history"> {
  return {
    setGates: async (name, given, options = {}) => {
      const key = parseInput(idSchema, name, "name");
      const wanted = parseInput(modelGatesSchema, given, "gates");
      const act = parseInput(actSchema, options, "options");
      const { models } = await store();
      return acts.perform(act, (noted) => models.setGates({ name: key, gates: wanted, ...noted }));
    },
    checkGates: async (reference, place) => {
      const { alias, stage: text = "" } = parseInput(gatePlaceSchema, place, "place");
      const stage = readStage(text) ?? undefined;
      const wanted = {
        ...(alias === undefined ? {} : { alias }),
        ...(stage === undefined ? {} : { stage }),
      };
      const opened = await store();
      const version = await getVersion(opened, reference);
      const key = { name: version.name, version: version.version, now: now() };
      return [
        ...(await opened.models.checkGates({ ...key, ...wanted })),
        ...(await gates.check(version, wanted)),
      ];
    },
    history: async (query = {}) => {
      const { name, alias, ...page } = parseInput(modelHistorySchema, query, "query");
      return (await store()).models.history({
        ...(name === undefined ? {} : { name }),
        ...(alias === undefined ? {} : { alias }),
        ...toStorePage(page),
      });
    },
  };
}
