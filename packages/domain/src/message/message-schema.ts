import * as z from "zod";
import { jsonObjectSchema, jsonValueSchema } from "../json.ts";
import type { Message, MessageContent, MessagePart } from "./message.ts";

const contentSchema: z.ZodType<MessageContent> = z.lazy(() =>
  z.union([z.string(), z.array(messagePartSchema)], "must be text, or a list of parts"),
);

const common = { extra: jsonObjectSchema.exactOptional() };
const text = z.string().exactOptional();

const partSchemas = () =>
  [
    z.strictObject({
      ...common,
      type: z.literal("text"),
      text: z.string(),
      annotations: z.array(jsonValueSchema).exactOptional(),
    }),
    z.strictObject({ ...common, type: z.literal("reasoning"), text: z.string() }),
    z.strictObject({
      ...common,
      type: z.literal("media"),
      kind: z.enum(["image", "audio", "video", "document"]),
      mediaType: text,
      name: text,
      url: text,
      data: text,
      hash: text,
      fileId: text,
      size: z.number().nonnegative().exactOptional(),
      leftOut: z.enum(["too_large", "option", "unreadable"]).exactOptional(),
      text,
    }),
    z.strictObject({
      ...common,
      type: z.literal("tool_call"),
      id: text,
      name: z.string(),
      arguments: jsonValueSchema.exactOptional(),
      invalidArguments: text,
    }),
    z.strictObject({
      ...common,
      type: z.literal("tool_result"),
      id: text,
      name: text,
      content: contentSchema,
      isError: z.literal(true).exactOptional(),
      artifact: jsonValueSchema.exactOptional(),
    }),
    z.strictObject({ ...common, type: z.literal("refusal"), text: z.string() }),
    z.strictObject({ type: z.literal("data"), value: jsonValueSchema }),
  ] as const;

/** Schema of {@link MessagePart}. What a part has no field for belongs in its `extra`. */
export const messagePartSchema: z.ZodType<MessagePart> = z.lazy(() =>
  z.discriminatedUnion("type", partSchemas()),
);

/** Schema of {@link Message}: the one form in which messages are stored. What it has no field for belongs in `extra`. */
export const messageSchema: z.ZodType<Message> = z.lazy(() =>
  z.strictObject({
    role: z.string(),
    name: text,
    content: contentSchema,
    extra: jsonObjectSchema.exactOptional(),
  }),
);
