import type { JsonObject, JsonValue } from "@rivulet/core";

/** A message as it is shown. */
export interface ShownMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly name?: string;
  readonly parts: readonly ShownPart[];
}

/** A piece of a message. */
export type ShownPart =
  | { readonly kind: "text" | "reasoning"; readonly text: string }
  | {
      readonly kind: "tool-call";
      readonly name: string;
      readonly id: string;
      readonly value: JsonValue;
    }
  | {
      readonly kind: "tool-result";
      readonly name: string;
      readonly id: string;
      readonly value: JsonValue;
    }
  | { readonly kind: "media"; readonly type: string; readonly url?: string }
  | { readonly kind: "other"; readonly value: JsonValue };

const ROLES: Readonly<Record<string, ShownMessage["role"]>> = {
  system: "system",
  developer: "system",
  user: "user",
  human: "user",
  assistant: "assistant",
  ai: "assistant",
  model: "assistant",
  tool: "tool",
  function: "tool",
};

/**
 * The chat messages in a span's input or output, or `undefined` when it holds none. Understands the shapes
 * of OpenAI, LangChain and the AI SDK.
 */
export function findMessages(value: JsonValue | undefined): readonly ShownMessage[] | undefined {
  if (Array.isArray(value)) return readList(value);
  if (!isObject(value)) return undefined;
  for (const key of ["messages", "prompt", "message"]) {
    const inner = value[key];
    const found = Array.isArray(inner)
      ? readList(inner)
      : inner === undefined
        ? undefined
        : readOne(inner);
    if (found !== undefined) return withSystem(value.system ?? value.instructions, found);
  }
  return readOne(value) ?? readAnswer(value);
}

function withSystem(
  system: JsonValue | undefined,
  messages: readonly ShownMessage[],
): readonly ShownMessage[] {
  if (typeof system !== "string") return messages;
  return [{ role: "system", parts: [{ kind: "text", text: system }] }, ...messages];
}

function readList(values: readonly JsonValue[]): readonly ShownMessage[] | undefined {
  if (values.length === 0) return undefined;
  const first = values[0];
  // LangChain gives one list of messages per prompt of a batch.
  if (values.length === 1 && Array.isArray(first)) return readList(first);
  const messages: ShownMessage[] = [];
  for (const value of values) {
    const message = readMessage(value);
    if (message === undefined) return undefined;
    messages.push(message);
  }
  return messages;
}

function readOne(value: JsonValue): readonly ShownMessage[] | undefined {
  const message = readMessage(value);
  return message === undefined ? undefined : [message];
}

function readMessage(value: JsonValue): ShownMessage | undefined {
  if (!isObject(value)) return undefined;
  const body = isObject(value.kwargs) ? value.kwargs : value;
  const role = roleOf(body) ?? roleOf(value);
  if (role === undefined || !("content" in body || "parts" in body || "tool_calls" in body)) {
    return undefined;
  }
  const parts = [...readContent(body, role), ...readToolCalls(body)];
  const name = typeof body.name === "string" ? { name: body.name } : {};
  return { role, parts, ...name };
}

function roleOf(value: JsonObject): ShownMessage["role"] | undefined {
  for (const key of ["role", "type", "_type"]) {
    const role = value[key];
    if (typeof role === "string" && Object.hasOwn(ROLES, role.toLowerCase())) {
      return ROLES[role.toLowerCase()];
    }
  }
  const id = value.id;
  const className = Array.isArray(id) ? id.at(-1) : undefined;
  if (typeof className !== "string") return undefined;
  return ROLES[className.replace(/Message(?:Chunk)?$/, "").toLowerCase()];
}

function readContent(body: JsonObject, role: ShownMessage["role"]): readonly ShownPart[] {
  const content = body.content ?? body.parts ?? null;
  if (role === "tool" && !hasToolResult(content)) {
    const id = text(body.tool_call_id ?? body.toolCallId);
    return [{ kind: "tool-result", name: text(body.name), id, value: parsed(content) }];
  }
  if (typeof content === "string") return content === "" ? [] : [{ kind: "text", text: content }];
  return Array.isArray(content) ? content.flatMap(readPart) : [];
}

