import type { SpanType } from "@rivulet/core";
import type { Convention } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { parsed } from "../span-attributes.ts";
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

/** Firebase Genkit. */
export const genkit: Convention = {
  name: "Genkit",
  roots: ["genkit"],
  read: {
    type: ({ attributes }) =>
      attributes.oneOf(SUBTYPES, "genkit:metadata:subtype") ??
      attributes.oneOf(TYPES, "genkit:type"),
    name: ({ attributes }) => attributes.text("genkit:name"),
    input: ({ attributes }) => valueBody(attributes.json("genkit:input")),
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
    model: ({ attributes, type }) => ({
      request:
        type === "chat_model" || type === "embedding"
          ? String(attributes.peek("genkit:name"))
          : undefined,
    }),
    usage: ({ attributes, type }) =>
      type === "chat_model" || type === "embedding"
        ? usageOf(fieldAt(parsed(attributes.peek("genkit:output")), "usage"))
        : undefined,
    details({ attributes }) {
      const reason = fieldAt(parsed(attributes.peek("genkit:output")), "finishReason");
      return { finishReason: typeof reason === "string" ? reason : undefined };
    },
    outcome: ({ attributes }) =>
      attributes.peek("genkit:state") === "error" ? { isError: true } : undefined,
    sessionId: ({ attributes }) => attributes.text("genkit:sessionId"),
  },
};
