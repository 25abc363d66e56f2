import type { JsonValue } from "../../json.ts";
import { isObject } from "../field-reader.ts";
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

/** The fields of a message that was written as JSON: `{ lc, id, kwargs }`, or `{ type, data }`. */
export function serializedBody(
  value: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  // Nearly no message is one of these.
  if (value["lc"] === undefined && value["data"] === undefined) return undefined;
  const { lc, id, kwargs, type, data, ...others } = value;
  if (Object.keys(others).length > 0) return undefined;
  if (typeof lc === "number" && isObject(kwargs) && data === undefined) {
    const name = Array.isArray(id) ? String(id.at(-1)).replace(/Message(?:Chunk)?$/, "") : type;
    return { type: String(name).toLowerCase(), ...kwargs };
  }
  const isStored = isObject(data) && "content" in data && Object.keys(value).length === 2;
  return isStored ? { type, ...data } : undefined;
}
