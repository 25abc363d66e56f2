import type { ModelVersion, RegisteredModel } from "@rivulet/core";
import { apiUrl, at, sendJson } from "../api/http.ts";
import { ask, askPages, type PagedQuestion, type Question, refresh } from "../api/query-client.ts";
import { quote } from "../search/filter-text.ts";

export function askModels(query: { readonly filter?: string }): PagedQuestion<RegisteredModel> {
  return askPages({ subject: "model" }, "/models", query);
}

export function askModel(name: string): Question<RegisteredModel> {
  return ask({ subject: "model", id: name }, at`/models/${name}`);
}

/** Versions, newest first. */
export function askModelVersions(name: string): PagedQuestion<ModelVersion> {
  return askPages({ subject: "model", id: name }, "/model-versions", {
    filter: `name = ${quote(name)}`,
    orderBy: "version DESC",
  });
}

export function askModelVersion(name: string, version: string): Question<ModelVersion> {
  return ask({ subject: "model", id: name }, at`/model-versions/${`${name}@${version}`}`);
}

export async function setModelAlias(alias: {
  readonly name: string;
  readonly alias: string;
  readonly version: number;
}): Promise<void> {
  const { name, version } = alias;
  await sendJson("PUT", apiUrl(at`/models/${name}/aliases/${alias.alias}`), { version });
  await refresh("model", [name]);
}

export async function deleteModelAlias(name: string, alias: string): Promise<void> {
  await sendJson("DELETE", apiUrl(at`/models/${name}/aliases/${alias}`));
  await refresh("model", [name]);
}
