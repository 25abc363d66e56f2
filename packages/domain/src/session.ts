import * as z from "zod";
import {
  type Assessment,
  assessmentSchema,
  type FeedbackSummary,
  feedbackSummarySchema,
} from "./assessment.ts";
import { type JsonValue, jsonValueSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";
import { recordSchema } from "./record-schema.ts";
import { type TokenUsage, tokenUsageSchema } from "./span.ts";
import { type Trace, traceSchema } from "./trace.ts";

/** Totals over the traces of a session or user. */
export interface TraceTotals {
  /** Start of its first trace, in milliseconds since the epoch. */
  readonly firstTraceTime: number;
  /** Start of its latest trace, in milliseconds since the epoch. */
  readonly lastTraceTime: number;
  /** How many traces it has. */
  readonly traceCount: number;
  /** How many of them have the status `error`. */
  readonly errorCount: number;
  /** Durations of its traces in milliseconds; absent while none has ended. */
  readonly durationMs?: {
    /** Arithmetic mean. */
    readonly mean: number;
    /** That of the slowest trace. */
    readonly max: number;
  };
  /** Token sums. */
  readonly usage: TokenUsage;
  /** US dollars; absent when no trace has a cost. */
  readonly cost?: number;
  /** Name of a feedback → its summary; empty when there is none. */
  readonly feedback: Readonly<Record<string, FeedbackSummary>>;
}

/** A conversation: the traces that the app gave the same `sessionId`. */
export interface Session extends TraceTotals {
  /** As given by the app. */
  readonly id: string;
  /** The user of its latest trace. */
  readonly userId?: string;
  /** What its first trace was given: the first 1,000 characters. */
  readonly inputPreview?: string;
  /** What its latest trace returned: the first 1,000 characters. */
  readonly outputPreview?: string;
}

/** An end user: the traces that the app gave the same `userId`. */
export interface User extends TraceTotals {
  /** As given by the app. */
  readonly id: string;
  /** How many sessions its traces belong to. */
  readonly sessionCount: number;
}

/** One turn of a conversation: a trace, and what went in and came out at its root. */
export interface SessionTurn {
  /** The summary of the trace. */
  readonly trace: Trace;
  /** What the root, or the topmost span that has come, was given: all of it. */
  readonly input?: JsonValue;
  /** What it returned: all of it. */
  readonly output?: JsonValue;
  /** What was said of the trace and its spans, oldest first. */
  readonly assessments: readonly Assessment[];
}

const totalsShape = () => ({
  firstTraceTime: z.number(),
  lastTraceTime: z.number(),
  traceCount: z.number().int(),
  errorCount: z.number().int(),
  durationMs: z.object({ mean: z.number(), max: z.number() }).exactOptional(),
  usage: tokenUsageSchema,
  cost: z.number().exactOptional(),
  feedback: recordSchema(z.string(), feedbackSummarySchema),
});

/** Schema of {@link Session}. */
export const sessionSchema: z.ZodType<Session> = objectSchema(() => ({
  id: z.string(),
  userId: z.string().exactOptional(),
  ...totalsShape(),
  inputPreview: z.string().exactOptional(),
  outputPreview: z.string().exactOptional(),
}));

/** Schema of {@link User}. */
export const userSchema: z.ZodType<User> = objectSchema(() => ({
  id: z.string(),
  sessionCount: z.number().int(),
  ...totalsShape(),
}));

/** Schema of {@link SessionTurn}. */
export const sessionTurnSchema: z.ZodType<SessionTurn> = objectSchema(() => ({
  trace: traceSchema,
  input: jsonValueSchema.exactOptional(),
  output: jsonValueSchema.exactOptional(),
  assessments: z.array(assessmentSchema),
}));
