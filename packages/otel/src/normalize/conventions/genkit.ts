import type { SpanType } from "@rivulet/core";
import type { Convention } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { parsed, type SpanAttributes } from "../span-attributes.ts";
import { fieldAt, usageOf } from "../usage-counts.ts";

const SUBTYPES: Readonly<Record<string, SpanType>> = {
  model: "chat_model",
  "background-model": "chat_model",
  embedder: "embedding",
  tool: "tool",
  "tool.v2": "tool",
  retriever: "retriever",
  reranker: "reranker",
  evaluator: "evaluator",
  flow: "workflow",
};
const TYPES: Readonly<Record<string, SpanType>> = {
  flow: "workflow",
  util: "task",
  flowStep: "task",
  dotprompt: "chain",
};

/** Plugins that are not called as those whose models they offer. */
const PROVIDERS: Readonly<Record<string, string>> = {
  googleai: "google",
  vertexai: "google",
};

/** Firebase Genkit. */
export const genkit: Convention = {
  name: "Genkit",
  roots: ["genkit"],
  read: {
    type: ({ attributes }) =>
      attributes.oneOf(SUBTYPES, "genkit:metadata:subtype") ??
      attributes.oneOf(TYPES, "genkit:type"),
    name: ({ attributes }) => attributes.text("genkit:name"),
    input({ attributes, type }) {
      const input = attributes.json("genkit:input");
      return valueBody(type === "chat_model" ? withTypedResults(input) : input);
    },
    output({ attributes, type }) {
      const output = attributes.json("genkit:output");
      if (type !== "chat_model" || fieldAt(output, "message") === undefined)
        return valueBody(output);
      // It repeats the request.
      const { request: _, ...answer } = output as Readonly<Record<string, unknown>>;
      return { value: answer };
    },
    tools: ({ attributes }) => {
      const tools = fieldAt(parsed(attributes.peek("genkit:input")), "tools");
      return Array.isArray(tools) && tools.length > 0 ? tools : undefined;
    },
    model({ attributes, type }) {
      if (!isModel(type)) return {};
      const raw = rawOf(attributes);
      return {
        response: textAt(raw, "model") ?? textAt(raw, "modelVersion"),
        request: String(attributes.peek("genkit:name")),
      };
    },
    provider({ attributes, type }) {
      const [, plugin] = /^([^/]+)\//.exec(String(attributes.peek("genkit:name"))) ?? [];
      return isModel(type) && plugin !== undefined ? (PROVIDERS[plugin] ?? plugin) : undefined;
    },
    usage: ({ attributes, type }) =>
      isModel(type)
        ? usageOf(fieldAt(parsed(attributes.peek("genkit:output")), "usage"))
        : undefined,
    details({ attributes }) {
      const raw = rawOf(attributes);
      return {
        finishReason: textAt(parsed(attributes.peek("genkit:output")), "finishReason"),
        responseId: textAt(raw, "id") ?? textAt(raw, "responseId"),
      };
    },
    outcome: ({ attributes }) =>
      attributes.peek("genkit:state") === "error" ? { isError: true } : undefined,
    sessionId: ({ attributes }) => attributes.text("genkit:sessionId"),
  },
};

function isModel(type: SpanType): boolean {
  return type === "chat_model" || type === "embedding";
}

/** The answer as the provider's own client has it, where the plugin keeps it. */
function rawOf(attributes: SpanAttributes): unknown {
  const output = parsed(attributes.peek("genkit:output"));
  return fieldAt(output, "raw") ?? fieldAt(output, "custom");
}

function textAt(value: unknown, field: string): string | undefined {
  const found = fieldAt(value, field);
  return typeof found === "string" ? found : undefined;
}

/** What tools have answered, as parts with a type: without one it reads as a value that a tool has returned. */
function withTypedResults(input: unknown): unknown {
  const messages = fieldAt(input, "messages");
  if (!Array.isArray(messages)) return input;
  return { ...Object(input), messages: messages.map(withTypedParts) };
}

function withTypedParts(message: unknown): unknown {
  const content = fieldAt(message, "content");
  if (fieldAt(message, "role") !== "tool" || !Array.isArray(content)) return message;
  const parts = content.map((part: unknown) => {
    const result = fieldAt(part, "toolResponse");
    return result === undefined ? part : { ...Object(result), type: "tool_result" };
  });
  return { ...Object(message), content: parts };
}
