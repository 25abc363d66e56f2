import { pickContent } from "./message-content.ts";

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
}

const ROLES: Readonly<Record<string, string>> = { human: "user", ai: "assistant" };

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

/** The fields of a message that say something; its own JSON is eight times as long. */
export function pickMessage(message: MessageLike): Readonly<Record<string, unknown>> {
  const type = messageType(message);
  const picked: Record<string, unknown> = {
    role: type === "generic" ? message.role : (ROLES[type] ?? type),
    content: pickContent(message.content),
  };
  if (isFilled(message.tool_calls)) picked["tool_calls"] = message.tool_calls.map(pickToolCall);
  if (isFilled(message.invalid_tool_calls)) {
    picked["invalid_tool_calls"] = message.invalid_tool_calls;
  }
  for (const field of ["tool_call_id", "name", "status"] as const) {
    if (message[field] !== undefined) picked[field] = message[field];
  }
  return picked;
}

function pickToolCall(call: unknown): unknown {
  const { id, name, args } = (call ?? {}) as { id?: unknown; name?: unknown; args?: unknown };
  return { id, name, arguments: args };
}

function isFilled(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}
