import type { Fields } from "../field-reader.ts";
import { readMedia } from "../media.ts";
import type { PartReaders } from "../part-reader.ts";
import { readReasoning, readText } from "../text-parts.ts";
import { readTextCall, readToolCall, readToolResult } from "../tool-parts.ts";

/** Parts as OpenAI's chat completions and responses write them, and the many servers that speak like it. */
export const OPENAI_PARTS: PartReaders = {
  input_text: readText,
  output_text: readText,
  summary_text: readReasoning,
  reasoning_text: readReasoning,
  image_url: (from) => readMedia(from, "image"),
  video_url: (from) => readMedia(from, "video"),
  input_image: (from) => readMedia(from, "image"),
  input_audio: (from) => readMedia(from, "audio"),
  output_audio: (from) => readMedia(from, "audio"),
  input_file: (from) => readMedia(from),
  computer_screenshot: (from) => readMedia(from, "image"),
  function_call: readToolCall,
  function_call_output: readToolResult,
  custom_tool_call: readTextCall,
  custom_tool_call_output: readToolResult,
  computer_call_output: readToolResult,
  local_shell_call_output: readToolResult,
  shell_call_output: readToolResult,
  apply_patch_call_output: readToolResult,
  image_generation_call: (from) => readMedia(from, "image"),
};

/** Items that stand in no message: thoughts, calls and their outputs, and what is told about tools and messages. */
const ITEM: RegExp =
  /^(?:reasoning|item_reference|mcp_list_tools|mcp_approval_(?:request|response)|tool_search_output|.*_call(?:_output)?|(?:context_)?compaction(?:_summary)?)$/;

/** Whether it is an item of a response that stands in no message. */
export function isResponseItem({ type }: Fields): boolean {
  return typeof type === "string" && ITEM.test(type);
}
