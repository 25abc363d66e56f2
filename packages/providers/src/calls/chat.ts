import { readMessages } from "@rivulet/core";
import type { CallRequest } from "./endpoint.ts";
import { type Fields, fieldOf, listOf, textOf } from "./read-value.ts";

/** Settings that providers call differently, by the names that spans have for them. */
const NAMES: Readonly<Record<string, string>> = {
  max_tokens: "maxOutputTokens",
  max_completion_tokens: "maxOutputTokens",
  max_output_tokens: "maxOutputTokens",
  maxTokens: "maxOutputTokens",
  num_predict: "maxOutputTokens",
  stop: "stopSequences",
  reasoning_effort: "reasoning",
  random_seed: "seed",
  randomSeed: "seed",
};

/** What a request has that is no setting. */
const CONTENT: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "input",
  "inputs",
  "prompt",
  "contents",
  "system",
  "instructions",
  "tools",
  "functions",
  "stream",
  "stream_options",
]);

/** Reads a request with messages and tools. */
export function readChatRequest(body: Fields): CallRequest {
  const tools = body["tools"] ?? body["functions"];
  return {
    model: textOf(body["model"]),
    input: {
      ...readInput(body),
      ...(listOf(tools).length === 0 ? {} : { tools }),
    },
    settings: settingsOf(body),
  };
}

/** What the model is told: messages where they can be read, else what the request has. */
export function readInput(body: Fields): Fields {
  const text = [body["input"], body["prompt"], body["contents"], body["inputs"]].find(isText);
  const asked =
    text === undefined ? body : { ...body, messages: [{ role: "user", content: text }] };
  const messages = readMessages(asked);
  return messages === undefined ? contentOf(body) : { messages };
}

function contentOf(body: Fields): Fields {
  const content: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body))
    if (isContent(name, value) && name !== "model" && name !== "stream") content[name] = value;
  return content;
}

/** The settings of a request, by one set of names. */
export function settingsOf(body: Fields): Fields {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (isContent(name, value) || value === undefined || typeof value === "function") continue;
    settings[NAMES[name] ?? camelCase(name)] = value;
  }
  return settings;
}

/** A prompt that is kept at the provider, and named with its variables, is none of the messages. */
function isContent(name: string, value: unknown): boolean {
  return CONTENT.has(name) && !(name === "prompt" && textOf(fieldOf(value, "id")) !== undefined);
}

/** The messages of an answer; the answer itself where it has none that can be read. */
export function readOutput(answer: unknown): unknown {
  const messages = readMessages(answer);
  return messages === undefined ? answer : { messages };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function camelCase(name: string): string {
  return name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}
