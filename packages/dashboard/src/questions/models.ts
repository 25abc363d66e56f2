import type {
  CopyVersionOptions,
  GateCheck,
  ModelChange,
  ModelGate,
  ModelLineage,
  ModelVersion,
  RegisteredModel,
  SetModelStage,
} from "@rivulet/core";
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

/** Where a version comes from, and what used it. */
export function askLineage({ name, version }: ModelVersionKey): Question<ModelLineage> {
  return ask({ subject: "model", id: name }, "models.lineage", `${name}@${version}`);
}

/** An alias or a stage, which gates may guard. */
export type GatedPlace = { readonly alias: string } | { readonly stage: string };

/** Whether a version has what the gates of a place require. */
export function askGateChecks(
  { name, version }: ModelVersionKey,
  place: GatedPlace,
): Question<readonly GateCheck[]> {
  const reference = `${name}@${version}`;
  return ask({ subject: "model", id: name }, "models.checkGates", reference, place);
}

/** What happened to a model, newest first. */
export function askModelHistory(name: string): PagedQuestion<ModelChange> {
  return askPages({ subject: "model", id: name }, "models.history", { name });
}

/** Why somebody changes something, for the history, and whether gates are overridden. */
export interface ModelAct {
  readonly why?: string;
  readonly force?: true;
}

/** Where an alias shall point, and where it pointed when the page was drawn. */
export interface ModelAliasWrite extends ModelVersionKey, ModelAct {
  readonly alias: string;
  /** `null`: the alias must be new. */
  readonly expected: number | null;
}

export async function setModelAlias(alias: ModelAliasWrite): Promise<void> {
  await rivulet.models.setAlias(alias);
  await refresh("model", [alias.name]);
}

/** An alias, and the version that it pointed at when the page was drawn. */
export interface ModelAliasRemoval {
  readonly name: string;
  readonly alias: string;
  readonly expected: number;
  readonly why?: string;
}

export async function deleteModelAlias(alias: ModelAliasRemoval): Promise<void> {
  await rivulet.models.deleteAlias(alias);
  await refresh("model", [alias.name]);
}

/** Points an alias where it pointed before. */
export async function rollBackAlias(alias: {
  readonly name: string;
  readonly alias: string;
  readonly why?: string;
}): Promise<ModelVersion> {
  const version = await rivulet.models.rollBack(alias);
  await refresh("model", [alias.name]);
  return version;
}

export async function setModelStage(stage: SetModelStage): Promise<void> {
  await rivulet.models.setStage(stage);
  await refresh("model", [stage.name]);
}

export async function setModelGates(
  name: string,
  gates: readonly ModelGate[],
  act: { readonly why?: string },
): Promise<void> {
  await rivulet.models.setGates(name, gates, act);
  await refresh("model", [name]);
}

export async function renameModel(
  name: string,
  given: { readonly newName: string; readonly why?: string },
): Promise<void> {
  await rivulet.models.rename(name, given);
  await refreshLists("model");
}

export async function copyModelVersion(copy: CopyVersionOptions): Promise<ModelVersion> {
  const made = await rivulet.models.copyVersion(copy);
  await refresh("model");
  return made;
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
