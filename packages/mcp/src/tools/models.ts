import type { LoggedModel, ModelChange, ModelVersion, RegisteredModel } from "@rivulet/core";
import { operationTool } from "../operation-tool.ts";
import { pageTool } from "../table.ts";
import type { McpTool } from "../tool.ts";
import { uris } from "../uris.ts";
import { withUri } from "../view.ts";

/** Tools over the model registry. */
export const modelTools: readonly McpTool[] = [
  pageTool<RegisteredModel>({
    name: "search_models",
    title: "Search registered models",
    operation: "models.search",
    description: "Registered models with their aliases. Their versions: search_model_versions.",
    shown: ["name", "latestVersion", "aliases", "updatedAt"],
  }),
  operationTool({
    name: "get_model",
    title: "Get a registered model",
    operation: "models.get",
    description: "A model with its description, tags and aliases.",
    view: withUri(uris.model, "name"),
  }),
  pageTool<ModelVersion>({
    name: "search_model_versions",
    title: "Search versions of models",
    operation: "models.searchVersions",
    description:
      "Versions of one model or of all, newest first, with the runs that made them. Filter: name = 'iris'.",
    shown: ["name", "version", "aliases", "runId", "source", "tags", "createdAt"],
  }),
  pageTool<LoggedModel>({
    name: "search_logged_models",
    title: "Search models that runs have made",
    operation: "loggedModels.search",
    description:
      "Models as runs made them, registered or not, newest first, with their metrics by dataset. Filter: metrics.accuracy > 0.9.",
    shown: ["id", "name", "modelType", "status", "runId", "metrics", "params", "createdAt"],
  }),
  operationTool({
    name: "get_model_lineage",
    title: "Get the lineage of a model version",
    operation: "models.lineage",
    description:
      "The run and related versions of a version, and the traces and prompts that used it.",
  }),
  pageTool<ModelChange>({
    name: "get_model_history",
    title: "Get the history of models",
    operation: "models.history",
    description:
      "Who registered, promoted, rolled back or removed what, when and why; newest first, of one model or of all.",
    shown: ["at", "name", "kind", "version", "alias", "before", "after", "userId", "why"],
  }),
  operationTool({
    name: "set_model_alias",
    title: "Point a model alias at a version",
    operation: "models.setAlias",
    description: "Changes what everyone who loads this alias gets, at once.",
    destructive: true,
    idempotent: true,
  }),
];
