import { isText } from "../field-reader.ts";
import { readMedia } from "../media.ts";
import type { PartReaders } from "../part-reader.ts";
import { readToolCall, readToolResult } from "../tool-parts.ts";

/** Content blocks that LangChain has beside those of its providers. */
export const LANGCHAIN_PARTS: PartReaders = {
  "text-plain": (from) => readMedia(from, "document"),
  tool_call_chunk: readToolCall,
  invalid_tool_call: readToolCall,
  server_tool_call_chunk: readToolCall,
  server_tool_call_result: readToolResult,
  non_standard: ({ fields }, { content }) => {
    const isAlone = "value" in fields && Object.keys(fields).length === 2;
    if (!isAlone) return undefined;
    const parts = content([fields["value"]]);
    return isText(parts) ? { type: "text", text: parts } : parts;
  },
};
