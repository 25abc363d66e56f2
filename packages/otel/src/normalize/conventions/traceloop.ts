import type { SpanType } from "@rivulet/core";
import type { Body, Convention } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { toMessages } from "../conversation.ts";
import { parsed, type SpanAttributes } from "../span-attributes.ts";
import { fieldAt } from "../usage-counts.ts";

const KINDS: Readonly<Record<string, SpanType>> = {
  workflow: "workflow",
  task: "task",
  agent: "agent",
  tool: "tool",
};
const PROPERTIES = "traceloop.association.properties.";

/** OpenLLMetry's own attributes. */
export const traceloop: Convention = {
  name: "OpenLLMetry",
  roots: ["traceloop"],
  read: {
    type: ({ attributes, span }) => typeOf(attributes, span.name),
    name: ({ attributes, type }) =>
      attributes.text("traceloop.entity.name") ??
      (type === "workflow" ? attributes.text("traceloop.workflow.name") : undefined),
    input: ({ attributes }) => valueBody(attributes.json("traceloop.entity.input")),
    output: ({ attributes }) => valueBody(attributes.json("traceloop.entity.output")),
    sessionId: ({ attributes }) =>
      attributes.text(`${PROPERTIES}session_id`, `${PROPERTIES}sessionId`, `${PROPERTIES}chat_id`),
    userId: ({ attributes }) => attributes.text(`${PROPERTIES}user_id`, `${PROPERTIES}userId`),
  },
};

/** Instrumentations of frameworks call most things a task: what it is, is in its name. */
function typeOf(attributes: SpanAttributes, name: string): SpanType | undefined {
  const type = attributes.oneOf(KINDS, "traceloop.span.kind");
  if (type !== "task") return type;
  if (/embedding/i.test(name)) return "embedding";
  return /retriever?\b|\.retrieve$/i.test(name) ? "retriever" : type;
}

/** Messages that are written as single attributes: OpenLLMetry's older way, also of Koog and early Strands. */
export const indexedMessages: Convention = {
  name: "OpenLLMetry, indexed messages",
  roots: ["gen_ai", "llm"],
  read: {
    input: ({ attributes }) => toBody(attributes.list("gen_ai.prompt."), "user"),
    output: ({ attributes }) => toBody(attributes.list("gen_ai.completion."), "assistant"),
    tools: ({ attributes }) => attributes.list("llm.request.functions."),
    usage({ attributes }) {
      const totalTokens = attributes.number("llm.usage.total_tokens");
      return totalTokens === undefined ? undefined : { totalTokens };
    },
    details: ({ attributes }) => ({
      finishReason: attributes.text("gen_ai.completion.0.finish_reason"),
    }),
  },
};

function toBody(
  items: readonly unknown[] | undefined,
  side: "user" | "assistant",
): Body | undefined {
  return (
    items && {
      messages: toMessages(
        items.map((item) => readItem(item, side)),
        side,
      ),
    }
  );
}

function readItem(item: unknown, side: "user" | "assistant"): unknown {
  if (typeof item !== "object" || item === null) return item;
  const { text, content: given = text, ...fields } = item as Readonly<Record<string, unknown>>;
  const content = parsed(given);
  const role = fields["role"] ?? side;
  if (!isCalls(content))
    return { ...fields, role, content: isParts(content) ? content : (given ?? "") };
  // Koog writes the calls of an answer as its content, and calls who asks for them the tool.
  return { ...fields, role: "assistant", content: "", tool_calls: content };
}

function isParts(content: unknown): boolean {
  return (
    Array.isArray(content) &&
    content.every(
      (part) => typeof part === "object" && part !== null && ("type" in part || "text" in part),
    )
  );
}

function isCalls(content: unknown): boolean {
  return (
    Array.isArray(content) &&
    content.length > 0 &&
    content.every((call) => fieldAt(call, "function.name") !== undefined)
  );
}
