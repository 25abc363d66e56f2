import type { PromptArm, PromptEntry, PromptVersion } from "@rivulet/core";
import { apiUrl, at, sendJson } from "../api/http.ts";
import { ask, askPages, type PagedQuestion, type Question, refresh } from "../api/query-client.ts";

export function askPrompts(query: { readonly filter?: string }): PagedQuestion<PromptEntry> {
  return askPages({ subject: "prompt" }, "/prompts", query);
}

export function askPrompt(name: string): Question<PromptEntry> {
  return ask({ subject: "prompt", id: name }, at`/prompts/${name}`);
}

/** Versions, newest first. */
export function askPromptVersions(name: string): PagedQuestion<PromptVersion> {
  return askPages({ subject: "prompt", id: name }, at`/prompts/${name}/versions`);
}

/** Where an alias shall point, and where it pointed when the page was drawn. */
export interface AliasWrite {
  readonly name: string;
  readonly alias: string;
  readonly arms: readonly PromptArm[];
  /** `null`: the alias must be new. */
  readonly expected: readonly PromptArm[] | null;
}

export async function setPromptAlias({ name, alias, ...body }: AliasWrite): Promise<void> {
  await sendJson("PUT", apiUrl(at`/prompts/${name}/splits/${alias}`), body);
  await refresh("prompt", [name]);
}

export async function deletePromptAlias(name: string, alias: string): Promise<void> {
  await sendJson("DELETE", apiUrl(at`/prompts/${name}/aliases/${alias}`));
  await refresh("prompt", [name]);
}
