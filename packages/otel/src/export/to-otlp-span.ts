import { readMessages, type Span, type SpanStatus, type SpanType, type Trace } from "@rivulet/core";
import { toGenAiMessages } from "./gen-ai-messages.ts";
import { type OtlpAttribute, toAttributes } from "./otlp-value.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A span as OTLP's JSON writes it. */
export interface OtlpJsonSpan {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** The span above. */
  readonly parentSpanId?: string;
  /** What was done. */
  readonly name: string;
  /** 1 internal, 3 client. */
  readonly kind: number;
  /** Nanoseconds since the epoch. */
  readonly startTimeUnixNano: string;
  /** Nanoseconds since the epoch. */
  readonly endTimeUnixNano: string;
  /** Details of the span, by OpenTelemetry's conventions for generative AI where they have a name. */
  readonly attributes: readonly OtlpAttribute[];
  /** What happened inside it. */
  readonly events: readonly {
    /** What happened. */
    readonly name: string;
    /** Nanoseconds since the epoch. */
    readonly timeUnixNano: string;
    /** Details of the event. */
    readonly attributes: readonly OtlpAttribute[];
  }[];
  /** How it ended. */
  readonly status: {
    /** 0 unset, 1 ok, 2 error. */
    readonly code: number;
    /** Why it is an error. */
    readonly message?: string;
  };
}

const OPERATIONS: Readonly<Partial<Record<SpanType, string>>> = {
  chat_model: "chat",
  llm: "text_completion",
  embedding: "embeddings",
  retriever: "retrieval",
  reranker: "rerank",
  tool: "execute_tool",
  agent: "invoke_agent",
  workflow: "invoke_workflow",
};
const MODELS: ReadonlySet<SpanType> = new Set(["chat_model", "llm", "embedding", "reranker"]);
const INTERNAL = 1;
const CLIENT = 3;

/** Attributes of ours → those of the conventions. */
const NAMES: Readonly<Record<string, string>> = {
  responseId: "gen_ai.response.id",
  serviceTier: "openai.response.service_tier",
  toolCallId: "gen_ai.tool.call.id",
  agentName: "gen_ai.agent.name",
  requestModel: "gen_ai.request.model",
  maxOutputTokens: "gen_ai.request.max_tokens",
  temperature: "gen_ai.request.temperature",
  topP: "gen_ai.request.top_p",
  topK: "gen_ai.request.top_k",
  frequencyPenalty: "gen_ai.request.frequency_penalty",
  presencePenalty: "gen_ai.request.presence_penalty",
  stopSequences: "gen_ai.request.stop_sequences",
  seed: "gen_ai.request.seed",
};

/** A span of ours as OTLP's JSON writes it, by OpenTelemetry's conventions for generative AI. */
export function toOtlpSpan(span: Span, trace?: Trace): OtlpJsonSpan {
  const { traceId, id, parentId, name, type, startTime, endTime = startTime, status } = span;
  return {
    traceId,
    spanId: id,
    ...(parentId === undefined ? {} : { parentSpanId: parentId }),
    name,
    kind: MODELS.has(type) ? CLIENT : INTERNAL,
    startTimeUnixNano: nanosecondsOf(startTime),
    endTimeUnixNano: nanosecondsOf(endTime),
    attributes: toAttributes({
      ...renamed(span.attributes),
      ...workOf(span),
      ...modelOf(span),
      ...bodiesOf(span),
      ...traceOf(span, trace),
    }),
    events: span.events.map((event) => ({
      name: event.name,
      timeUnixNano: nanosecondsOf(event.timestamp),
      attributes: toAttributes(event.attributes ?? {}),
    })),
    status: statusOf(status, span.statusMessage),
  };
}

/** Times are kept to the microsecond. */
function nanosecondsOf(milliseconds: number): string {
  return `${Math.round(milliseconds * 1_000)}000`;
}

function renamed(attributes: Fields): Fields {
  const entries = Object.entries(attributes).map(([name, value]) =>
    name === "finishReason"
      ? ["gen_ai.response.finish_reasons", [value]]
      : [Object.hasOwn(NAMES, name) ? NAMES[name] : name, value],
  );
  return Object.fromEntries(entries);
}

