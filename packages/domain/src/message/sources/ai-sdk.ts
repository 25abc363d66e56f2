import { compact, type FieldReader } from "../field-reader.ts";
import { readMedia } from "../media.ts";
import type { MessagePart, ToolResultPart } from "../message.ts";
import type { PartReader, PartReaders, ReadContent } from "../part-reader.ts";
import { readToolCall, readToolResult } from "../tool-parts.ts";

/** Parts as version 5 to 7 of the AI SDK have them: of prompts, of results, of UI messages. */
export const AI_SDK_PARTS: PartReaders = {
  "tool-call": readToolCall,
  "tool-result": readToolResult,
  "tool-error": readToolResult,
  "reasoning-file": (from) => readMedia(from),
  "image-data": (from) => readMedia(from, "image"),
  "image-url": (from) => readMedia(from, "image"),
  "image-file-id": (from) => readMedia(from, "image"),
  "file-data": (from) => readMedia(from),
  "file-url": (from) => readMedia(from),
  "file-id": (from) => readMedia(from),
  "dynamic-tool": readUiTool,
};

/** Reads a part of a UI message that names its tool in its type: `tool-weather`. */
export const readTypedTool: PartReader = (from, read) => {
  const { type, state, toolCallId } = from.fields;
  const isTool = typeof type === "string" && type.startsWith("tool-");
  // Requests for approval have such types too, but no state.
  if (!isTool || state === undefined || toolCallId === undefined) return undefined;
  return readUiTool(from, read, type.slice("tool-".length));
};

/** A call, and what has become of it. */
function readUiTool(from: FieldReader, read: ReadContent, typed?: string): readonly MessagePart[] {
  const id = from.text("toolCallId");
  const name = from.text("toolName") ?? typed;
  const output = from.take("output");
  const error = from.text("errorText");
  const call = compact<MessagePart & { type: "tool_call" }>({
    type: "tool_call",
    id,
    name: name ?? "",
    arguments: from.take("input", "rawInput") as never,
    extra: from.rest(),
  });
  if (output === undefined && error === undefined) return [call];
  const result = compact<ToolResultPart>({
    type: "tool_result",
    id,
    name,
    content: read.result(output ?? error),
    isError: error === undefined ? undefined : true,
  });
  return [call, result];
}
