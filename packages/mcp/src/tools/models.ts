import { type ModelVersion, optionsSchema, type RegisteredModel } from "@rivulet/core";
import * as z from "zod";
import { allOf, equals } from "../clauses.ts";
import { fieldOf } from "../operation-field.ts";
import { searchByName } from "../search-tool.ts";
import type { Columns } from "../table.ts";
import { anyRecord, defineTool, limitSchema, type McpTool } from "../tool.ts";
import { uris } from "../uris.ts";

const columns: Columns<RegisteredModel> = {
  shown: ["name", "latestVersion", "aliases", "updatedAt"],
  read: {
    name: (model) => model.name,
    latestVersion: (model) => model.latestVersion ?? null,
    aliases: (model) => JSON.stringify(model.aliases),
    updatedAt: (model) => new Date(model.updatedAt).toISOString(),
    description: (model) => model.description,
    tags: (model) => model.tags,
    uri: (model) => uris.model(model.name),
  },
};

const searchModels = searchByName({
  name: "search_models",
  title: "Search registered models",
  operations: ["models.search"],
  description: "Registered models by name, with their aliases. Read one with get_model.",
  columns,
  search: (rivulet, query) => rivulet.models.search(query),
});

const getModel = defineTool({
  name: "get_model",
  title: "Get a registered model",
  operations: ["models.get", "models.searchVersions"],
  description: "A model with its newest versions, their metrics and the runs that made them.",
  input: optionsSchema({ name: fieldOf<string>("models.get", "name"), limit: limitSchema }),
  output: z.object({
    model: anyRecord<RegisteredModel>(),
    versions: z.array(anyRecord<ModelVersion>()),
    uri: z.string(),
  }),
  async run(rivulet, { name, limit }) {
    const model = await rivulet.models.get(name);
    const versions = await rivulet.models.searchVersions({
      ...allOf(equals("name", name)),
      limit,
    });
    return { model, versions: [...versions.items], uri: uris.model(name) };
  },
});

const setModelAlias = defineTool({
  name: "set_model_alias",
  title: "Point a model alias at a version",
  operations: ["models.setAlias"],
  description: "Changes what everyone who loads this alias gets, at once.",
  access: "write",
  destructive: true,
  idempotent: true,
  input: optionsSchema({
    name: fieldOf<string>("models.setAlias", "name"),
    alias: fieldOf<string>("models.setAlias", "alias"),
    version: fieldOf<number>("models.setAlias", "version"),
  }),
  output: z.object({ name: z.string(), alias: z.string(), version: z.number() }),
  async run(rivulet, input) {
    await rivulet.models.setAlias(input);
    return input;
  },
});

/** Tools over the model registry. */
export const modelTools: readonly McpTool[] = [searchModels, getModel, setModelAlias];
