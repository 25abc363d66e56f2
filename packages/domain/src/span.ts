import * as z from "zod";
import type { ColumnsOf, StoredTable } from "./entity.ts";
import { type JsonObject, type JsonValue, jsonObjectSchema, jsonValueSchema } from "./json.ts";
import { type PromptRef, promptRefSchema } from "./prompt.ts";

/**
 * How a span or trace stands. `interrupted` waits for a human (LangGraph), `abandoned` was left by its
 * consumer or its process without an end.
 */
export type SpanStatus = "in_progress" | "ok" | "error" | "cancelled" | "interrupted" | "abandoned";

/** What kind of work a span is: MLflow's span types, lower case. */
export type SpanType =
  | "llm"
  | "chat_model"
  | "chain"
  | "agent"
  | "tool"
  | "retriever"
  | "embedding"
  | "reranker"
  | "parser"
  | "memory"
  | "workflow"
  | "task"
  | "guardrail"
  | "evaluator"
  | "unknown";

/** Tokens of one model call. The parts are contained in their totals. */
export interface TokenUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  /** Part of `inputTokens` read from the provider's cache. */
  readonly cacheReadTokens?: number;
  /** Part of `inputTokens` written to the provider's cache. */
  readonly cacheWriteTokens?: number;
  /** Part of `outputTokens` spent on reasoning. */
  readonly reasoningTokens?: number;
}

/** Something that happened inside a span. */
export interface SpanEvent {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly attributes?: JsonObject;
}

/** One step of a trace. */
export interface Span {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly id: string;
  /** Absent on the root. */
  readonly parentId?: string;
  readonly experimentId: string;
  readonly name: string;
  readonly type: SpanType;
  readonly status: SpanStatus;
  /** Why the status is what it is: the error's message. */
  readonly statusMessage?: string;
  /** Milliseconds since the epoch, exact to the microsecond. */
  readonly startTime: number;
  /** Absent while the span is in progress. */
  readonly endTime?: number;
  readonly input?: JsonValue;
  readonly output?: JsonValue;
  readonly attributes: JsonObject;
  readonly events: readonly SpanEvent[];
  /** Only on model and embedding spans, never on their parents: sums count nothing twice. */
  readonly usage?: TokenUsage;
  /** US dollars. */
  readonly cost?: number;
  /** The model that answered. */
  readonly model?: string;
  readonly provider?: string;
  /** Milliseconds from start to the first output token. */
  readonly timeToFirstTokenMs?: number;
  readonly prompts?: readonly PromptRef[];
}

/** A span without its bodies: what trees and waterfalls need. */
export type SpanSkeleton = Omit<Span, "input" | "output" | "attributes" | "events">;

/** Every {@link SpanStatus}. */
export const SPAN_STATUSES: readonly SpanStatus[] = [
  "in_progress",
  "ok",
  "error",
  "cancelled",
  "interrupted",
  "abandoned",
];

/** Schema of {@link SpanStatus}. */
export const spanStatusSchema: z.ZodType<SpanStatus> = z.enum(SPAN_STATUSES);

/** Every {@link SpanType}. */
export const SPAN_TYPES: readonly SpanType[] = [
  "llm",
  "chat_model",
  "chain",
  "agent",
  "tool",
  "retriever",
  "embedding",
  "reranker",
  "parser",
  "memory",
  "workflow",
  "task",
  "guardrail",
  "evaluator",
  "unknown",
];

/** Schema of {@link SpanType}. */
export const spanTypeSchema: z.ZodType<SpanType> = z.enum(SPAN_TYPES);

/** Schema of {@link TokenUsage}. */
export const tokenUsageSchema: z.ZodType<TokenUsage> = z.object({
  inputTokens: z.number().exactOptional(),
  outputTokens: z.number().exactOptional(),
  totalTokens: z.number().exactOptional(),
  cacheReadTokens: z.number().exactOptional(),
  cacheWriteTokens: z.number().exactOptional(),
  reasoningTokens: z.number().exactOptional(),
});

const skeletonShape = {
  traceId: z.string(),
  id: z.string(),
  parentId: z.string().exactOptional(),
  experimentId: z.string(),
  name: z.string(),
  type: spanTypeSchema,
  status: spanStatusSchema,
  statusMessage: z.string().exactOptional(),
  startTime: z.number(),
  endTime: z.number().exactOptional(),
  usage: tokenUsageSchema.exactOptional(),
  cost: z.number().exactOptional(),
  model: z.string().exactOptional(),
  provider: z.string().exactOptional(),
  timeToFirstTokenMs: z.number().exactOptional(),
  prompts: z.array(promptRefSchema).exactOptional(),
};

/** Schema of {@link SpanSkeleton}. */
export const spanSkeletonSchema: z.ZodType<SpanSkeleton> = z.object(skeletonShape);

/** Schema of {@link Span}. */
export const spanSchema: z.ZodType<Span> = z.object({
  ...skeletonShape,
  input: jsonValueSchema.exactOptional(),
  output: jsonValueSchema.exactOptional(),
  attributes: jsonObjectSchema,
  events: z.array(
    z.object({
      name: z.string(),
      timestamp: z.number(),
      attributes: jsonObjectSchema.exactOptional(),
    }),
  ),
});

/** The columns of a usage, in traces and spans. */
export const usageColumns: ColumnsOf<TokenUsage> = {
  inputTokens: "integer?",
  outputTokens: "integer?",
  totalTokens: "integer?",
  cacheReadTokens: "integer?",
  cacheWriteTokens: "integer?",
  reasoningTokens: "integer?",
};

const spanColumns: ColumnsOf<SpanSkeleton, "usage"> = {
  traceId: "text",
  id: "text",
  parentId: "text?",
  experimentId: "text",
  name: "text",
  type: "text",
  status: "text",
  statusMessage: "text?",
  startTime: "time",
  endTime: "time?",
  model: "text?",
  provider: "text?",
  cost: "real?",
  timeToFirstTokenMs: "duration?",
  prompts: "json?",
};

/** How spans are stored: input, output, attributes and events are one `body`. */
export const spanTable: StoredTable<"trace"> = {
  event: "trace",
  table: "spans",
  columns: { ...spanColumns, ...usageColumns },
  extra: { body: "json" },
  key: ["traceId", "id"],
  indexes: [
    { name: "spans_open", on: ["startTime"], where: { field: "status", is: "in_progress" } },
    { name: "spans_name", on: ["name", "traceId"], cut: true },
    { name: "spans_model", on: ["model", "traceId"], cut: true, where: { field: "model" } },
  ],
  added: { spans_name: 2, spans_model: 2 },
};
