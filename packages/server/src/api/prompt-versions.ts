import {
  type JsonObject,
  jsonObjectSchema,
  type Prompt,
  type PromptVersion,
  pageSchema,
  promptTemplateSchema,
  promptVersionSchema,
  type RegisterPromptOptions,
  stringMapSchema,
} from "@rivulet/core";
import * as z from "zod";
import { type Operation, operation } from "./operation.ts";
import { namePath, versionPath } from "./path-schemas.ts";
import { pageQuerySchema } from "./query-schemas.ts";

const newVersionSchema: z.ZodType<Omit<RegisterPromptOptions, "name">> = z.object({
  template: promptTemplateSchema,
  config: jsonObjectSchema.exactOptional(),
  commitMessage: z.string().exactOptional(),
  description: z.string().exactOptional(),
  tags: stringMapSchema.exactOptional(),
  aliases: z.array(z.string()).exactOptional(),
});

const valuesSchema: z.ZodType<{ readonly values?: JsonObject }> = z.object({
  values: jsonObjectSchema.exactOptional(),
});

interface Rendered {
  /** Those given for a placeholder are as they were given. */
  readonly messages: readonly JsonObject[];
  /** Of a text prompt. */
  readonly text?: string;
}

const renderedSchema: z.ZodType<Rendered> = z.object({
  messages: z.array(jsonObjectSchema),
  text: z.string().exactOptional(),
});

/** Operations on versions of prompts. */
export const promptVersionOperations: readonly Operation[] = [
  operation({
    id: "promptVersions.list",
    method: "GET",
    path: "/prompts/:name/versions",
    access: "read",
    summary: "The versions of a prompt, newest first.",
    params: namePath,
    query: pageQuerySchema,
    output: pageSchema(promptVersionSchema),
    handler: async ({ rivulet }, { params, query }) => {
      const page = await rivulet.prompts.listVersions({ ...query, ...params });
      if (page.items.length === 0) await rivulet.prompts.getEntry(params.name);
      return page;
    },
  }),
  operation({
    id: "promptVersions.register",
    method: "POST",
    path: "/prompts/:name/versions",
    access: "write",
    summary: "Adds a version; the same content as the latest gives the latest.",
    params: namePath,
    body: newVersionSchema,
    output: promptVersionSchema,
    handler: async ({ rivulet }, { params, body }) =>
      toVersion(await rivulet.prompts.register({ ...body, ...params })),
  }),
  operation({
    id: "promptVersions.get",
    method: "GET",
    path: "/prompts/:name/versions/:version",
    access: "read",
    summary: "Gives a version.",
    params: versionPath,
    output: promptVersionSchema,
    handler: async ({ rivulet }, { params: { name, version } }) =>
      toVersion(await rivulet.prompts.get(`${name}@${version}`)),
  }),
  operation({
    id: "promptVersions.render",
    method: "POST",
    path: "/prompts/:name/versions/:version/render",
    access: "read",
    summary: "Fills a version's variables in.",
    params: versionPath,
    body: valuesSchema,
    output: renderedSchema,
    handler: async ({ rivulet }, { params: { name, version }, body: { values = {} } }) => {
      const prompt = await rivulet.prompts.get(`${name}@${version}`);
      const messages = prompt.formatMessages(values);
      return prompt.type === "chat" ? { messages } : { messages, text: prompt.format(values) };
    },
  }),
];

function toVersion({ ref: _, ...version }: Prompt): PromptVersion {
  return version;
}
