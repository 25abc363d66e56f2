import { readMedia } from "../media.ts";
import { inside } from "../part-in-field.ts";
import type { PartReaders } from "../part-reader.ts";
import { readReasoning } from "../text-parts.ts";
import { readToolCall, readToolResult } from "../tool-parts.ts";

/** Parts as Genkit has them: the name of a field is their type. */
export const GENKIT_FIELDS: PartReaders = {
  media: inside("media", (from) => readMedia(from)),
  toolRequest: inside("toolRequest", readToolCall),
  toolResponse: inside("toolResponse", readToolResult),
  reasoning: readReasoning,
};
