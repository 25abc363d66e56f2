import type { PromptArm, PromptEntry, PromptVersion } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { ask, askPages, type PagedQuestion, type Question, refresh } from "../api/query-client.ts";

export function askPrompts(query: { readonly filter?: string }): PagedQuestion<PromptEntry> {
  return askPages({ subject: "prompt" }, "prompts.search", query);
}

export function askPrompt(name: string): Question<PromptEntry> {
  return ask({ subject: "prompt", id: name }, "prompts.getEntry", name);
}

/** Versions, newest first. */
export function askPromptVersions(name: string): PagedQuestion<PromptVersion> {
  return askPages({ subject: "prompt", id: name }, "prompts.listVersions", { name });
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
