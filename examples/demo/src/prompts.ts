import type { ChatMessage, Prompt, Rivulet } from "@rivulet/core";

/** The chat prompt of the agents. */
export const PROMPT_NAME = "iris-assistant";

const QUESTION: ChatMessage = { role: "user", content: "{{question}}" };

const FIRST: readonly ChatMessage[] = [
  {
    role: "system",
    content: "You answer questions about iris flowers. Use your tools; do not guess.",
  },
  QUESTION,
];

const SECOND: readonly ChatMessage[] = [
  {
    role: "system",
    content: [
      "You answer questions about iris flowers. Use your tools; do not guess.",
      "People measure in mm, cm or inches (in): convert all measures to centimetres before you call a tool.",
      "End with a sentence that names the source of the answer as the tool gives it: the model with its version, or the data set.",
    ].join("\n"),
  },
  QUESTION,
];

/** The two versions that are compared. */
export interface PromptVersions {
  readonly first: Prompt;
  readonly second: Prompt;
}

/** Both versions in the registry, with `production` on the first. Versions from an earlier demo are used again. */
export async function registerPrompts(rivulet: Rivulet): Promise<PromptVersions> {
  const first = await ensureVersion(rivulet, FIRST, "Answer with tools");
  const second = await ensureVersion(rivulet, SECOND, "Convert units, name the source");
  const { version } = first;
  await rivulet.prompts.setAlias({ name: PROMPT_NAME, alias: "production", version });
  return { first, second };
}

async function ensureVersion(
  rivulet: Rivulet,
  template: readonly ChatMessage[],
  commitMessage: string,
): Promise<Prompt> {
  const known = await findVersion(rivulet, template);
  if (known !== undefined) return rivulet.prompts.get(`${PROMPT_NAME}@${known}`);
  return rivulet.prompts.register({
    name: PROMPT_NAME,
    template,
    commitMessage,
    description: "Answers questions about iris flowers with tools.",
  });
}

async function findVersion(
  rivulet: Rivulet,
  template: readonly ChatMessage[],
): Promise<number | undefined> {
  const { items } = await rivulet.prompts.search({ filter: `name = '${PROMPT_NAME}'` });
  if (items.length === 0) return undefined;
  const versions = await rivulet.prompts.listVersions({ name: PROMPT_NAME });
  const wanted = JSON.stringify(template);
  return versions.items.find((version) => JSON.stringify(version.template) === wanted)?.version;
}
