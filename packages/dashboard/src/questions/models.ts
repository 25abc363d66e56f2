import type { ModelVersion, RegisteredModel } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { ask, askPages, type PagedQuestion, type Question, refresh } from "../api/query-client.ts";
import { quote } from "../search/filter-text.ts";

export function askModels(query: { readonly filter?: string }): PagedQuestion<RegisteredModel> {
  return askPages({ subject: "model" }, "models.search", query);
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

export async function setModelAlias(alias: {
  readonly name: string;
  readonly alias: string;
  readonly version: number;
}): Promise<void> {
  await rivulet.models.setAlias(alias);
  await refresh("model", [alias.name]);
}

export async function deleteModelAlias(name: string, alias: string): Promise<void> {
  await rivulet.models.deleteAlias({ name, alias });
  await refresh("model", [name]);
}
