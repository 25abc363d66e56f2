import { pageSchema, promptEntrySchema, promptVersionSchema } from "@rivulet/core";
import { PROMPT_NAME, type PromptVersions, registerPrompts } from "../prompts.ts";
import type { Stage } from "../stage.ts";

/** Registers both versions of the chat prompt. */
export async function promptStep({ rivulet, api, checks, tell }: Stage): Promise<PromptVersions> {
  const versions = await registerPrompts(rivulet);
  const { first, second } = versions;
  tell(`${PROMPT_NAME} has versions ${first.version} and ${second.version}`);
  tell(`alias production points to version ${first.version}`);
  const entry = await api.read(`/prompts/${PROMPT_NAME}`, promptEntrySchema);
  const arms = entry.aliases["production"] ?? [];
  const isFirst = arms.length === 1 && arms[0]?.version === first.version;
  checks.expect("production is the first prompt version", isFirst, arms);
  const page = await api.read(`/prompts/${PROMPT_NAME}/versions`, pageSchema(promptVersionSchema));
  const stored = page.items.map(({ version }) => version);
  const hasBoth = [first, second].every(({ version }) => stored.includes(version));
  checks.expect("both prompt versions are registered", hasBoth, stored);
  return versions;
}
