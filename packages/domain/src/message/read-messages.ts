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

/**
 * The conversation in a value, such as the input or the output of a span: a message, a list of them, or a request or an
 * answer of a provider or a framework. `undefined` when there is none, or what is there is not messages only. What
 * else a request or an answer has, such as settings and usage, is left out. Never throws.
 */
export function readMessages(value: unknown): readonly Message[] | undefined {
  try {
    return Array.isArray(value) ? readList(value) : isObject(value) ? readObject(value) : undefined;
  } catch {
    return undefined;
  }
}

function readObject(value: Fields): readonly Message[] | undefined {
  for (const name of LISTS) {
    const inner = value[name];
    const found = Array.isArray(inner) ? readList(inner) : readOne(inner);
    if (found !== undefined) return [...instructionsOf(value), ...found];
  }
  return readOne(value) ?? readChoices(value) ?? readToolAnswer(value) ?? readAnswer(value);
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
    const message = readMessage(value) ?? readItem(value);
    if (message === undefined) return undefined;
    messages.push(message);
  }
  return messages.length === 0 ? undefined : messages;
}

/** An item of OpenAI's responses that is a message's part and has no message around it. */
function readItem(value: unknown): Message | undefined {
  if (!(isObject(value) && isResponseItem(value))) return undefined;
  const parts = readPart(value);
  const isAnswer = parts.every(({ type }) => type === "tool_result");
  return { role: isAnswer ? "tool" : "assistant", content: contentOf(parts) };
}

function instructionsOf(value: Fields): readonly Message[] {
  const given = INSTRUCTIONS.map((name) => value[name]).find(isThere);
  if (given === undefined) return [];
  const messages = readMessages(given);
  if (messages !== undefined) return messages;
  const content = isObject(given) && isThere(given["parts"]) ? given["parts"] : given;
  const isContent = isText(content) || Array.isArray(content);
  return isContent ? [{ role: "system", content: readContent(content) }] : [];
}

/** Answers of which there may be several: OpenAI's `choices`, Gemini's `candidates`, LangChain's `generations`. */
function readChoices(value: Fields): readonly Message[] | undefined {
  const choices = [value["choices"], value["candidates"], value["generations"]].find(Array.isArray);
  if (choices === undefined) return undefined;
  const messages = choices.flat().map((choice) => {
    if (!isObject(choice)) return undefined;
    return readMessage(choice["message"] ?? choice["content"]);
  });
  return messages.length > 0 && messages.every(isMessage) ? messages : undefined;
}

/** What a tool of an MCP server has answered. */
function readToolAnswer(value: Fields): readonly Message[] | undefined {
  const isAnswer =
    Array.isArray(value["content"]) && ("isError" in value || "structuredContent" in value);
  if (!isAnswer) return undefined;
  return [{ role: "tool", content: readPart({ ...value, type: "tool_result" }) }];
}

/** An answer without a role: parts, or text and calls of tools side by side, as the AI SDK gives them. */
function readAnswer(value: Fields): readonly Message[] | undefined {
  const { content, text, reasoningText } = value;
  if (Array.isArray(content) && content.length > 0 && content.every(isTyped)) {
    return [{ role: "assistant", content: readContent(content) }];
  }
  const calls = readFields(value).takeIf(isCalls, "toolCalls", "tool_calls") ?? [];
  if (!(isText(text) || calls.length > 0)) return undefined;
  const parts: MessagePart[] = [];
  if (isText(reasoningText)) parts.push({ type: "reasoning", text: reasoningText });
  if (isText(text) && text !== "") parts.push({ type: "text", text });
  addCalls(parts, calls);
  return parts.length === 0
    ? undefined
    : [compact<Message>({ role: "assistant", content: contentOf(parts) })];
}

function isTyped(value: unknown): boolean {
  return isObject(value) && isText(value["type"]);
}

function isMessage(value: Message | undefined): value is Message {
  return value !== undefined;
}
