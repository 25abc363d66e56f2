import type { SentPrompt } from "@rivulet/client";
import type {
  JsonObject,
  PromptArm,
  PromptEntry,
  PromptTemplate,
  PromptVersion,
  TraceAggregate,
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

export function askPrompts(query: ListQuery): PagedQuestion<PromptEntry> {
  return askPages({ subject: "prompt" }, "prompts.search", searchedEverywhere(query));
}

export function askPrompt(name: string): Question<PromptEntry> {
  return ask({ subject: "prompt", id: name }, "prompts.getEntry", name);
}

/** Versions, newest first. */
export function askPromptVersions(name: string): PagedQuestion<PromptVersion> {
  return askPages({ subject: "prompt", id: name }, "prompts.listVersions", { name });
}

export function askPromptVersion(name: string, version: number): Question<SentPrompt> {
  return ask({ subject: "prompt", id: name }, "prompts.get", `${name}@${version}`);
}

/** What became of the calls with each version of a prompt, and of other prompts in the same traces. */
export function askPromptUsage(name: string): Question<readonly TraceAggregate[]> {
  return ask({ subject: "trace" }, "traces.aggregate", {
    filter: `prompt = ${quote(name)}`,
    groupBy: ["prompt"],
    withFeedback: true,
  });
}

/** What a new version is made of. */
export interface NewVersion {
  readonly name: string;
  readonly template: PromptTemplate;
  readonly config: JsonObject;
  readonly commitMessage: string;
}

/** Gives the latest version when nothing has changed. */
export async function registerPrompt(version: NewVersion): Promise<PromptVersion> {
  const made = await rivulet.prompts.register(version);
  await refresh("prompt", [version.name]);
  return made;
}

export async function updatePrompt(name: string, patch: DescribedPatch): Promise<PromptEntry> {
  const updated = await rivulet.prompts.update(name, patch);
  await refresh("prompt", [name]);
  return updated;
}

export async function deletePrompt(name: string): Promise<void> {
  await rivulet.prompts.delete(name);
  await refreshLists("prompt");
}

/** Where an alias shall point, and where it pointed when the page was drawn. */
export interface AliasWrite {
  readonly name: string;
  readonly alias: string;
  readonly arms: readonly PromptArm[];
  /** `null`: the alias must be new. */
  readonly expected: readonly PromptArm[] | null;
}

export async function setPromptAlias(alias: AliasWrite): Promise<void> {
  await rivulet.prompts.setSplit(alias);
  await refresh("prompt", [alias.name]);
}

export async function deletePromptAlias(name: string, alias: string): Promise<void> {
  await rivulet.prompts.deleteAlias({ name, alias });
  await refresh("prompt", [name]);
}
