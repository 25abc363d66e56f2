import type { SpanType } from "@rivulet/core";
import type { Body, Convention, SpanView } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { conversationOf, type Side, toMessages } from "../conversation.ts";
import { renameSettings } from "../settings.ts";
import type { SpanAttributes } from "../span-attributes.ts";
import { parsed } from "../span-attributes.ts";
import { tagsOf } from "../tags.ts";
import { fieldAt, readUsage } from "../usage-counts.ts";

const KINDS: Readonly<Record<string, SpanType>> = {
  LLM: "chat_model",
  CHAIN: "chain",
  AGENT: "agent",
  TOOL: "tool",
  RETRIEVER: "retriever",
  RERANKER: "reranker",
  EMBEDDING: "embedding",
  GUARDRAIL: "guardrail",
  EVALUATOR: "evaluator",
  PROMPT: "chain",
};

/** OpenInference, which Phoenix and its instrumentations speak. */
export const openInference: Convention = {
  name: "OpenInference",
  roots: [
    "openinference",
    "llm",
    "input",
    "output",
    "tool",
    "retrieval",
    "reranker",
    "embedding",
    "metadata",
    "tag",
  ],
  scopes: /openinference/,
  read: {
    type: ({ attributes }) =>
      attributes.oneOf(KINDS, "openinference.span.kind") ?? typeOf(attributes),
    name: ({ attributes, type }) => (type === "tool" ? attributes.text("tool.name") : undefined),
    input: (view) => readMessages(view, "input") ?? readPrompts(view) ?? readInput(view),
    output: (view) =>
      readMessages(view, "output") ?? readDocuments(view) ?? readValue(view, "output"),
    tools: ({ attributes }) =>
      attributes
        .list("llm.tools.")
        ?.map((tool) => parsed(fieldAt(tool, "tool.json_schema") ?? tool)),
    model: ({ attributes }) => ({
      response: attributes.text(
        "llm.response.model_name",
        "llm.model_name",
        "embedding.model_name",
        "reranker.model_name",
      ),
      request: attributes.text("llm.request.model_name"),
    }),
    provider: ({ attributes }) => attributes.text("llm.provider", "llm.system"),
    usage: ({ attributes }) => readUsage(attributes, "llm.token_count."),
    cost: readCost,
    settings: ({ attributes }) => renameSettings(attributes.json("llm.invocation_parameters")),
    details: ({ attributes }) => ({
      finishReason: attributes.text("llm.finish_reason", "llm.stop_reason"),
      toolCallId: attributes.text("tool.id", "tool_call.id"),
      agentName: attributes.text("agent.name"),
    }),
    tags: ({ attributes }) => tagsOf(attributes.words("tag.tags")),
    metadata({ attributes }) {
      const metadata = parsed(attributes.peek("metadata"));
      if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata))
        return undefined;
      attributes.drop("metadata");
      return metadata as Readonly<Record<string, unknown>>;
    },
    userId: ({ attributes }) => textAt(parsed(attributes.peek("metadata")), "user_id"),
    sessionId: ({ attributes }) => textAt(parsed(attributes.peek("metadata")), "session_id"),
    experimentId: ({ span }) => textAt(span.resource, "openinference.project.name"),
  },
};

/** What its older instrumentations do not say. */
function typeOf({ names }: SpanAttributes): SpanType | undefined {
  if (names.some((name) => name.startsWith("retrieval.documents"))) return "retriever";
  return names.some((name) => name.startsWith("reranker.")) ? "reranker" : undefined;
}

/** Only the messages of which something is left: `input.value` has them a second time, as the provider takes them. */
function readMessages({ attributes }: SpanView, of: "input" | "output"): Body | undefined {
  const items = attributes.list(`llm.${of}_messages.`);
  if (items === undefined) return undefined;
  const side = of === "input" ? "user" : "assistant";
  const messages = toMessages(
    items.map((item) => readItem(item, side)),
    side,
  );
  const others = restOf(attributes, { of, side, count: messages.length });
  return others === undefined ? { messages } : { messages, others };
}

interface Told {
  readonly of: "input" | "output";
  readonly side: Side;
  readonly count: number;
}

