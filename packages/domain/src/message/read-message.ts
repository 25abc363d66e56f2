import type { JsonValue } from "../json.ts";
import { contentOf, partsOf, readContent, readPart, readResult } from "./content.ts";
import {
  compact,
  type FieldReader,
  type Fields,
  isObject,
  isText,
  isThere,
  readFields,
} from "./field-reader.ts";
import type { Message, MessagePart, ReasoningPart, ToolResultPart } from "./message.ts";
import { readImages } from "./sources/ollama.ts";
import { readReasoning } from "./text-parts.ts";
import { addRefusal, untoldOutputs, withThoughts } from "./told-twice.ts";
import { addCalls, isCalls } from "./tool-calls.ts";
import { readToolCall } from "./tool-parts.ts";

/** Names of roles. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ["system", "system"],
  ["developer", "developer"],
  ["user", "user"],
  ["human", "user"],
  ["assistant", "assistant"],
  ["ai", "assistant"],
  ["model", "assistant"],
  ["tool", "tool"],
  ["function", "tool"],
]);

/**
 * Reads a message of any source: OpenAI's chat completions and the many servers like it, Anthropic, Gemini, LangChain
 * (as it is and as JSON), Mistral, Ollama, the AI SDK (model and UI messages), MCP, Bedrock's Converse, Genkit, OpenTelemetry's conventions
 * for generative AI, or a {@link Message}, which stays as it is. Fields
 * that it does not know are kept in `extra`, parts that it does not know as {@link DataPart}. Values that are no JSON
 * are handed on as they are. Returns `undefined` for what is no message, or cannot be read. Never throws.
 */
export function readMessage(value: unknown): Message | undefined {
  try {
    return isObject(value) ? read(value) : undefined;
  } catch {
    // Getters and proxies may throw whatever they like.
    return undefined;
  }
}

function read(value: Fields): Message | undefined {
  const fields = serializedBody(value) ?? value;
  const short = readShort(fields);
  if (short !== undefined) return short;
  const from = readFields(fields);
  const role = takeRole(from);
  if (role === undefined || !hasContent(fields)) return undefined;
  return role === "tool" ? readToolMessage(from) : readSpoken(from, role);
}

