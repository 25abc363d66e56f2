import type { JsonValue } from "@rivulet/domain";
import { contentDigest, type NewPromptVersion } from "@rivulet/store";
import { parseInput } from "../validation.ts";
import { registerPromptSchema } from "./prompt-input.ts";
import type { RegisterPromptOptions } from "./prompts.ts";
import { templateVariables } from "./template.ts";

/**
 * A version of a prompt as the store takes it: checked, with its variables and its hash.
 *
 * @throws RivuletError `invalid_argument`
 */
export function newPromptVersion(
  options: RegisterPromptOptions,
  createdAt: number,
): NewPromptVersion {
  const input = parseInput(registerPromptSchema, options, "prompt");
  const { name, template, config = {}, aliases, description } = input;
  return {
    name,
    type: typeof template === "string" ? "text" : "chat",
    template,
    variables: templateVariables(template),
    config,
    commitMessage: input.commitMessage ?? "",
    tags: input.tags ?? {},
    createdAt,
    contentHash: contentDigest({ template: template as JsonValue, config }),
    ...(description === undefined ? {} : { description }),
    ...(aliases === undefined ? {} : { setAliases: aliases }),
  };
}
