import { type JsonValue, leaveOutBytes, type Message, readMessage } from "@rivulet/core";

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
}

/** What a message has beside its content. */
const FIELDS = [
  "name",
  "tool_calls",
  "invalid_tool_calls",
  "tool_call_id",
  "status",
  "artifact",
  "additional_kwargs",
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
 * The message as it is stored, without the bytes of its files; its own JSON is eight times as long. Usage and response
 * metadata are not of the message but of the call that made it, whose span has them.
 */
export function pickMessage(message: MessageLike): Message {
  const type = messageType(message);
  const given: Record<string, unknown> = {
    role: type === "generic" ? message.role : type,
    content: message.content,
  };
  for (const field of FIELDS) {
    const value = message[field];
    if (isFilled(value)) given[field] = value;
  }
  // All that this one says is which message is to go.
  if (type === "remove") given["id"] = message.id;
  const read = readMessage(given);
  return read === undefined ? unreadable(given) : leaveOutBytes(read);
}

/** What has a role of no kind, or cannot be looked at, is kept for what it is. */
function unreadable({ role, content }: Readonly<Record<string, unknown>>): Message {
  return { role: String(role), content: [{ type: "data", value: content as JsonValue }] };
}

/** Lists and objects of which nothing is there say nothing. */
function isFilled(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value !== undefined;
  if (Array.isArray(value)) return value.length > 0;
  return Object.values(value).some((field) => field !== undefined);
}
