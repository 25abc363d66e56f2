import type { JsonValue } from "../../json.ts";
import { readMedia } from "../media.ts";
import type { PartReaders } from "../part-reader.ts";
import { readToolCall, readToolResult } from "../tool-parts.ts";

/** Content blocks that LangChain has beside those of its providers. */
export const LANGCHAIN_PARTS: PartReaders = {
  "text-plain": (from) => readMedia(from, "document"),
  tool_call_chunk: readToolCall,
  invalid_tool_call: readToolCall,
  server_tool_call: readToolCall,
  server_tool_call_chunk: readToolCall,
  server_tool_call_result: readToolResult,
  non_standard: ({ fields }) =>
    "value" in fields && Object.keys(fields).length === 2
      ? { type: "data", value: (fields["value"] ?? null) as JsonValue }
      : undefined,
};