/** What the value says besides the messages that are known; it stays as it is where it has more of them. */
function restOf(
  attributes: SpanAttributes,
  { of, side, count }: Told,
): Readonly<Record<string, unknown>> | undefined {
  const body = conversationOf(attributes.peek(`${of}.value`), side);
  if (body === undefined || !("messages" in body) || body.messages.length > count) return undefined;
  attributes.drop(`${of}.value`, `${of}.mime_type`);
  // An answer may be a message itself, with facts of the call in it.
  const [only] = body.messages;
  return body.others ?? (body.messages.length === 1 ? only?.extra : undefined);
}

function readItem(item: unknown, side: Side): unknown {
  const message = fieldAt(item, "message");
  if (typeof message !== "object" || message === null) return item;
  const {
    content: given,
    contents,
    tool_calls: calls,
    ...fields
  } = message as Readonly<Record<string, unknown>>;
  // Instrumentations write the content as an odd list now and then.
  const content = Array.isArray(contents)
    ? contents.map(readPart)
    : Array.isArray(given)
      ? given
      : given;
  return {
    ...fields,
    role: fields["role"] ?? side,
    content: content ?? "",
    ...(Array.isArray(calls)
      ? { tool_calls: calls.map((call: unknown) => fieldAt(call, "tool_call") ?? call) }
      : {}),
  };
}

/** `{ message_content: { type, text, image: { image: { url } } } }`. */
function readPart(part: unknown): unknown {
  const content = fieldAt(part, "message_content");
  if (typeof content !== "object" || content === null) return part;
  const call = readCall(part, content);
  if (call !== undefined) return call;
  const fields = content as Readonly<Record<string, unknown>>;
  for (const kind of ["image", "audio", "video"] as const) {
    const file = fields[kind];
    if (typeof file !== "object" || file === null) continue;
    const inner = fieldAt(file, kind) ?? file;
    return { type: kind, ...(typeof inner === "object" ? inner : { url: inner }) };
  }
  return "type" in fields ? fields : { type: "text", ...fields };
}

/** A call of a tool that stands among texts and thoughts: beside the content of its part, or in it. */
function readCall(part: unknown, content: object): unknown {
  const call = fieldAt(part, "tool_call") ?? fieldAt(content, "tool_call");
  if (typeof call !== "object" || call === null) return undefined;
  const { tool_call: _, ...fields } = content as Readonly<Record<string, unknown>>;
  return { ...fields, type: "tool_call", ...call };
}

/** A completion without roles: `llm.prompts`, a list or single attributes. */
function readPrompts({ attributes }: SpanView): Body | undefined {
  const prompts = attributes.list("llm.prompts.") ?? attributes.words("llm.prompts");
  if (prompts === undefined) return undefined;
  const texts = prompts.map((prompt) => fieldAt(prompt, "prompt.text") ?? prompt);
  return { messages: toMessages(texts, "user") };
}

function readInput(view: SpanView): Body | undefined {
  return (
    readValue(view, "input") ??
    valueBody(readTool(view) ?? view.attributes.take("embedding.text", "reranker.query"))
  );
}

function readTool({ attributes, type }: SpanView): unknown {
  return type === "tool" ? attributes.json("tool.parameters") : undefined;
}

function readValue({ attributes }: SpanView, of: "input" | "output"): Body | undefined {
  const value = attributes.take(`${of}.value`);
  if (value === undefined) return undefined;
  const isJson = attributes.take(`${of}.mime_type`) !== "text/plain";
  return { value: isJson ? parsed(value) : value };
}

/** Documents, where nothing else says what was found. */
function readDocuments({ attributes }: SpanView): Body | undefined {
  if (attributes.peek("output.value") !== undefined) return undefined;
  const documents =
    attributes.list("retrieval.documents.") ?? attributes.json("retrieval.documents");
  if (!Array.isArray(documents)) return undefined;
  return {
    value: { documents: documents.map((item: unknown) => fieldAt(item, "document") ?? item) },
  };
}

function readCost({ attributes }: SpanView): number | undefined {
  const total = attributes.number("llm.cost.total");
  if (total !== undefined) return total;
  const prompt = attributes.number("llm.cost.prompt");
  const completion = attributes.number("llm.cost.completion");
  return prompt === undefined && completion === undefined
    ? undefined
    : (prompt ?? 0) + (completion ?? 0);
}

function textAt(value: unknown, name: string): string | undefined {
  const text =
    typeof value === "object" && value !== null && Object.hasOwn(value, name)
      ? (value as Readonly<Record<string, unknown>>)[name]
      : undefined;
  return typeof text === "string" && text !== "" ? text : undefined;
}
