import { type JsonValue, type Message, readMessage } from "@rivulet/core";
import { messageFields } from "./call-fields.ts";
import { fieldsOf, isFilled, textOf } from "./read-fields.ts";
import { isStandard, tellOnce } from "./standard-content.ts";
import { isStreamed, joinPieces } from "./stream-pieces.ts";

/** What all copies and versions of LangChain's messages have. */
export interface MessageLike {
  readonly content: unknown;
  readonly type?: unknown;
  readonly _getType?: () => string;
  readonly role?: unknown;
  readonly id?: unknown;
  readonly name?: unknown;
  readonly status?: unknown;
  readonly tool_call_id?: unknown;
  readonly tool_calls?: unknown;
  readonly invalid_tool_calls?: unknown;
  readonly artifact?: unknown;
  readonly additional_kwargs?: unknown;
  readonly response_metadata?: unknown;
}

/** What a message has beside its content. */
const FIELDS = [
  "name",
  "tool_calls",
  "invalid_tool_calls",
  "tool_call_id",
  "status",
  "artifact",
] as const;

/** Whether this is a message of LangChain, of whichever copy. */
export function isMessage(value: object): value is MessageLike {
  const message = value as MessageLike & { lc_serializable?: unknown };
  return (
    message.lc_serializable === true &&
    "content" in message &&
    (typeof message.type === "string" || typeof message._getType === "function")
  );
}

/** `'human'`, `'ai'`, `'tool'`, `'system'` … */
export function messageType(message: MessageLike): string {
  return typeof message.type === "string" ? message.type : (message._getType?.() ?? "unknown");
}

/**
 * The message as it is stored; its own JSON is eight times as long. Usage and response
 * metadata are not of the message but of the call that made it, whose span has them.
 */
export function pickMessage(message: MessageLike): Message {
  const type = messageType(message);
  const given: Record<string, unknown> = {
    // Servers may leave the role out of a stream, which LangChain then makes chunks of no role from: models write these.
    role: type === "generic" ? (textOf(message.role) ?? "assistant") : type,
    content: message.content,
  };
  for (const field of FIELDS) {
    const value = message[field];
    if (isFilled(value)) given[field] = value;
  }
  if (type === "ai" && Array.isArray(message.content)) {
    Object.assign(given, saidOnce(message, message.content, given));
  }
  const { additional_kwargs } = message;
  if (isFilled(additional_kwargs)) {
    const metadata = fieldsOf(message.response_metadata);
    given["additional_kwargs"] = messageFields(fieldsOf(additional_kwargs), metadata);
  }
  // All that this one says is which message is to go.
  if (type === "remove") given["id"] = message.id;
  const read = readMessage(given);
  return read ?? unreadable(given);
}

/** What a model has said, as if it had been sent whole and were told once. */
function saidOnce(
  message: MessageLike,
  content: readonly unknown[],
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const said = isStandard(message)
    ? { ...given, ...tellOnce(content, message) }
    : { ...given, content };
  return isStreamed(message, said.content) ? { ...said, ...joinPieces(said.content, said) } : said;
}

/** What has a role of no kind, or cannot be looked at, is kept for what it is. */
function unreadable({ role, content }: Readonly<Record<string, unknown>>): Message {
  return { role: String(role), content: [{ type: "data", value: content as JsonValue }] };
}
