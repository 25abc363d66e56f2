import type { LoggedModel, ModelVersion, RunInput } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { ask, askPages, type PagedQuestion, type Question, refresh } from "../api/query-client.ts";
import { quote } from "../search/filter-text.ts";

/** Models that a run has made, newest first. */
export function askLoggedModels(runId: string): PagedQuestion<LoggedModel> {
  const query = { filter: `runId = ${quote(runId)}` };
  return askPages({ subject: "loggedModel" }, "loggedModels.search", query);
}

export function askLoggedModel(id: string): Question<LoggedModel> {
  return ask({ subject: "loggedModel", id }, "loggedModels.get", id);
}

/** Versions in the registry that a logged model is. */
export function askVersionsOfLoggedModel(id: string): PagedQuestion<ModelVersion> {
  const query = { filter: `modelId = ${quote(id)}` };
  return askPages({ subject: "model" }, "models.searchVersions", query);
}

/** What is to be the next version of a model. */
export interface Registration {
  readonly name: string;
  readonly description: string;
  readonly runId: string;
  /** A file or folder of the run; the whole run without one. */
  readonly artifactPath?: string;
  /** The logged model that it is. */
  readonly modelId?: string;
}

/** Registers the next version of a model. */
export async function registerModel({
  description,
  ...registration
}: Registration): Promise<ModelVersion> {
  const made = await rivulet.models.register({
    ...registration,
    ...(description !== "" && { description }),
  });
  await refresh("model");
  return made;
}

/** The data that a run was given. */
export function askRunInputs(runId: string): PagedQuestion<RunInput> {
  return askPages({ subject: "run", id: runId }, "runs.inputs", { runId });
}
