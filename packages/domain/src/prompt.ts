import * as z from "zod";
import { type Described, describedColumns, describedShape } from "./described.ts";
import { type ColumnsOf, type Entity, TAGS } from "./entity.ts";
import {
  type JsonObject,
  type JsonValue,
  jsonObjectSchema,
  type StringMap,
  stringMapSchema,
  toJson,
} from "./json.ts";

/** Who speaks a message of a chat prompt. A `placeholder` is replaced by messages at rendering. */
export type ChatRole = "system" | "developer" | "user" | "assistant" | "tool" | "placeholder";

/** A part of a message, in the shape its model takes: text, an image, a document … */
export interface ChatPart {
  readonly type: string;
  readonly [field: string]: JsonValue;
}

/** One message of a chat prompt, with `{{variables}}` in the texts of its content. */
export interface ChatMessage {
  readonly role: ChatRole;
  /** Text, parts, or `null` beside tool calls. */
  readonly content: string | readonly ChatPart[] | null;
  /** What else its model takes, such as `name`, `tool_calls` and `tool_call_id`; kept as it is given. */
  readonly [field: string]: JsonValue;
}

/** A text prompt is a string, a chat prompt a list of messages. */
export type PromptTemplate = string | readonly ChatMessage[];

/** A name under which versions of a prompt are kept. */
export interface PromptEntry extends Described {
  readonly latestVersion: number;
  /** Alias → what it points to. */
  readonly aliases: Readonly<Record<string, readonly PromptArm[]>>;
}

/**
 * Where an alias points. A plain alias has one arm; a split has several, chosen by weight and sticky by key.
 */
export interface PromptArm {
  readonly version: number;
  /** Share relative to the other arms; above 0. */
  readonly weight: number;
}

/** One immutable version of a prompt. */
export interface PromptVersion {
  readonly name: string;
  /** 1, 2, 3 … */
  readonly version: number;
  readonly type: "text" | "chat";
  readonly template: PromptTemplate;
  /** Names of the `{{variables}}`, in order of appearance. */
  readonly variables: readonly string[];
  /** Model settings, response schema and the like, in the user's own shape. */
  readonly config: JsonObject;
  readonly commitMessage: string;
  readonly tags: StringMap;
  /** Aliases with an arm on this version. */
  readonly aliases: readonly string[];
  readonly createdAt: number;
  /** Hex SHA-256 of template and config. */
  readonly contentHash: string;
}

/** Which version of which prompt a span used. */
export interface PromptRef {
  readonly name: string;
  readonly version: number;
  /** The alias through which it was fetched. */
  readonly alias?: string;
}

/** Schema of {@link ChatMessage}. Fields it does not know are kept. */
export const chatMessageSchema: z.ZodType<ChatMessage> = z
  .looseObject({
    role: z.enum(["system", "developer", "user", "assistant", "tool", "placeholder"]),
    content: z.union(
      [z.string(), z.array(z.looseObject({ type: z.string() })), z.null()],
      "must be text, a list of parts that each have a type, or null",
    ),
  })
  .transform(toJson<ChatMessage>);

/** Schema of {@link PromptTemplate}. */
export const promptTemplateSchema: z.ZodType<PromptTemplate> = z.union([
  z.string(),
  z.array(chatMessageSchema),
]);

/** Schema of {@link PromptArm}. */
export const promptArmSchema: z.ZodType<PromptArm> = z.object({
  version: z.number().int().positive(),
  weight: z.number().positive(),
});

/** Schema of {@link PromptRef}. */
export const promptRefSchema: z.ZodType<PromptRef> = z.object({
  name: z.string(),
  version: z.number().int(),
  alias: z.string().exactOptional(),
});

/** Schema of {@link PromptEntry}. */
export const promptEntrySchema: z.ZodType<PromptEntry> = z.object({
  ...describedShape,
  latestVersion: z.number().int(),
  aliases: z.record(z.string(), z.array(promptArmSchema)),
});

/** Schema of {@link PromptVersion}. */
export const promptVersionSchema: z.ZodType<PromptVersion> = z.object({
  name: z.string(),
  version: z.number().int(),
  type: z.enum(["text", "chat"]),
  template: promptTemplateSchema,
  variables: z.array(z.string()),
  config: jsonObjectSchema,
  commitMessage: z.string(),
  tags: stringMapSchema,
  aliases: z.array(z.string()),
  createdAt: z.number(),
  contentHash: z.string(),
});

const entryColumns: ColumnsOf<PromptEntry, "tags" | "aliases"> = {
  ...describedColumns,
  latestVersion: "integer",
};

/** How prompts are stored and searched. */
export const promptEntity: Entity<"prompt"> = {
  name: "prompt",
  event: "prompt",
  table: "prompts",
  columns: entryColumns,
  key: ["name"],
  searched: ["name", "createdAt", "updatedAt"],
  order: ["name"],
  aliases: {
    creation_timestamp: "createdAt",
    last_updated_timestamp: "updatedAt",
    timestamp: "updatedAt",
  },
  lookups: { tag: TAGS },
  tagged: "name",
};

const versionColumns: ColumnsOf<PromptVersion, "tags" | "aliases"> = {
  name: "text",
  version: "integer",
  type: "text",
  template: "json",
  variables: "json",
  config: "json",
  commitMessage: "text",
  createdAt: "time",
  contentHash: "text",
};

/** How prompt versions are stored and searched. Their `id` is what their tags are filed by. */
export const promptVersionEntity: Entity<"promptVersion", "prompt"> = {
  name: "promptVersion",
  event: "prompt",
  table: "prompt_versions",
  columns: versionColumns,
  extra: { id: "text" },
  key: ["name", "version"],
  searched: ["name", "version", "createdAt"],
  order: ["-createdAt", "name", "-version"],
  aliases: { version_number: "version", creation_timestamp: "createdAt" },
  lookups: { tag: TAGS },
  tagged: "id",
};
