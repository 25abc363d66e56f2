import { readMedia } from "../media.ts";
import { inside } from "../part-in-field.ts";
import type { PartReaders } from "../part-reader.ts";
import { readReasoning } from "../text-parts.ts";
import { readToolCall, readToolResult } from "../tool-parts.ts";

/** Parts as Bedrock's Converse has them: the name of a field is their type. */
export const BEDROCK_FIELDS: PartReaders = {
  toolUse: inside("toolUse", readToolCall),
  toolResult: inside("toolResult", readToolResult),
  image: inside("image", (from) => readMedia(from, "image")),
  video: inside("video", (from) => readMedia(from, "video")),
  document: inside("document", (from) => readMedia(from, "document")),
  reasoningContent: inside("reasoningContent", (from) =>
    readReasoning(from.object("reasoningText") ?? from),
  ),
};

/** The same, where the name of the field was made the type. */
export const BEDROCK_PARTS: PartReaders = {
  toolUse: readToolCall,
  toolResult: readToolResult,
};
