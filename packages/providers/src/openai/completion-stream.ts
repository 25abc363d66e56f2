import type { StreamReader } from "../calls/endpoint.ts";
import {
  type Fields,
  fieldOf,
  fieldsOf,
  listOf,
  numberOf,
  textOf,
  withoutNothing,
} from "../calls/read-value.ts";
import { itemAt, joinList, joinText, lastCounted } from "../calls/stream-parts.ts";
import { joinFields, joinItems, type StreamedCalls, streamedCalls } from "./streamed-calls.ts";

interface Choice {
  readonly message: Record<string, unknown>;
  readonly calls: StreamedCalls;
  text: string | undefined;
  finishReason: unknown;
}

function startChoice(): Choice {
  return {
    message: { role: "assistant" },
    calls: streamedCalls(),
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
/** Lists whose items come in pieces. */
const PIECES: ReadonlySet<string> = new Set(["reasoning_details"]);

/** Puts the chunks of completions together. */
export function readCompletionStream(): StreamReader {
  const head: Record<string, unknown> = {};
  const choices = new Map<number, Choice>();
  return {
    add(chunk) {
      const { choices: given, usage: _, ...others } = fieldsOf(chunk);
      Object.assign(head, told(others));
      const usage = lastCounted(head["usage"], countedIn(chunk));
      if (usage !== undefined) head["usage"] = usage;
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

/** What a chunk says: Azure gives empty texts in the first and the last one. */
function told(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(withoutNothing(fields)).filter(([, value]) => value !== ""),
  );
}

/** Groq tells the usage of a stream in a field of its own, Moonshot in the choice. */
function countedIn(chunk: unknown): unknown {
  const [choice] = listOf(fieldOf(chunk, "choices"));
  return (
    fieldOf(chunk, "usage") ??
    fieldOf(fieldOf(chunk, "x_groq"), "usage") ??
    fieldOf(choice, "usage") ??
    undefined
  );
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
  for (const call of listOf(given)) calls.add(fieldsOf(call));
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
  if (PIECES.has(name)) return joinItems(listOf(known), listOf(value));
  return Array.isArray(value) ? joinList(known, value) : value;
}

function wholeChoice({ message, calls, text, finishReason }: Choice): Fields {
  if (text !== undefined) return { text, finish_reason: finishReason };
  const toolCalls = calls.all.length === 0 ? {} : { tool_calls: calls.all };
  const content = message["content"] ?? null;
  return { message: { ...message, content, ...toolCalls }, finish_reason: finishReason };
}
