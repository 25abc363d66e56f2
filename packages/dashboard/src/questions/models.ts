import type { ModelVersion, RegisteredModel } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import {
  ask,
  askPages,
  type PagedQuestion,
  type Question,
  refresh,
  refreshLists,
} from "../api/query-client.ts";
import { quote } from "../search/filter-text.ts";
import type { DescribedPatch } from "./described.ts";
import { type ListQuery, searchedEverywhere } from "./list-query.ts";

export function askModels(query: ListQuery): PagedQuestion<RegisteredModel> {
  return askPages({ subject: "model" }, "models.search", searchedEverywhere(query));
}

export function askModel(name: string): Question<RegisteredModel> {
  return ask({ subject: "model", id: name }, "models.get", name);
}

/** Versions, newest first. */
export function askModelVersions(name: string): PagedQuestion<ModelVersion> {
  return askPages({ subject: "model", id: name }, "models.searchVersions", {
    filter: `name = ${quote(name)}`,
    orderBy: ["version DESC"],
  });
}

export function askModelVersion(name: string, version: string): Question<ModelVersion> {
  return ask({ subject: "model", id: name }, "models.getVersion", `${name}@${version}`);
}

/** Where an alias shall point, and where it pointed when the page was drawn. */
export interface ModelAliasWrite extends ModelVersionKey {
  readonly alias: string;
  /** `null`: the alias must be new. */
  readonly expected: number | null;
}

export async function setModelAlias(alias: ModelAliasWrite): Promise<void> {
  await rivulet.models.setAlias(alias);
  await refresh("model", [alias.name]);
}

export async function deleteModelAlias(name: string, alias: string): Promise<void> {
  await rivulet.models.deleteAlias({ name, alias });
  await refresh("model", [name]);
}

export async function updateModel(name: string, patch: DescribedPatch): Promise<RegisteredModel> {
  const updated = await rivulet.models.update(name, patch);
  await refresh("model", [name]);
  return updated;
}

export async function deleteModel(name: string): Promise<void> {
  await rivulet.models.delete(name);
  await refreshLists("model");
}

/** Which version of which model. */
export interface ModelVersionKey {
  readonly name: string;
  readonly version: number;
}

export async function updateModelVersion(
  update: ModelVersionKey & DescribedPatch,
): Promise<ModelVersion> {
  const updated = await rivulet.models.updateVersion(update);
  await refresh("model", [update.name]);
  return updated;
}

export async function deleteModelVersion(key: ModelVersionKey): Promise<void> {
  await rivulet.models.deleteVersion(key);
  await refreshLists("model");
}
