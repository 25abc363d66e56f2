import type { JsonValue } from "../json.ts";
import { compact, type FieldReader, isObject, isText, isThere } from "./field-reader.ts";
import type { MessageContent, ToolCallPart, ToolResultPart } from "./message.ts";
import type { ReadContent } from "./part-reader.ts";

/** Reads a call of a tool whose arguments are values, or JSON as text. */
export function readToolCall(from: FieldReader): ToolCallPart {
  return readCall(from, isObject(from.fields["custom"]));
}

/** Reads a call whose arguments may be text that is no JSON and is not meant to be. */
export function readTextCall(from: FieldReader): ToolCallPart {
  return readCall(from, true);
}

function readCall(from: FieldReader, isFree: boolean): ToolCallPart {
  const id = from.text("id", "toolCallId", "call_id", "tool_call_id", "toolUseId", "ref");
  const body = from.object("function", "custom") ?? from;
  const name = body.text("name", "toolName") ?? from.text("name") ?? "";
  const given = body.take("args", "arguments", "input", "parameters");
  const invalid = from.text("invalidArguments");
  return compact<ToolCallPart>({
    type: "tool_call",
    id,
    name,
    ...(invalid === undefined ? readArguments(given, isFree) : { invalidArguments: invalid }),
    extra: isFree ? from.rest() : withExact(from.rest(), given),
  });
}

/** Reads what a tool has answered. */
export function readToolResult(from: FieldReader, read: ReadContent): ToolResultPart {
  const said = from.takeIf(isBoolean, "is_error", "isError");
  const status = from.takeIf(isOutcome, "status");
  const output = readOutput(from, read);
  const isError = said === true || status === "error" || output.isError;
  return compact<ToolResultPart>({
    type: "tool_result",
    id: from.text("toolCallId", "tool_use_id", "tool_call_id", "call_id", "id", "toolUseId", "ref"),
    name: from.text("toolName", "tool_name", "name"),
    content: output.content,
    isError: isError ? true : undefined,
    artifact: from.take("artifact") as JsonValue | undefined,
    extra: from.rest(),
  });
}

interface Output {
  readonly content: MessageContent;
  readonly isError: boolean;
}

function readOutput(from: FieldReader, read: ReadContent): Output {
  const failed = isThere(from.fields["error"] ?? from.fields["errorText"]);
  const given = from.take("output", "result", "content", "response", "error", "errorText");
  if (given instanceof Error) return { content: given.message, isError: true };
  return isObject(given) && isText(given["type"])
    ? typedOutput(given, failed, read)
    : { content: read.result(given), isError: failed };
}

/** The AI SDK says what kind of output it is: `{ type: 'text' | 'json' | 'error-text' | 'content' …, value }`. */
function typedOutput(
  output: Readonly<Record<string, unknown>>,
  failed: boolean,
  read: ReadContent,
): Output {
  const { type, value, reason, ...rest } = output;
  const isError = failed || String(type).startsWith("error");
  const hasMore = Object.values(rest).some(isThere);
  if (type === "execution-denied" && !hasMore)
    return { content: read.result(reason ?? "denied"), isError };
  if (
    hasMore ||
    !/^(?:error-)?(?:text|json)$|^content$/.test(String(type)) ||
    value === undefined
  ) {
    return { content: read.result(output), isError };
  }
  return { content: read.result(value), isError };
}

function readArguments(
  given: unknown,
  isFree: boolean,
): Pick<ToolCallPart, "arguments" | "invalidArguments"> {
  if (!isText(given) || isFree) return given === undefined ? {} : { arguments: given as JsonValue };
  // Tools without parameters are called with nothing at all.
  if (given.trim() === "") return { arguments: {} };
  try {
    return { arguments: JSON.parse(given) as JsonValue };
  } catch {
    return { invalidArguments: given };
  }
}

/** Numbers that JavaScript rounds, such as the ids of posts, are kept as the text that they came in. */
function withExact(extra: ToolCallPart["extra"], given: unknown): ToolCallPart["extra"] {
  return isText(given) && /\d{16}/.test(given) ? { ...extra, arguments: given } : extra;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function isOutcome(value: unknown): value is "error" | "success" {
  return value === "error" || value === "success";
}