function hasToolResult(content: JsonValue): boolean {
  return (
    Array.isArray(content) &&
    content.some((part) => isObject(part) && text(part.type).startsWith("tool"))
  );
}

/** An answer of the AI SDK: parts, or text and tool calls side by side, without a role. */
function readAnswer(value: JsonObject): readonly ShownMessage[] | undefined {
  const hasParts = Array.isArray(value.content) && value.content.every(isPart);
  const calls = value.toolCalls ?? value.tool_calls;
  const hasAnswer = typeof value.text === "string" || (Array.isArray(calls) && calls.length > 0);
  if (!(hasParts || hasAnswer)) return undefined;
  const parts = hasParts
    ? readContent(value, "assistant")
    : [...readContent({ content: value.text ?? "" }, "assistant"), ...readToolCalls(value)];
  return parts.length === 0 ? undefined : [{ role: "assistant", parts }];
}

function isPart(value: JsonValue): boolean {
  return isObject(value) && typeof value.type === "string";
}

function readToolCalls(body: JsonObject): readonly ShownPart[] {
  const calls = body.tool_calls ?? body.toolCalls;
  return Array.isArray(calls) ? calls.filter(isObject).map(readToolCall) : [];
}

function readToolCall(call: JsonObject): ShownPart {
  const body = isObject(call.function) ? call.function : call;
  return {
    kind: "tool-call",
    name: text(body.name ?? body.toolName),
    id: text(call.id ?? call.toolCallId),
    value: parsed(body.args ?? body.arguments ?? body.input ?? null),
  };
}

const PARTS: Readonly<Record<string, (part: JsonObject) => ShownPart>> = {
  text: (part) => ({ kind: "text", text: text(part.text) }),
  reasoning: (part) => ({ kind: "reasoning", text: text(part.text ?? part.reasoning) }),
  thinking: (part) => ({ kind: "reasoning", text: text(part.thinking) }),
  "tool-call": readToolCall,
  tool_call: readToolCall,
  tool_use: readToolCall,
  "tool-result": readToolResult,
  tool_result: readToolResult,
  "tool-error": readToolResult,
  image: readMedia,
  image_url: readMedia,
  file: readMedia,
};

function readPart(part: JsonValue): readonly ShownPart[] {
  if (typeof part === "string") return [{ kind: "text", text: part }];
  if (!isObject(part)) return [{ kind: "other", value: part }];
  const type = text(part.type);
  const reader = Object.hasOwn(PARTS, type) ? PARTS[type] : undefined;
  return [reader === undefined ? { kind: "other", value: part } : reader(part)];
}

function readToolResult(part: JsonObject): ShownPart {
  const output = part.output ?? part.result ?? part.error ?? part.content ?? null;
  // The AI SDK says what kind of output it is: { type: 'json', value: … }.
  const value = isObject(output) && "value" in output ? (output.value ?? null) : output;
  return {
    kind: "tool-result",
    name: text(part.toolName ?? part.name),
    id: text(part.toolCallId ?? part.tool_use_id),
    value: parsed(value),
  };
}

function readMedia(part: JsonObject): ShownPart {
  const source = part.image_url ?? part.image ?? part.data ?? part.url;
  const url = isObject(source) ? source.url : source;
  const type = text(part.mediaType ?? part.mimeType ?? part.type);
  // Only what is inside the trace itself is shown; nothing is fetched from elsewhere.
  const isInside = typeof url === "string" && /^data:image\/(?:png|jpeg|gif|webp);/.test(url);
  return isInside ? { kind: "media", type, url } : { kind: "media", type };
}

/** Tool arguments and results are often JSON in a string. */
function parsed(value: JsonValue): JsonValue {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return value;
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
