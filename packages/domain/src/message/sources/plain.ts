import type { JsonValue } from "../../json.ts";
import { readMedia } from "../media.ts";
import type { PartReaders } from "../part-reader.ts";
import { readReasoning, readRefusal, readText } from "../text-parts.ts";
import { readTextCall, readToolResult } from "../tool-parts.ts";

/** The parts of a {@link Message}, and those that most sources write alike. */
export const PLAIN_PARTS: PartReaders = {
  text: readText,
  reasoning: readReasoning,
  refusal: readRefusal,
  media: (from) => readMedia(from),
  image: (from) => readMedia(from, "image"),
  audio: (from) => readMedia(from, "audio"),
  video: (from) => readMedia(from, "video"),
  file: (from) => readMedia(from),
  document: (from) => readMedia(from, "document"),
  tool_call: readTextCall,
  tool_result: readToolResult,
  data: ({ fields }) =>
    "value" in fields && Object.keys(fields).length === 2
      ? { type: "data", value: (fields["value"] ?? null) as JsonValue }
      : undefined,
};
