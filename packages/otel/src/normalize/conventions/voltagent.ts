import type { SpanType } from "@rivulet/core";
import type { Convention, SpanView } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { joinUsage, readUsage } from "../usage-counts.ts";

const TYPES: Readonly<Record<string, SpanType>> = {
  agent: "agent",
  llm: "chat_model",
  tool: "tool",
  memory: "memory",
  retriever: "retriever",
  embedding: "embedding",
  workflow: "workflow",
  "workflow-step": "task",
  guardrail: "guardrail",
};

/** VoltAgent, whose names have no beginning in common. */
export const voltAgent: Convention = {
  name: "VoltAgent",
  roots: ["voltagent", "entity"],
  scopes: /^@voltagent\//,
  read: {
    type: ({ attributes }) => attributes.oneOf(TYPES, "span.type", "entity.type"),
    name: ({ attributes, type }) => (type === "tool" ? attributes.text("tool.name") : undefined),
    input: ({ attributes, type }) => {
      const value = attributes.json("llm.messages", "input", "agent.messages");
      return valueBody(type === "chat_model" && Array.isArray(value) ? { messages: value } : value);
    },
    output: ({ attributes }) => valueBody(attributes.json("output")),
    model: ({ attributes }) => ({ request: attributes.text("llm.model", "ai.model.name") }),
    provider: ({ attributes }) => attributes.text("llm.provider", "ai.model.provider"),
    usage: ({ attributes }) =>
      joinUsage(readUsage(attributes, "llm.usage."), readUsage(attributes, "usage.")),
    cost: ({ attributes }) => attributes.number("usage.cost"),
    details: (view) => ({
      finishReason: view.attributes.text("llm.finish_reason", "ai.response.finish_reason"),
      toolCallId: view.attributes.text("tool.call.id"),
      agentName: agentOf(view),
    }),
    prompts: ({ attributes }) => {
      const version = attributes.number("prompt.version");
      const name = version === undefined ? undefined : attributes.text("prompt.name");
      if (name === undefined || version === undefined || !Number.isInteger(version) || version < 1)
        return undefined;
      return [{ name, version }];
    },
    sessionId: ({ attributes }) => attributes.text("conversation.id", "voltagent.conversation_id"),
  },
};

function agentOf({ attributes, type }: SpanView): string | undefined {
  return type === "agent" ? attributes.text("entity.name") : undefined;
}
