import { type JsonValue, type Message, readMessage } from "@rivulet/core";
import { type Fields, fieldOf, fieldsOf, listOf } from "./read-value.ts";

/** A tool as it is stored. */
type StoredTool = Readonly<Record<string, unknown>>;

/** Instructions and messages of a call, as the SDK or a provider takes them, as one list. */
export function toStoredMessages(instructions: unknown, messages: unknown): Message[] {
  return [...toMessages("system", instructions), ...toMessages("user", messages)];
}

/** What a model has answered: the content of a result, or what a stream has brought so far. */
export function toAnswer(content: unknown): Message {
  return toMessage({ role: "assistant", content: listOf(content) });
}

/** Tools as a provider gets them, without the SDK's own fields. */
export function toStoredTools(tools: unknown): StoredTool[] | undefined {
  const given = fieldsOf(tools);
  if (given === undefined) return undefined;
  if (!Array.isArray(tools)) return toolSet(given);
  if (tools.length === 0) return undefined;
  return tools.map((tool) => {
    const given = fieldsOf(tool) ?? {};
    const stored: Record<string, unknown> = { name: given["name"] };
    if (given["description"] !== undefined) stored["description"] = given["description"];
    if (given["inputSchema"] !== undefined) stored["parameters"] = given["inputSchema"];
    if (given["args"] !== undefined) stored["arguments"] = given["args"];
    return stored;
  });
}

/** A tool set has schemas of every library; only names and descriptions are read from it. */
function toolSet(tools: Fields): StoredTool[] | undefined {
  const stored = Object.entries(tools).map(([name, tool]) => {
    const description = fieldOf(tool, "description");
    return description === undefined ? { name } : { name, description };
  });
  return stored.length === 0 ? undefined : stored;
}

/** A text alone is one message of its role. */
function toMessages(role: string, given: unknown): readonly Message[] {
  if (given === undefined || given === null) return [];
  if (typeof given === "string") return [{ role, content: given }];
  return (Array.isArray(given) ? given : [given]).map(toMessage);
}

/** A message; what is none is kept as it is. */
function toMessage(given: unknown): Message {
  const message = readMessage(given);
  if (message !== undefined) return message;
  return { role: "unknown", content: [{ type: "data", value: given as JsonValue }] };
}
