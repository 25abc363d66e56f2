import * as z from "zod";
import type { ColumnsOf, StoredTable } from "./entity.ts";
import { type JsonObject, type JsonValue, jsonObjectSchema, jsonValueSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";
import { type PromptRef, promptRefSchema } from "./prompt.ts";

/**
 * State of a span or trace. `interrupted` waits for a human (LangGraph); `abandoned` was never ended, because its
 * consumer or its process went away.
 */
export type SpanStatus = "in_progress" | "ok" | "error" | "cancelled" | "interrupted" | "abandoned";

/** What kind of work a span records: MLflow's span types in lower case. */
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

/** Tokens of one model call, or sums over several. Counts that nobody reported are absent. */
export interface TokenUsage {
  /** Tokens of the prompt, cached ones included. */
  readonly inputTokens?: number;
  /** Tokens of the answer, reasoning included. */
  readonly outputTokens?: number;
  /** At least input and output together; more when the provider says so. */
  readonly totalTokens?: number;
  /** Part of `inputTokens` read from the provider's cache. */
  readonly cacheReadTokens?: number;
  /** Part of `inputTokens` written to the provider's cache, for however long. */
  readonly cacheWriteTokens?: number;
  /** Part of `cacheWriteTokens` that the cache keeps for an hour; it keeps the rest for five minutes. */
  readonly cacheWrite1hTokens?: number;
  /** Part of `outputTokens` spent on reasoning. */
  readonly reasoningTokens?: number;
  /** Part of `inputTokens` that stands for audio; without what the cache gave, where the provider tells how much. */
  readonly audioInputTokens?: number;
  /** Part of `outputTokens` that stands for audio. */
  readonly audioOutputTokens?: number;
  /** Part of `inputTokens` that stands for images; without what the cache gave, where the provider tells how much. */
  readonly imageInputTokens?: number;
  /** Part of `outputTokens` that stands for images. */
  readonly imageOutputTokens?: number;
}

/**
 * Why the usage and cost of a span are in no total: a span below it has them too (`repeated`), or they are those of a
 * scorer (`judge`).
 */
export type Uncounted = "repeated" | "judge";

/** Something that happened inside a span. */
export interface SpanEvent {
  /** What happened. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** Details of the event. */
  readonly attributes?: JsonObject;
}

/** One step of a trace. */
export interface Span {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly id: string;
  /** Id of the parent span; absent on the root. */
  readonly parentId?: string;
  /** The experiment of its trace. */
  readonly experimentId: string;
  /** What was called, such as the function, tool or model. */
  readonly name: string;
  /** What kind of work it was. */
  readonly type: SpanType;
  /** Whether it is still open, or how it ended. */
  readonly status: SpanStatus;
  /** Why it ended this way, such as the error's message. */
  readonly statusMessage?: string;
  /** Milliseconds since the epoch, accurate to the microsecond. */
  readonly startTime: number;
  /** Milliseconds since the epoch; absent while the span is in progress. */
  readonly endTime?: number;
  /** What the work was given; masked and cut to size. */
  readonly input?: JsonValue;
  /** What the work returned; masked and cut to size. */
  readonly output?: JsonValue;
  /** Free-form details; empty when there are none. */
  readonly attributes: JsonObject;
  /** In order of time. */
  readonly events: readonly SpanEvent[];
  /** Of model and embedding spans. Sums take in the innermost ones only, so that they count nothing twice. */
  readonly usage?: TokenUsage;
  /** US dollars; absent when the price is unknown. A tool's or a search's, without `usage`, is added to all sums. */
  readonly cost?: number;
  /** Why `usage` and `cost` are in no total; absent when they are. */
  readonly uncounted?: Uncounted;
  /** The model that answered. */
  readonly model?: string;
  /** The provider of the model, such as `openai`. */
  readonly provider?: string;
  /** Milliseconds from start to the first output token. */
  readonly timeToFirstTokenMs?: number;
  /** The registered prompt versions it used. */
  readonly prompts?: readonly PromptRef[];
}

/** A span without its bodies, for trees and waterfalls. */
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

/** Schema of {@link Uncounted}. */
const uncountedSchema: z.ZodType<Uncounted> = z.enum(["repeated", "judge"]);

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

/** Types of spans whose cost, without tokens, is a fee of its own: no usage of a span above tells of it again. */
export const FEE_TYPES: ReadonlySet<SpanType> = new Set<SpanType>([
  "tool",
  "retriever",
  "reranker",
]);

/** Schema of {@link SpanType}. */
export const spanTypeSchema: z.ZodType<SpanType> = z.enum(SPAN_TYPES);

/** Schema of {@link TokenUsage}. */
export const tokenUsageSchema: z.ZodType<TokenUsage> = objectSchema(() => ({
  inputTokens: z.number().exactOptional(),
  outputTokens: z.number().exactOptional(),
  totalTokens: z.number().exactOptional(),
  cacheReadTokens: z.number().exactOptional(),
  cacheWriteTokens: z.number().exactOptional(),
  cacheWrite1hTokens: z.number().exactOptional(),
  reasoningTokens: z.number().exactOptional(),
  audioInputTokens: z.number().exactOptional(),
  audioOutputTokens: z.number().exactOptional(),
  imageInputTokens: z.number().exactOptional(),
  imageOutputTokens: z.number().exactOptional(),
}));

const skeletonShape = () => ({
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
  uncounted: uncountedSchema.exactOptional(),
  model: z.string().exactOptional(),
  provider: z.string().exactOptional(),
  timeToFirstTokenMs: z.number().exactOptional(),
  prompts: z.array(promptRefSchema).exactOptional(),
});

/** Schema of {@link SpanSkeleton}. */
export const spanSkeletonSchema: z.ZodType<SpanSkeleton> = objectSchema(skeletonShape);

/** Schema of {@link Span}. */
export const spanSchema: z.ZodType<Span> = objectSchema(() => ({
  ...skeletonShape(),
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
}));

/** The columns of a usage, in traces and spans. */
export const usageColumns: ColumnsOf<TokenUsage> = {
  inputTokens: "integer?",
  outputTokens: "integer?",
  totalTokens: "integer?",
  cacheReadTokens: "integer?",
  cacheWriteTokens: "integer?",
  reasoningTokens: "integer?",
  cacheWrite1hTokens: "integer?",
  audioInputTokens: "integer?",
  audioOutputTokens: "integer?",
  imageInputTokens: "integer?",
  imageOutputTokens: "integer?",
};

/** Schema version that added columns of {@link usageColumns}, where that is not the first. */
export const usageColumnsAdded: Readonly<Record<string, number>> = {
  cacheWrite1hTokens: 3,
  audioInputTokens: 3,
  audioOutputTokens: 3,
  imageInputTokens: 3,
  imageOutputTokens: 3,
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
  uncounted: "text?",
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
    {
      name: "spans_tool",
      on: ["name", "traceId"],
      cut: true,
      where: { field: "type", is: "tool" },
    },
  ],
  added: { spans_name: 2, spans_model: 2, spans_tool: 3, uncounted: 3, ...usageColumnsAdded },
};