function workOf({ type, status, name, prompts }: Span): Fields {
  return {
    "rivulet.type": type,
    "rivulet.status": status === "ok" || status === "error" ? undefined : status,
    "rivulet.prompts": prompts === undefined ? undefined : JSON.stringify(prompts),
    "gen_ai.operation.name": OPERATIONS[type],
    "gen_ai.tool.name": type === "tool" ? name : undefined,
  };
}

function modelOf({ model, provider, usage, cost, timeToFirstTokenMs, attributes }: Span): Fields {
  return {
    "gen_ai.provider.name": provider,
    "gen_ai.response.model": model,
    "gen_ai.request.model": attributes["requestModel"] ?? model,
    "gen_ai.usage.input_tokens": usage?.inputTokens,
    "gen_ai.usage.output_tokens": usage?.outputTokens,
    "gen_ai.usage.total_tokens": usage?.totalTokens,
    "gen_ai.usage.cache_read.input_tokens": usage?.cacheReadTokens,
    "gen_ai.usage.cache_creation.input_tokens": usage?.cacheWriteTokens,
    "gen_ai.usage.reasoning.output_tokens": usage?.reasoningTokens,
    "gen_ai.usage.cacheWrite1hTokens": usage?.cacheWrite1hTokens,
    "gen_ai.usage.audio.input_tokens": usage?.audioInputTokens,
    "gen_ai.usage.audio.output_tokens": usage?.audioOutputTokens,
    "gen_ai.usage.image.input_tokens": usage?.imageInputTokens,
    "gen_ai.usage.image.output_tokens": usage?.imageOutputTokens,
    "gen_ai.usage.cost": cost,
    "gen_ai.response.time_to_first_chunk":
      timeToFirstTokenMs === undefined ? undefined : timeToFirstTokenMs / 1_000,
  };
}

function bodiesOf({ type, input, output, attributes }: Span): Fields {
  if (type === "tool") {
    return {
      "gen_ai.tool.call.arguments": jsonOf(input),
      "gen_ai.tool.call.result": jsonOf(output),
    };
  }
  const { finishReason } = attributes;
  return { ...bodyOf(input, "input"), ...bodyOf(output, "output", finishReason) };
}

function bodyOf(body: Span["input"], side: "input" | "output", finishReason?: unknown): Fields {
  const messages = isConversation(body) ? readMessages(body.messages) : undefined;
  if (messages === undefined) {
    const mimeType = typeof body === "string" ? "text/plain" : "application/json";
    return body === undefined
      ? {}
      : { [`${side}.value`]: jsonOf(body), [`${side}.mime_type`]: mimeType };
  }
  const { messages: _, tools, ...others } = body as Fields;
  return {
    [`gen_ai.${side}.messages`]: JSON.stringify(toGenAiMessages(messages, finishReason)),
    ...(tools === undefined ? {} : { "gen_ai.tool.definitions": JSON.stringify(tools) }),
    [`rivulet.${side}`]: Object.keys(others).length === 0 ? undefined : JSON.stringify(others),
  };
}

function isConversation(body: unknown): body is { readonly messages: unknown } {
  return typeof body === "object" && body !== null && !Array.isArray(body) && "messages" in body;
}

function jsonOf(value: unknown): string | undefined {
  return typeof value === "string" || value === undefined ? value : JSON.stringify(value);
}

/** What is known of the trace is on all its spans; its tags and metadata on the first. */
function traceOf({ parentId }: Span, trace: Trace | undefined): Fields {
  if (trace === undefined) return {};
  const { sessionId, userId, tags, metadata } = trace;
  const isFirst = parentId === undefined;
  return {
    "session.id": sessionId,
    "gen_ai.conversation.id": sessionId,
    "user.id": userId,
    "rivulet.tags": isFirst && Object.keys(tags).length > 0 ? JSON.stringify(tags) : undefined,
    "rivulet.metadata":
      isFirst && Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : undefined,
  };
}

function statusOf(status: SpanStatus, message: string | undefined): OtlpJsonSpan["status"] {
  const isError = status === "error" || status === "cancelled" || status === "abandoned";
  return {
    code: isError ? 2 : status === "ok" ? 1 : 0,
    ...(message === undefined ? {} : { message }),
  };
}
