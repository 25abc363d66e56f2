import * as z from "zod";
import { type TokenUsage, tokenUsageSchema } from "./span.ts";

/** What traces, or their spans, can be told apart by, besides `tags.<key>`. */
export const TRACE_GROUPS = [
  "status",
  "name",
  "experimentId",
  "sessionId",
  "userId",
  "runId",
  /** The model that a span asked. With this and those below, spans are counted instead of traces. */
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

/** The sums of some traces, or of some spans when they are grouped by what only spans have. */
export interface TraceAggregate {
  /** Start of the time that it is of, in milliseconds since the epoch; absent when no buckets were asked for. */
  readonly bucket?: number;
  /** Group → its value; `null` for what has none. */
  readonly group: Readonly<Record<string, string | null>>;
  readonly count: number;
  readonly errorCount: number;
  /** 0 to 1. */
  readonly errorRate: number;
  /** Milliseconds of what has ended; absent when nothing has. Percentiles are interpolated linearly. */
  readonly durationMs?: {
    readonly mean: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
  };
  readonly usage: TokenUsage;
  /** US dollars; absent when nothing has a cost. */
  readonly cost?: number;
}

/** Schema of {@link TraceAggregate}. */
export const traceAggregateSchema: z.ZodType<TraceAggregate> = z.object({
  bucket: z.number().exactOptional(),
  group: z.record(z.string(), z.string().nullable()),
  count: z.number().int(),
  errorCount: z.number().int(),
  errorRate: z.number(),
  durationMs: z
    .object({ mean: z.number(), p50: z.number(), p95: z.number(), p99: z.number() })
    .exactOptional(),
  usage: tokenUsageSchema,
  cost: z.number().exactOptional(),
});
