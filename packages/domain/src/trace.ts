import * as z from "zod";
import {
  type JsonObject,
  type JsonValue,
  jsonObjectSchema,
  jsonValueSchema,
  type StringMap,
  stringMapSchema,
} from "./json.ts";
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

/** The summary of a trace: its root, and the sums over its spans. */
export interface Trace {
  /** 32 hex digits. */
  readonly id: string;
  readonly experimentId: string;
  /** The root span's name. */
  readonly name: string;
  readonly status: SpanStatus;
  readonly startTime: number;
  readonly endTime?: number;
  /** Milliseconds; absent while in progress. */
  readonly durationMs?: number;
  readonly sessionId?: string;
  readonly userId?: string;
  /** The run this trace belongs to. */
  readonly runId?: string;
  readonly tags: StringMap;
  readonly metadata: JsonObject;
  /** Up to 1000 characters of the root's input and output. */
  readonly inputPreview?: string;
  readonly outputPreview?: string;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Sums over the model spans. */
  readonly usage: TokenUsage;
  /** US dollars; absent when no span has a cost. */
  readonly cost?: number;
  /** Every prompt version that a span used. */
  readonly prompts: readonly PromptRef[];
}

/** Who judged. */
export type AssessmentSource = "human" | "llm_judge" | "code";

/** A judgement on a trace or one of its spans. */
export interface Assessment {
  /** 32 hex digits, ordered by time. */
  readonly id: string;
  readonly traceId: string;
  readonly spanId?: string;
  /** `feedback` is an opinion on what came out; `expectation` is what should have come out. */
  readonly kind: "feedback" | "expectation";
  readonly name: string;
  readonly value: JsonValue;
  readonly source: AssessmentSource;
  /** User, judge or scorer. */
  readonly sourceId?: string;
  readonly rationale?: string;
  /** Why there is no value. */
  readonly error?: string;
  readonly metadata: JsonObject;
  /** The evaluation run that made it. */
  readonly runId?: string;
  readonly createdAt: number;
}

/** Schema of {@link SpanStatus}. */
export const spanStatusSchema: z.ZodType<SpanStatus> = z.enum([
  "in_progress",
  "ok",
  "error",
  "cancelled",
  "interrupted",
  "abandoned",
]);

/** Schema of {@link SpanType}. */
export const spanTypeSchema: z.ZodType<SpanType> = z.enum([
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
]);

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

/** Schema of {@link Trace}. */
export const traceSchema: z.ZodType<Trace> = z.object({
  id: z.string(),
  experimentId: z.string(),
  name: z.string(),
  status: spanStatusSchema,
  startTime: z.number(),
  endTime: z.number().exactOptional(),
  durationMs: z.number().exactOptional(),
  sessionId: z.string().exactOptional(),
  userId: z.string().exactOptional(),
  runId: z.string().exactOptional(),
  tags: stringMapSchema,
  metadata: jsonObjectSchema,
  inputPreview: z.string().exactOptional(),
  outputPreview: z.string().exactOptional(),
  spanCount: z.number().int(),
  errorCount: z.number().int(),
  usage: tokenUsageSchema,
  cost: z.number().exactOptional(),
  prompts: z.array(promptRefSchema),
});

/** Schema of {@link Assessment}. */
export const assessmentSchema: z.ZodType<Assessment> = z.object({
  id: z.string(),
  traceId: z.string(),
  spanId: z.string().exactOptional(),
  kind: z.enum(["feedback", "expectation"]),
  name: z.string(),
  value: jsonValueSchema,
  source: z.enum(["human", "llm_judge", "code"]),
  sourceId: z.string().exactOptional(),
  rationale: z.string().exactOptional(),
  error: z.string().exactOptional(),
  metadata: jsonObjectSchema,
  runId: z.string().exactOptional(),
  createdAt: z.number(),
});
