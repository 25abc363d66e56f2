import { readChatRequest, readOutput } from "../calls/chat.ts";
import type { CallAnswer, Endpoint, StreamReader } from "../calls/endpoint.ts";
import {
  type Fields,
  fieldOf,
  fieldsOf,
  listOf,
  numberOf,
  textOf,
  withoutNothing,
} from "../calls/read-value.ts";
import { itemAt, joinText } from "../calls/stream-parts.ts";
import { readCost, readUsage } from "./token-usage.ts";

/** Chat completions. */
export const CHAT: Endpoint = {
  operation: "chat",
  type: "chat_model",
  request: readChatRequest,
  answer: readCompletion,
  readStream: readCompletionStream,
};

/** Completions of a text, which came before chats. */
export const COMPLETION: Endpoint = {
  operation: "complete",
  type: "llm",
  request: readChatRequest,
  answer: (answer) => ({ ...readCompletion(answer), output: textsOf(answer) }),
  readStream: readCompletionStream,
};

/** Reads a completion, and whatever looks like one. */
export function readCompletion(answer: unknown): CallAnswer {
  const fields = fieldsOf(answer);
  const choices = listOf(fields["choices"]);
  const finishReason = textOf(fieldOf(choices[0], "finish_reason"));
  return {
    output: readOutput({ choices: choices.map(withoutParsed) }),
    model: textOf(fields["model"]),
    usage: readUsage(fields["usage"]),
    cost: readCost(fields["usage"]),
    attributes: {
      finishReason,
      responseId: textOf(fields["id"]),
      systemFingerprint: textOf(fields["system_fingerprint"]),
      serviceTier: textOf(fields["service_tier"]),
      // OpenRouter names who has answered in the end.
      upstreamProvider: textOf(fields["provider"]),
    },
    error: fields["error"],
  };
}

/** The client adds to an answer what it has parsed, which is there as text. */
function withoutParsed(choice: unknown): unknown {
  const fields = fieldsOf(choice);
  const { parsed: _, ...message } = fieldsOf(fields["message"]);
  return fields["message"] === undefined ? choice : { ...fields, message };
}

function textsOf(answer: unknown): unknown {
  const texts = listOf(fieldOf(answer, "choices")).map((choice) => fieldOf(choice, "text") ?? "");
  return texts.length === 1 ? texts[0] : texts;
}

interface Choice {
  readonly message: Record<string, unknown>;
  readonly calls: Map<number, Record<string, unknown>>;
  text: string | undefined;
  finishReason: unknown;
}

function startChoice(): Choice {
  return {
    message: { role: "assistant" },
    calls: new Map(),
    text: undefined,
    finishReason: undefined,
  };
}

/** Fields of a delta that come in pieces: texts, and objects of texts. */
const TEXTS: ReadonlySet<string> = new Set([
  "content",
  "reasoning_content",
  "reasoning",
  "refusal",
]);
const OBJECTS: ReadonlySet<string> = new Set(["audio", "function_call"]);

/** Puts the chunks of completions together. */
export function readCompletionStream(): StreamReader {
  const head: Record<string, unknown> = {};
  const choices = new Map<number, Choice>();
  return {
    add(chunk) {
      const { choices: given, ...others } = fieldsOf(chunk);
      Object.assign(head, withoutNothing(others));
      return listOf(given)
        .map((choice) => addChoice(choices, fieldsOf(choice)))
        .includes(true);
    },
    answer() {
      if (choices.size === 0 && Object.keys(head).length === 0) return undefined;
      return { ...head, choices: [...choices.values()].map(wholeChoice) };
    },
    isComplete: () =>
      choices.size > 0 &&
      [...choices.values()].every((choice) => choice.finishReason !== undefined),
  };
}

function addChoice(choices: Map<number, Choice>, given: Fields): boolean {
  const choice = itemAt(choices, numberOf(given["index"]) ?? 0, startChoice);
  choice.finishReason = textOf(given["finish_reason"]) ?? choice.finishReason;
  const text = textOf(given["text"]);
  if (text !== undefined) choice.text = joinText(choice.text, text);
  return addDelta(choice, fieldsOf(given["delta"])) || text !== undefined;
}

/** Takes what there is of a message. Returns whether it is output. */
function addDelta({ message, calls }: Choice, delta: Fields): boolean {
  const { tool_calls: given, ...fields } = withoutNothing(delta);
  for (const call of listOf(given)) addCall(calls, fieldsOf(call));
  let isOutput = listOf(given).length > 0;
  for (const [name, value] of Object.entries(fields)) {
    message[name] = nextValue(name, message[name], value);
    isOutput ||= OBJECTS.has(name) || (TEXTS.has(name) && value !== "");
  }
  return isOutput;
}

function nextValue(name: string, known: unknown, value: unknown): unknown {
  if (OBJECTS.has(name)) return joinFields(fieldsOf(known), fieldsOf(value));
  if (TEXTS.has(name) && typeof value === "string") return joinText(known, value);
  return Array.isArray(known) && Array.isArray(value) ? [...known, ...value] : value;
}

function addCall(calls: Map<number, Record<string, unknown>>, delta: Fields): void {
  const { index, function: given, ...others } = withoutNothing(delta);
  const call = itemAt(calls, numberOf(index) ?? calls.size, () => ({ type: "function" }));
  Object.assign(call, others);
  if (given !== undefined)
    call["function"] = joinFields(fieldsOf(call["function"]), fieldsOf(given));
}

/** What is told once, and not in pieces. */
const ONCE: ReadonlySet<string> = new Set(["id", "name"]);

/** Texts go on; what is told once, or is no text, is replaced. */
function joinFields(known: Fields, delta: Fields): Fields {
  const result: Record<string, unknown> = { ...known };
  for (const [name, value] of Object.entries(withoutNothing(delta))) {
    if (typeof value === "string" && !ONCE.has(name)) result[name] = joinText(result[name], value);
    else if (value !== "" || result[name] === undefined) result[name] = value;
  }
  return result;
}

function wholeChoice({ message, calls, text, finishReason }: Choice): Fields {
  if (text !== undefined) return { text, finish_reason: finishReason };
  const toolCalls = calls.size === 0 ? {} : { tool_calls: [...calls.values()] };
  const content = message["content"] ?? null;
  return { message: { ...message, content, ...toolCalls }, finish_reason: finishReason };
}
