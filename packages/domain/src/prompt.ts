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
import type { Message } from "./message/message.ts";
import { objectSchema } from "./object-schema.ts";
import { recordSchema } from "./record-schema.ts";

/** Role of a message in a chat prompt. A `placeholder` is replaced by a list of messages when rendered. */
export type ChatRole = "system" | "developer" | "user" | "assistant" | "tool" | "placeholder";

/** A part of a message, such as text, an image or a document, in the shape that the model's API expects. */
export interface ChatPart {
  /** Kind of the part, such as `text` or `image_url`. */
  readonly type: string;
  readonly [field: string]: JsonValue;
}

/**
 * One message of a chat prompt, with `{{variables}}` in the text of its content.
 *
 * A template is rendered for a model, so it is kept word for word in the form that the model's API expects. That may be
 * the form of a {@link Message}, or any other that `readMessage()` reads.
 */
export interface ChatMessage {
  /** Who speaks. */
  readonly role: ChatRole;
  /** Text, parts, or `null` beside tool calls. */
  readonly content: string | readonly ChatPart[] | null;
  /** Further fields of the model's API, such as `name`, `tool_calls` and `tool_call_id`; kept as given. */
  readonly [field: string]: JsonValue;
}

/** A string for a text prompt, a list of messages for a chat prompt. */
export type PromptTemplate = string | readonly ChatMessage[];

/** A named prompt with numbered versions. */
export interface PromptEntry extends Described {
  /** The highest version ever registered. */
  readonly latestVersion: number;
  /** Alias → the versions it selects: one arm, or several for a split. */
  readonly aliases: Readonly<Record<string, readonly PromptArm[]>>;
}

/** One choice of an alias. A plain alias has one arm; a split has several, chosen by weight and sticky by key. */
export interface PromptArm {
  /** The prompt version that this arm selects. */
  readonly version: number;
  /** Share relative to the other arms; greater than 0. */
  readonly weight: number;
}

/** One immutable version of a prompt. */
export interface PromptVersion {
  /** Name of the prompt. */
  readonly name: string;
  /** Counts up from 1 and is never reused. */
  readonly version: number;
  /** `text` when the template is a string, `chat` when it is a list of messages. */
  readonly type: "text" | "chat";
  /** Up to 100,000 characters as JSON. */
  readonly template: PromptTemplate;
  /** Names of the `{{variables}}`, in order of appearance. */
  readonly variables: readonly string[];
  /** Model settings, response schema and the like, in a shape of the user's choice. */
  readonly config: JsonObject;
  /** What changed in this version; empty when nothing was said. */
  readonly commitMessage: string;
  /** Free-form labels, up to 8,000 characters each. */
  readonly tags: StringMap;
  /** Aliases with an arm on this version. */
  readonly aliases: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Hex SHA-256 of the template and config. */
  readonly contentHash: string;
}

/** Which version of which prompt a span used. */
export interface PromptRef {
  /** Name of the prompt. */
  readonly name: string;
  /** Its version. */
  readonly version: number;
  /** The alias through which it was fetched. */
  readonly alias?: string;
}

/** Schema of {@link ChatMessage}. Unknown fields are kept. */
export const chatMessageSchema: z.ZodType<ChatMessage> = z
  .looseObject({
    role: z
      .enum(["system", "developer", "user", "assistant", "tool", "placeholder"])
      .describe("Who speaks; a placeholder stands for messages"),
    content: z
      .union(
        [
          z.string(),
          z.array(z.looseObject({ type: z.string().describe("Kind of part") })),
          z.null(),
        ],
        "must be text, a list of parts that each have a type, or null",
      )
      .describe("Text or parts; of a placeholder, the variable's name"),
  })
  .transform(toJson<ChatMessage>);

/** Schema of {@link PromptTemplate}. */
export const promptTemplateSchema: z.ZodType<PromptTemplate> = z.union([
  z.string(),
  z.array(chatMessageSchema),
]);

/** Schema of {@link PromptArm}. */
export const promptArmSchema: z.ZodType<PromptArm> = objectSchema(() => ({
  version: z.number().int().positive(),
  weight: z.number().positive(),
}));

/** Schema of {@link PromptRef}. */
export const promptRefSchema: z.ZodType<PromptRef> = objectSchema(() => ({
  name: z.string(),
  version: z.number().int(),
  alias: z.string().exactOptional(),
}));

/** Schema of {@link PromptEntry}. */
export const promptEntrySchema: z.ZodType<PromptEntry> = objectSchema(() => ({
  ...describedShape,
  latestVersion: z.number().int(),
  aliases: recordSchema(z.string(), z.array(promptArmSchema)),
}));

/** Schema of {@link PromptVersion}. */
export const promptVersionSchema: z.ZodType<PromptVersion> = objectSchema(() => ({
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
}));

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

/** How prompt versions are stored and searched. Their tags refer to the extra column `id`. */
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
