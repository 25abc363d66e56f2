import type { JsonObject, JsonValue } from "../json.ts";
import {
  compact,
  type FieldReader,
  type Fields,
  isBytes,
  isObject,
  isText,
  isThere,
  readFields,
} from "./field-reader.ts";
import { readMedia } from "./media.ts";
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
  // An item of OpenAI's responses has an id of its own besides the call's, which its output names.
  const id = from.text("call_id", "id", "toolCallId", "tool_call_id", "toolUseId", "ref");
  const body = from.object("function", "custom") ?? from;
  const name = body.text("name", "toolName") ?? from.text("name") ?? "";
  const given = body.take("args", "arguments", "input", "parameters");
  const invalid = from.text("invalidArguments");
  // LangChain gives what a tool without a schema is called with as an argument, and as it came.
  if (isObject(given) && given["input"] === from.fields["input"]) from.takeIf(isText, "input");
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
    extra: output.extra === undefined ? from.rest() : { ...from.rest(), ...output.extra },
  });
}

interface Output {
  readonly content: MessageContent;
  readonly isError: boolean;
  /** What stands beside the content and is none of it. */
  readonly extra?: JsonObject;
}

function readOutput(from: FieldReader, read: ReadContent): Output {
  const failed = isThere(from.fields["error"] ?? from.fields["errorText"]);
  const given = from.take("output", "result", "content", "response", "error", "errorText");
  if (given instanceof Error) return { content: given.message, isError: true };
  return isObject(given) && isText(given["type"])
    ? typedOutput(given, failed, read)
    : readAnswer(given, failed, read);
}

const MCP_FIELDS: ReadonlySet<string> = new Set([
  "content",
  "isError",
  "structuredContent",
  "_meta",
]);

/** A value; or a file; or content as a tool of MCP answers it, which has other fields beside it. */
function readAnswer(given: unknown, failed: boolean, read: ReadContent): Output {
  if (isFile(given)) return { content: [readMedia(readFields(given))], isError: failed };
  if (!isOfMcp(given)) return { content: read.result(given), isError: failed };
  const { content, isError, ...beside } = given;
  const extra = Object.entries(beside).filter(([, value]) => isThere(value));
  return {
    content: read.content(content),
    isError: failed || isError === true,
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) as JsonObject }),
  };
}

function isFile(given: unknown): given is Fields {
  if (!isObject(given) || given["type"] !== undefined) return false;
  const { data } = given;
  const isData = isBytes(data) || (isText(data) && FILE.test(data));
  return isData && isText(given["mediaType"] ?? given["mimeType"]);
}

/** How a file begins that is written as text: a data URL, or base-64 that is no word. */
const FILE = /^data:|^[A-Za-z\d+/]{16,200}(?:={0,2}$|[A-Za-z\d+/])/;

function isOfMcp(given: unknown): given is Fields {
  if (!isObject(given)) return false;
  const { content } = given;
  return (
    Array.isArray(content) &&
    content.every((item) => isObject(item) && isText(item["type"])) &&
    Object.keys(given).every((name) => MCP_FIELDS.has(name))
  );
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
  // What says that it is content is read part by part, though one of them is unknown.
  if (type === "content") return { content: read.content(value), isError };
  return readAnswer(value, isError, read);
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
