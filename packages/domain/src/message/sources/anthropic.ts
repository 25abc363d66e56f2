import { readMedia } from "../media.ts";
import type { PartReaders } from "../part-reader.ts";
import { readReasoning } from "../text-parts.ts";
import { readToolCall, readToolResult } from "../tool-parts.ts";

/** Content blocks as Anthropic's messages have them. */
export const ANTHROPIC_PARTS: PartReaders = {
  thinking: readReasoning,
  redacted_thinking: readReasoning,
  tool_use: readToolCall,
  server_tool_use: readToolCall,
  mcp_tool_use: readToolCall,
  mcp_tool_result: readToolResult,
  web_search_tool_result: readToolResult,
  web_fetch_tool_result: readToolResult,
  code_execution_tool_result: readToolResult,
  bash_code_execution_tool_result: readToolResult,
  text_editor_code_execution_tool_result: readToolResult,
  tool_search_tool_result: readToolResult,
  container_upload: (from) => readMedia(from),
};
