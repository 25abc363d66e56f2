import * as z from "zod";
import { type FeedbackSummary, feedbackSummarySchema } from "./assessment.ts";
import { objectSchema } from "./object-schema.ts";
import { recordSchema } from "./record-schema.ts";
import { type TokenUsage, tokenUsageSchema } from "./span.ts";

/** Fields that traces, or their spans, can be grouped by, besides `tags.<key>`. */
export const TRACE_GROUPS = [
  "status",
  "name",
  "experimentId",
  "sessionId",
  "userId",
  "runId",
  /** The model a span called. This and the fields below count spans instead of traces. */
  "model",
  "provider",
  /** The name of a span of the type `tool`. */
  "tool",
  /** A prompt version that a span used: `name/version`. */
  "prompt",
  "span.name",
  "span.type",
] as const;

/** What traces can be grouped by. */
export type TraceGroup = (typeof TRACE_GROUPS)[number] | `tags.${string}`;

/** Totals over a group of traces, or of spans when grouped by a field that only spans have. */
export interface TraceAggregate {
  /** Start of the time bucket, in milliseconds since the epoch; absent unless buckets were requested. */
  readonly bucket?: number;
  /** Grouping field → its value in this group; `null` for traces without one. */
  readonly group: Readonly<Record<string, string | null>>;
  /** Traces in the group, or spans when grouped by `model`, `provider`, `tool`, `prompt` or `span.*`. */
  readonly count: number;
  /** How many of `count` have the status `error`. */
  readonly errorCount: number;
  /** `errorCount` divided by `count`: 0 to 1. */
  readonly errorRate: number;
  /** Durations in milliseconds; absent while nothing has ended. Percentiles are interpolated linearly. */
  readonly durationMs?: {
    /** Arithmetic mean. */
    readonly mean: number;
    /** Median. */
    readonly p50: number;
    /** 95th percentile. */
    readonly p95: number;
    /** 99th percentile. */
    readonly p99: number;
  };
  /** Token sums; a count that nothing in the group reported is absent. */
  readonly usage: TokenUsage;
  /** US dollars; absent when nothing has a cost. */
  readonly cost?: number;
  /** Name of a feedback → its summary over the traces in the group; absent unless requested. */
  readonly feedback?: Readonly<Record<string, FeedbackSummary>>;
}

/** Schema of {@link TraceAggregate}. */
export const traceAggregateSchema: z.ZodType<TraceAggregate> = objectSchema(() => ({
  bucket: z.number().exactOptional(),
  group: recordSchema(z.string(), z.string().nullable()),
  count: z.number().int(),
  errorCount: z.number().int(),
  errorRate: z.number(),
  durationMs: z
    .object({ mean: z.number(), p50: z.number(), p95: z.number(), p99: z.number() })
    .exactOptional(),
  usage: tokenUsageSchema,
  cost: z.number().exactOptional(),
  feedback: recordSchema(z.string(), feedbackSummarySchema).exactOptional(),
}));
