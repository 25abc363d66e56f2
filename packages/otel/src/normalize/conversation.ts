import { type JsonObject, type Message, readMessage, readMessages } from "@rivulet/core";
import type { Body } from "./convention.ts";
import { parsed } from "./span-attributes.ts";

/** Who speaks where nobody is named: the user in what goes to a model, the assistant in what comes back. */
export type Side = "user" | "assistant";

/** Fields of a request or an answer in which its messages are. */
const HOLDERS: ReadonlySet<string> = new Set([
  "messages",
  "prompt",
  "message",
  "contents",
  "input",
  "output",
  "choices",
  "candidates",
  "generations",
  "system",
  "instructions",
  "systemInstruction",
  "system_instruction",
  "text",
  "toolCalls",
  "tool_calls",
  "content",
  "reasoningText",
]);

const CHOICES: ReadonlySet<string> = new Set(["choices", "candidates"]);

/**
 * The conversation in what a model was given or has returned: its messages, and what stands beside them. Text is a
 * message of the side that speaks. `undefined` for what holds no messages.
 */
export function conversationOf(given: unknown, side: Side): Body | undefined {
  const value = parsed(given);
  if (typeof value === "string") return { messages: [{ role: side, content: value }] };
  if (typeof value !== "object" || value === null) return undefined;
  const spoken = withRole(value, side);
  const messages = messagesOf(spoken);
  if (messages === undefined) return undefined;
  return isMessage(spoken) ? { messages } : { messages, ...withOthers(value) };
}

/** The messages in a list of which each may be written in its own way; what is no message is one of data. */
export function toMessages(values: readonly unknown[], side: Side): readonly Message[] {
  return values.flatMap((value) => {
    const spoken = withRole(parsed(value), side);
    const message = readMessage(withoutFinish(spoken));
    if (message !== undefined) return [withParsedCalls(message)];
    if (typeof spoken === "string") return [{ role: side, content: spoken }];
    return [
      { role: side, content: [{ type: "data" as const, value: (spoken ?? null) as JsonObject }] },
    ];
  });
}

/** The messages, after the instructions that stand apart from them: unless they begin with those. */
export function withInstructions(
  messages: readonly Message[],
  instructions: unknown,
): readonly Message[] {
  const given = parsed(instructions);
  if (given === undefined || given === null) return messages;
  const content = Array.isArray(given) || typeof given === "string" ? given : [given];
  const system = readMessage({ role: "system", content });
  if (system === undefined || isEmpty(system)) return messages;
  const isKnown = messages.some(
    ({ role, content: said }) =>
      (role === "system" || role === "developer") && textOf(said) === textOf(system.content),
  );
  return isKnown ? messages : [system, ...messages];
}

function isEmpty({ content }: Message): boolean {
  return content.length === 0;
}

function textOf(content: Message["content"]): string {
  if (typeof content === "string") return content;
  return content.map((part) => ("text" in part ? part.text : JSON.stringify(part))).join("\n");
}

function messagesOf(value: unknown): readonly Message[] | undefined {
  return readMessages(value)?.map(withParsedCalls);
}

function isMessage(value: unknown): boolean {
  return Array.isArray(value) || readMessage(value) !== undefined;
}

/** A message without a role is one of the side that speaks. */
function withRole(value: unknown, side: Side): unknown {
  if (Array.isArray(value)) {
    const isSpoken = value.every((item) => typeof item === "string" || lacksRole(item));
    return isSpoken && value.length > 0 ? value.map((item) => withRole(item, side)) : value;
  }
  if (typeof value === "string") return { role: side, content: value };
  return lacksRole(value) ? { role: side, ...value } : value;
}

function lacksRole(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const isOther = "role" in value || "type" in value || "lc" in value || "_type" in value;
  const isSpoken = "parts" in value || ("content" in value && typeof value.content !== "object");
  return !isOther && isSpoken;
}

/** Why the model stopped is a fact of the call, not of what it said. */
function withoutFinish(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("finish_reason" in value)) return value;
  const { finish_reason: _, ...message } = value;
  return message;
}

/** Arguments that are JSON in a text. */
function withParsedCalls(message: Message): Message {
  const { content } = message;
  if (typeof content === "string" || !content.some(isTextCall)) return message;
  return {
    ...message,
    content: content.map((part) =>
      isTextCall(part) ? { ...part, arguments: parsed(part.arguments) as string } : part,
    ),
  };
}

function isTextCall(part: Exclude<Message["content"], string>[number]): part is typeof part & {
  readonly type: "tool_call";
  readonly arguments: string;
} {
  return part.type === "tool_call" && typeof part.arguments === "string";
}

function withOthers(value: object): { readonly others?: Readonly<Record<string, unknown>> } {
  if (Array.isArray(value)) return {};
  const others = Object.entries(value).flatMap(([name, field]: [string, unknown]) => {
    if (!HOLDERS.has(name)) return [[name, field] as const];
    const facts = CHOICES.has(name) ? factsOfChoices(field) : [];
    return facts.length === 0 ? [] : [[name, facts] as const];
  });
  return others.length === 0 ? {} : { others: Object.fromEntries(others) };
}

/** What is said of each choice besides its message, such as why the model stopped. */
function factsOfChoices(choices: unknown): readonly object[] {
  if (!Array.isArray(choices)) return [];
  const facts = choices.map((choice: unknown) => {
    const {
      message: _,
      content: __,
      delta: ___,
      ...others
    } = Object(choice) as Record<string, unknown>;
    return others;
  });
  return facts.some((others) => Object.keys(others).length > 0) ? facts : [];
}
