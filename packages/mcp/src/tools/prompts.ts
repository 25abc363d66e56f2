import {
  type ChatMessage,
  chatMessageSchema,
  type JsonObject,
  optionsSchema,
  type PromptEntry,
  promptTemplateSchema,
} from "@rivulet/core";
import * as z from "zod";
import { fieldOf } from "../operation-field.ts";
import { searchByName } from "../search-tool.ts";
import type { Columns } from "../table.ts";
import { anyRecord, defineTool, type McpTool } from "../tool.ts";
import { uris } from "../uris.ts";

const columns: Columns<PromptEntry> = {
  shown: ["name", "latestVersion", "aliases", "updatedAt"],
  read: {
    name: (prompt) => prompt.name,
    latestVersion: (prompt) => prompt.latestVersion,
    aliases: (prompt) => JSON.stringify(prompt.aliases),
    updatedAt: (prompt) => new Date(prompt.updatedAt).toISOString(),
    description: (prompt) => prompt.description,
    tags: (prompt) => prompt.tags,
    uri: (prompt) => uris.prompt(prompt.name),
  },
};

const searchPrompts = searchByName({
  name: "search_prompts",
  title: "Search prompts",
  operations: ["prompts.search"],
  description: "Registered prompts by name, with their aliases. Read one with get_prompt.",
  columns,
  search: (rivulet, query) => rivulet.prompts.search(query),
});

const getPrompt = defineTool({
  name: "get_prompt",
  title: "Get a prompt",
  operations: ["prompts.get", "prompts.render"],
  description:
    "One version of a prompt: template, variables, config. With values, also the filled-in messages.",
  input: optionsSchema({
    name: fieldOf<string>("prompts.getEntry", "name"),
    version: fieldOf<number>("prompts.setAlias", "version").exactOptional(),
    alias: z.string().describe("Instead of version; default is the latest version").exactOptional(),
    values: fieldOf<Record<string, unknown>>("prompts.render", "values")
      .describe("Values of the variables")
      .exactOptional(),
  }),
  output: z.object({
    name: z.string(),
    version: z.number(),
    type: z.enum(["text", "chat"]),
    template: promptTemplateSchema,
    variables: z.array(z.string()),
    config: anyRecord<JsonObject>(),
    aliases: z.array(z.string()),
    commitMessage: z.string(),
    messages: z.array(chatMessageSchema).optional(),
    uri: z.string(),
  }),
  async run(rivulet, { name, version, alias, values }) {
    const prompt = await rivulet.prompts.get(`${name}@${version ?? alias ?? "latest"}`);
    return {
      name: prompt.name,
      version: prompt.version,
      type: prompt.type,
      template: prompt.template,
      variables: [...prompt.variables],
      config: prompt.config,
      aliases: [...prompt.aliases],
      commitMessage: prompt.commitMessage,
      uri: uris.prompt(prompt.name),
      ...(values === undefined ? {} : { messages: [...prompt.formatMessages(values)] }),
    };
  },
});

const registerPrompt = defineTool({
  name: "register_prompt",
  title: "Register a prompt version",
  operations: ["prompts.register"],
  description:
    "Adds an immutable version of a prompt. The content of the latest version gives that version back.",
  access: "write",
  idempotent: true,
  input: optionsSchema({
    name: fieldOf<string>("prompts.register", "name"),
    text: z.string().describe("Template of a text prompt, with {{variables}}").exactOptional(),
    messages: z.array(chatMessageSchema).describe("Template of a chat prompt").exactOptional(),
    commitMessage: fieldOf<string>("prompts.register", "commitMessage").exactOptional(),
  }),
  output: z.object({ name: z.string(), version: z.number(), uri: z.string() }),
  async run(rivulet, { name, text, messages, commitMessage }) {
    const template: string | readonly ChatMessage[] = messages ?? text ?? "";
    const prompt = await rivulet.prompts.register({
      name,
      template,
      ...(commitMessage === undefined ? {} : { commitMessage }),
    });
    return { name: prompt.name, version: prompt.version, uri: uris.prompt(name) };
  },
});

const setPromptAlias = defineTool({
  name: "set_prompt_alias",
  title: "Point a prompt alias at a version",
  operations: ["prompts.setAlias"],
  description: "Changes what everyone who fetches this alias gets, at once.",
  access: "write",
  destructive: true,
  idempotent: true,
  input: optionsSchema({
    name: fieldOf<string>("prompts.setAlias", "name"),
    alias: fieldOf<string>("prompts.setAlias", "alias"),
    version: fieldOf<number>("prompts.setAlias", "version"),
  }),
  output: z.object({ name: z.string(), alias: z.string(), version: z.number() }),
  async run(rivulet, input) {
    await rivulet.prompts.setAlias(input);
    return input;
  },
});

/** Tools over the prompt registry. */
export const promptTools: readonly McpTool[] = [
  searchPrompts,
  getPrompt,
  registerPrompt,
  setPromptAlias,
];