/** The fields of a message that LangChain wrote as JSON: `{ lc, id, kwargs }`, or `{ type, data }`. */
function serializedBody(
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

/** Nothing but a role and a text, as most messages are: the rest says nothing, such as OpenAI's `refusal: null`. */
function readShort(fields: Fields): Message | undefined {
  const { role: given, content } = fields;
  if (!isText(given) || !isText(content)) return undefined;
  for (const name in fields) {
    if (name !== "role" && name !== "content" && saysSomething(fields[name])) return undefined;
  }
  const role = roleOf(given);
  return role === "tool" ? undefined : { role, content };
}

function saysSomething(value: unknown): boolean {
  return isThere(value) && typeof value !== "function";
}

function roleOf(role: string): string {
  return ROLES.get(role.toLowerCase()) ?? role;
}

function takeRole(from: FieldReader): string | undefined {
  const { role, type, _type } = from.fields;
  if (isText(role)) {
    from.take("role");
    if (type === "message") from.take("type");
    return roleOf(role);
  }
  const kind = type ?? _type;
  const named = isText(kind) ? ROLES.get(kind.toLowerCase()) : undefined;
  if (named !== undefined) from.take(type === undefined ? "_type" : "type");
  return named;
}

function hasContent(fields: Fields): boolean {
  return (
    "content" in fields || "parts" in fields || "tool_calls" in fields || "toolCalls" in fields
  );
}

/** A message of anybody but a tool. Thoughts come before what is said, calls of tools after it. */
function readSpoken(from: FieldReader, role: string): Message {
  const kwargs = from.object("additional_kwargs");
  const thoughts = [...thoughtsIn(from), ...(kwargs === undefined ? [] : thoughtsIn(kwargs))];
  const parts = withThoughts([...saidOf(from), ...readImages(from)], thoughts);
  addSpoken(parts, from);
  addCalls(parts, from.takeIf(isCalls, "tool_calls", "toolCalls"));
  addCalls(parts, from.takeIf(isCalls, "invalid_tool_calls"));
  if (kwargs !== undefined) {
    addSpoken(parts, kwargs);
    addCalls(parts, kwargs.takeIf(isCalls, "tool_calls"));
  }
  const outputs = untoldOutputs(parts, kwargs?.takeIf(isList, "tool_outputs") ?? []);
  const message = messageOf(from, role, parts);
  if (outputs.length === 0) return message;
  return { ...message, extra: { tool_outputs: outputs, ...message.extra } };
}

/** The content; what OpenAI notes beside it belongs to it where it is one text. */
function saidOf(from: FieldReader): readonly MessagePart[] {
  const parts = partsOf(readContent(from.take("content", "parts")));
  const annotations = from.takeIf(isList, "annotations") ?? [];
  if (annotations.length === 0) return parts;
  const [only] = parts;
  if (parts.length === 1 && only?.type === "text" && only.annotations === undefined) {
    return [{ ...only, annotations }];
  }
  return [...parts, { type: "data", value: { annotations } }];
}

function thoughtsIn(from: FieldReader): readonly ReasoningPart[] {
  const text = from.text("reasoning_content", "reasoning", "thinking");
  const thought = from.takeIf(isObject, "reasoning");
  return [
    ...(text === undefined || text === "" ? [] : [{ type: "reasoning", text } as const]),
    ...(thought === undefined ? [] : [readReasoning(readFields(thought))]),
  ];
}

/** What OpenAI has fields for that others have parts for. */
function addSpoken(parts: MessagePart[], from: FieldReader): void {
  const refusal = from.text("refusal");
  if (refusal !== undefined) addRefusal(parts, refusal);
  const audio = from.takeIf(isObject, "audio");
  if (audio !== undefined) parts.push(...readPart({ type: "audio", source_type: "id", ...audio }));
  const call = from.takeIf(isObject, "function_call");
  if (call !== undefined) parts.push(readToolCall(readFields(call)));
}

/** A message that is a tool's answer, or several in one. */
function readToolMessage(from: FieldReader): Message {
  const { content: answer, parts: given } = from.fields;
  const content = answer === undefined ? readContent(given) : readResult(answer);
  const parts = partsOf(content);
  if (parts.some(({ type }) => type === "tool_result" || type === "tool_call")) {
    from.take("content", "parts");
    return messageOf(from, "tool", parts);
  }
  from.take(from.fields["content"] === undefined ? "parts" : "content");
  const status = from.takeIf(isOutcome, "status");
  const id = from.text("tool_call_id", "toolCallId");
  const failed = from.takeIf(isBoolean, "is_error", "isError") === true || status === "error";
  const result = compact<ToolResultPart>({
    type: "tool_result",
    id,
    name: from.text("name", "toolName", "tool_name"),
    content,
    isError: failed ? true : undefined,
    artifact: from.take("artifact") as JsonValue | undefined,
  });
  return messageOf(from, "tool", [result]);
}

function messageOf(from: FieldReader, role: string, parts: readonly MessagePart[]): Message {
  return compact<Message>({
    role,
    name: from.text("name"),
    content: contentOf(parts),
    extra: liftKwargs(from.rest()),
  });
}

/** What is left of LangChain's additional fields stands among the others, where it does not take their place. */
function liftKwargs(extra: Message["extra"]): Message["extra"] {
  const kwargs = extra?.["additional_kwargs"];
  if (extra === undefined || kwargs === undefined || !isObject(kwargs)) return extra;
  const { additional_kwargs: _, ...others } = extra;
  if (Object.keys(kwargs).some((name) => Object.hasOwn(others, name))) return extra;
  const lifted = { ...(kwargs as Message["extra"]), ...others };
  return Object.keys(lifted).length === 0 ? undefined : lifted;
}

function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function isOutcome(value: unknown): value is "error" | "success" {
  return value === "error" || value === "success";
}
