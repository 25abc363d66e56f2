import type { PromptEntry } from "@rivulet/core";
import { operationTool } from "../operation-tool.ts";
import { pageTool } from "../table.ts";
import type { McpTool } from "../tool.ts";
import { uris } from "../uris.ts";
import { withUri } from "../view.ts";

/** Tools over the prompt registry. */
export const promptTools: readonly McpTool[] = [
  pageTool<PromptEntry>({
    name: "search_prompts",
    title: "Search prompts",
    operation: "prompts.search",
    description: "Registered prompts with their aliases. Read one with get_prompt.",
    shown: ["name", "latestVersion", "aliases", "updatedAt"],
  }),
  operationTool({
    name: "get_prompt",
    title: "Get a prompt",
    operation: "prompts.get",
    description: "One version of a prompt: template, variables, config.",
    view: withUri(uris.prompt, "name"),
  }),
  operationTool({
    name: "render_prompt",
    title: "Fill a prompt in",
    operation: "prompts.render",
    description: "The messages of one version of a prompt, its variables filled in.",
  }),
  operationTool({
    name: "register_prompt",
    title: "Register a prompt version",
    operation: "prompts.register",
    description:
      "Adds an immutable version of a prompt. The content of the latest version gives that version back.",
    idempotent: true,
    view: withUri(uris.prompt, "name"),
  }),
  operationTool({
    name: "set_prompt_alias",
    title: "Point a prompt alias at a version",
    operation: "prompts.setAlias",
    description: "Changes what everyone who fetches this alias gets, at once.",
    destructive: true,
    idempotent: true,
  }),
];
