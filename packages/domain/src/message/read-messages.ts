import type { JsonObject } from "../json.ts";
import { contentOf, readContent, readPart } from "./content.ts";
import { compact, type Fields, isObject, isText, isThere, readFields } from "./field-reader.ts";
import type { Message, MessagePart } from "./message.ts";
import { readMessage } from "./read-message.ts";
import { isResponseItem } from "./sources/openai.ts";
import { addCalls, isCalls } from "./tool-calls.ts";

/** What requests and answers call their messages. */
const LISTS = ["messages", "prompt", "message", "contents", "input", "output"];
/** What they call the instructions that stand apart from them. */
const INSTRUCTIONS = ["system", "instructions", "systemInstruction", "system_instruction"];
/** What they call the list of answers where there may be several. */
const CHOICES = ["choices", "candidates", "generations"];
/** What answers without a role call their text, their thoughts and their calls. */
const ANSWER = ["text", "reasoningText"];
const CALLS = ["toolCalls", "tool_calls"];

/** The messages of a value, and what it has beside them. */
export interface Conversation {
  /** In the order in which they are sent: instructions first. */
  readonly messages: readonly Message[];
  /** Fields of a request or an answer that say something and are no messages: settings, usage, what an app adds. */
  readonly beside?: JsonObject;
}

/** Messages, and the names of the fields that they were in. */
interface Found {
  readonly messages: readonly Message[];
  readonly taken: readonly string[];
}

/**
 * The conversation in a value, such as the input or the output of a span: a message, a list of them, or a request or an
 * answer of a provider or a framework. `undefined` when there is none, or what is there is not messages only. What
 * else a request or an answer has, such as settings and usage, is left out. Never throws.
 */
export function readMessages(value: unknown): readonly Message[] | undefined {
  return readConversation(value)?.messages;
}

/** What {@link readMessages} reads, with what else a request or an answer has. Never throws. */
export function readConversation(value: unknown): Conversation | undefined {
  try {
    if (Array.isArray(value)) {
      const messages = readList(value);
      return messages === undefined ? undefined : { messages };
    }
    const found = isObject(value) ? readObject(value) : undefined;
    return found === undefined ? undefined : withOthers(value as Fields, found);
  } catch {
    return undefined;
  }
}

function withOthers(value: Fields, { messages, taken }: Found): Conversation {
  const others = Object.entries(value).filter(
    ([name, field]) => !taken.includes(name) && isThere(field) && typeof field !== "function",
  );
  if (others.length === 0) return { messages };
  return { messages, beside: Object.fromEntries(others) as JsonObject };
}

function readObject(value: Fields): Found | undefined {
  for (const name of LISTS) {
    const inner = value[name];
    const found = Array.isArray(inner) ? readList(inner) : readOne(inner);
    if (found === undefined) continue;
    const instructions = instructionsOf(value);
    return {
      messages: [...instructions.messages, ...found],
      taken: [name, ...instructions.taken],
    };
  }
  // What a message has beside what it says is kept in the message.
  const whole = readOne(value);
  if (whole !== undefined) return { messages: whole, taken: Object.keys(value) };
  return readChoices(value) ?? readToolAnswer(value) ?? readAnswer(value);
}

function readOne(value: unknown): readonly Message[] | undefined {
  const message = readMessage(value);
  return message === undefined ? undefined : [message];
}

function readList(values: readonly unknown[]): readonly Message[] | undefined {
  const [first] = values;
  // LangChain gives one list of messages per prompt of a batch.
  if (values.length === 1 && Array.isArray(first)) return readList(first);
  const messages: Message[] = [];
  for (const value of values) {
    const message = readMessage(value) ?? readItem(value) ?? readChoice(value);
    if (message === undefined) return undefined;
    messages.push(message);
  }
  return messages.length === 0 ? undefined : messages;
}

/** An item of OpenAI's responses that is a message's part and has no message around it. */
function readItem(value: unknown): Message | undefined {
  if (!(isObject(value) && isResponseItem(value))) return undefined;
  const parts = readPart(value);
  return { role: roleOfItem(value, parts), content: contentOf(parts) };
}

/** One of OpenAI's choices, where only their list was kept. */
function readChoice(value: unknown): Message | undefined {
  const isChoice = isObject(value) && isThere(value["message"]) && "finish_reason" in value;
  return isChoice ? readMessage(value["message"]) : undefined;
}

function roleOfItem({ type }: Fields, parts: readonly MessagePart[]): string {
  const isAnswer = parts.every((part) => part.type === "tool_result");
  if (isAnswer || type === "tool_search_output") return "tool";
  return type === "mcp_approval_response" ? "user" : "assistant";
}

function instructionsOf(value: Fields): Found {
  const name = INSTRUCTIONS.find((one) => isThere(value[one]));
  const messages = name === undefined ? undefined : readInstructions(value[name]);
  return name === undefined || messages === undefined
    ? { messages: [], taken: [] }
    : { messages, taken: [name] };
}

function readInstructions(given: unknown): readonly Message[] | undefined {
  const messages = readMessages(given);
  if (messages !== undefined) return messages;
  const content = isObject(given) && isThere(given["parts"]) ? given["parts"] : given;
  const isContent = isText(content) || Array.isArray(content);
  return isContent ? [{ role: "system", content: readContent(content) }] : undefined;
}

/** Answers of which there may be several: OpenAI's `choices`, Gemini's `candidates`, LangChain's `generations`. */
function readChoices(value: Fields): Found | undefined {
  const name = CHOICES.find((one) => Array.isArray(value[one]));
  if (name === undefined) return undefined;
  const messages = (value[name] as readonly unknown[]).flat().map((choice) => {
    if (!isObject(choice)) return undefined;
    return readMessage(choice["message"] ?? choice["content"]);
  });
  return messages.length > 0 && messages.every(isMessage) ? { messages, taken: [name] } : undefined;
}

/** What a tool of an MCP server has answered. */
function readToolAnswer(value: Fields): Found | undefined {
  const isAnswer =
    Array.isArray(value["content"]) && ("isError" in value || "structuredContent" in value);
  if (!isAnswer) return undefined;
  const content = readPart({ ...value, type: "tool_result" });
  return { messages: [{ role: "tool", content }], taken: Object.keys(value) };
}

/** An answer without a role: parts, or text and calls of tools side by side, as the AI SDK gives them. */
function readAnswer(value: Fields): Found | undefined {
  const { content, text, reasoningText } = value;
  if (Array.isArray(content) && content.length > 0 && content.every(isTyped)) {
    return { messages: [{ role: "assistant", content: readContent(content) }], taken: ["content"] };
  }
  const named = CALLS.find((name) => isCalls(value[name]));
  const calls = readFields(value).takeIf(isCalls, ...CALLS) ?? [];
  if (!(isText(text) || calls.length > 0)) return undefined;
  const parts: MessagePart[] = [];
  if (isText(reasoningText)) parts.push({ type: "reasoning", text: reasoningText });
  if (isText(text) && text !== "") parts.push({ type: "text", text });
  addCalls(parts, calls);
  if (parts.length === 0) return undefined;
  return {
    messages: [compact<Message>({ role: "assistant", content: contentOf(parts) })],
    taken: [...ANSWER, ...(named === undefined ? [] : [named])].filter(
      (name) => name === named || isText(value[name]),
    ),
  };
}

function isTyped(value: unknown): boolean {
  return isObject(value) && isText(value["type"]);
}

function isMessage(value: Message | undefined): value is Message {
  return value !== undefined;
}
