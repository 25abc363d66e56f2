import type { SpanType } from "@rivulet/core";
import type { Convention, SpanView } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { withInstructions } from "../conversation.ts";
import { tagsOf } from "../tags.ts";
import { timeOf } from "../times.ts";

const TYPES: Readonly<Record<string, SpanType>> = {
  agent_run: "agent",
  model_generation: "chat_model",
  model_inference: "chat_model",
  model_step: "task",
  model_chunk: "unknown",
  tool_call: "tool",
  client_tool_call: "tool",
  provider_tool_call: "tool",
  mcp_tool_call: "tool",
  workflow_run: "workflow",
  workflow_step: "task",
  memory_operation: "memory",
  processor_run: "chain",
  scorer_run: "evaluator",
  rag_embedding: "embedding",
};
const METADATA = "mastra.metadata.";

/** Mastra's exporter, whose spans since version 1 are also OpenTelemetry's. */
export const mastra: Convention = {
  name: "Mastra",
  roots: ["mastra"],
  read: {
    type: readType,
    input(view) {
      const value = readBody(view, "input");
      if (typeof value !== "string") return valueBody(value);
      const instructions = view.attributes.take("gen_ai.system_instructions");
      return { messages: withInstructions([{ role: "user", content: value }], instructions) };
    },
    output: (view) => valueBody(readBody(view, "output")),
    provider({ attributes, span }) {
      if (span.attributes["mastra.span.type"] === undefined) return undefined;
      // The AI SDK says which API of a provider it calls: "openai.chat".
      return attributes.text("gen_ai.provider.name")?.replace(/\..*/s, "");
    },
    outcome: ({ attributes }) =>
      attributes.peek("mastra.span.type") === "model_inference" &&
      String(attributes.peek("gen_ai.response.finish_reasons")).includes("error")
        ? { isError: true }
        : undefined,
    firstTokenTime: ({ attributes }) => timeOf(attributes.take("mastra.completion_start_time")),
    details: ({ attributes, span, type }) => ({
      agentName:
        type === "agent"
          ? (attributes.text("agent.id") ?? span.name.replace(/^agent\./, ""))
          : undefined,
    }),
    sessionId: ({ attributes }) =>
      attributes.text(`${METADATA}sessionId`, `${METADATA}threadId`, "sessionId", "threadId"),
    userId: ({ attributes }) => attributes.text(`${METADATA}userId`, "userId"),
    tags: ({ attributes }) => tagsOf(attributes.words("mastra.tags")),
  },
};

/** A generation that has its calls below it groups them. */
function readType({ attributes, span }: SpanView): SpanType | undefined {
  const isGroup = span.attributes["gen_ai.operation.name"] === "model_generation";
  return isGroup ? "task" : attributes.oneOf(TYPES, "mastra.span.type");
}

function readBody({ attributes, span }: SpanView, of: "input" | "output"): unknown {
  const type = span.attributes["mastra.span.type"];
  return attributes.json(`mastra.${String(type)}.${of}`, of);
}
