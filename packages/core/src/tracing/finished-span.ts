import {
  type JsonObject,
  jsonObjectSchema,
  type PromptRef,
  type SpanStatus,
  type SpanType,
  type StringMap,
  spanTypeSchema,
  stringMapSchema,
  type TokenUsage,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { listOf, optionsSchema } from "../validation.ts";
import { MAX_COST, MAX_TOKENS } from "./usage.ts";

/**
 * A moment: milliseconds since the epoch, a date, or nanoseconds since the epoch as a big integer, as OpenTelemetry
 * has them. It is kept to the microsecond.
 */
export type SpanTime = number | bigint | Date;

/** A span that has ended and has ids of its own: of another process, of a wire protocol, of an import. */
export interface FinishedSpan {
  /** 32 hex digits, not all zero. */
  readonly traceId: string;
  /** 16 hex digits, not all zero. */
  readonly id: string;
  /** Id of the span above, which may come later, or never. @default it is a root */
  readonly parentId?: string;
  /** What was done. */
  readonly name: string;
  /** @default 'unknown' */
  readonly type?: SpanType;
  /** When it started. */
  readonly startTime: SpanTime;
  /** An end before the start counts as the start: clocks differ. */
  readonly endTime: SpanTime;
  /** @default 'ok' */
  readonly status?: Exclude<SpanStatus, "in_progress">;
  /** Why the status is what it is: the error's message. */
  readonly statusMessage?: string;
  /** What the work was given. Masked and cut like that of any span. */
  readonly input?: unknown;
  /** What the work returned. Masked and cut like that of any span. */
  readonly output?: unknown;
  /** Free-form details. @default {} */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** In order of time. @default [] */
  readonly events?: readonly FinishedSpanEvent[];
  /** Tokens. They count on the innermost span that has any: those above it are kept, and add nothing. */
  readonly usage?: TokenUsage;
  /** US dollars. @default what model and usage cost by the list of prices */
  readonly cost?: number;
  /** The model that answered. */
  readonly model?: string;
  /** The provider of the model, such as `openai`. */
  readonly provider?: string;
  /** When the first output token came. */
  readonly firstTokenTime?: SpanTime;
  /** Prompt versions that it used. */
  readonly prompts?: readonly PromptRef[];
  /**
   * Name or id of the experiment of its trace.
   *
   * @default what another span of the trace in the same call says, else 'Default', or what `createRivulet` was given
   */
  readonly experimentId?: string;
  /** Session of the trace. */
  readonly sessionId?: string;
  /** User of the trace. */
  readonly userId?: string;
  /** The run the trace belongs to. */
  readonly runId?: string;
  /** Tags of the trace. */
  readonly tags?: StringMap;
  /** Metadata of the trace. */
  readonly metadata?: JsonObject;
}

/** Something that happened inside a {@link FinishedSpan}. */
export interface FinishedSpanEvent {
  /** What happened. */
  readonly name: string;
  /** When it happened. */
  readonly timestamp: SpanTime;
  /** Details of the event. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** What became of spans that were given to `traces.record`. */
export interface RecordReport {
  /** Spans that are on their way into the store. */
  readonly recorded: number;
  /** Spans of traces that are not sampled, or of a client whose tracing is off. */
  readonly unsampled: number;
  /** Spans for which the journal had no room: send them again later. */
  readonly dropped: number;
}

/** Most spans in one call. */
const MAX_SPANS = 10_000;
/** Most events, and most prompts, that a span may come with; fewer are kept. */
const MAX_PARTS = 10_000;
/** The last moment that a date can be, in milliseconds. */
const LAST_TIME = 8.64e15;

function hexId(digits: number, hint = ""): z.ZodType<string> {
  const problem = `must be ${digits} hex digits${hint}`;
  return z
    .string(problem)
    .regex(new RegExp(`^[\\da-f]{${digits}}$`, "i"), problem)
    .refine((id) => !/^0+$/.test(id), "must not be all zero")
    .transform((id) => id.toLowerCase()) as unknown as z.ZodType<string>;
}

const timeSchema: z.ZodType<SpanTime> = z
  .union(
    [z.number(), z.bigint(), z.date()],
    "must be milliseconds, a date, or nanoseconds as a bigint",
  )
  .refine((time) => {
    const milliseconds = Number(typeof time === "bigint" ? time / 1_000_000n : time);
    return milliseconds >= 0 && milliseconds <= LAST_TIME;
  }, "must be a time since the epoch");

const text: z.ZodType<string> = z.string();
const dollars: z.ZodType<number> = z.number().nonnegative().max(MAX_COST);
const tokens: z.ZodType<number> = z.number().int().nonnegative().max(MAX_TOKENS);
const fields: z.ZodType<Readonly<Record<string, unknown>>> = z.custom<
  Readonly<Record<string, unknown>>
>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "must be an object",
);

const eventSchema: z.ZodType<FinishedSpanEvent> = optionsSchema(() => ({
  name: text,
  timestamp: timeSchema,
  attributes: fields.exactOptional(),
}));

const usageSchema: z.ZodType<TokenUsage> = optionsSchema(() => ({
  inputTokens: tokens.exactOptional(),
  outputTokens: tokens.exactOptional(),
  totalTokens: tokens.exactOptional(),
  cacheReadTokens: tokens.exactOptional(),
  cacheWriteTokens: tokens.exactOptional(),
  cacheWrite1hTokens: tokens.exactOptional(),
  reasoningTokens: tokens.exactOptional(),
  audioInputTokens: tokens.exactOptional(),
  audioOutputTokens: tokens.exactOptional(),
  imageInputTokens: tokens.exactOptional(),
  imageOutputTokens: tokens.exactOptional(),
}));

const promptSchema: z.ZodType<PromptRef> = optionsSchema(() => ({
  name: text,
  version: z.int().positive(),
  alias: text.exactOptional(),
}));

/** What spans call it elsewhere → what it is here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  spanId: "The id of a span is id.",
  parentSpanId: "The span above is parentId.",
  startTimeUnixNano: "Write it as startTime: BigInt(nanoseconds).",
  endTimeUnixNano: "Write it as endTime: BigInt(nanoseconds).",
  experiment: "An experiment is named as experimentId.",
  experimentName: "An experiment is named as experimentId.",
};

const spanSchema: z.ZodType<FinishedSpan> = optionsSchema(
  () => ({
    traceId: hexId(32),
    id: hexId(16),
    parentId: hexId(16, "; a root has none").exactOptional(),
    name: text,
    type: spanTypeSchema.exactOptional(),
    startTime: timeSchema,
    endTime: timeSchema,
    status: z.enum(["ok", "error", "cancelled", "interrupted", "abandoned"]).exactOptional(),
    statusMessage: text.exactOptional(),
    input: z.unknown().optional(),
    output: z.unknown().optional(),
    attributes: fields.exactOptional(),
    events: listOf(eventSchema, MAX_PARTS).exactOptional(),
    usage: usageSchema.exactOptional(),
    cost: dollars.exactOptional(),
    model: text.exactOptional(),
    provider: text.exactOptional(),
    firstTokenTime: timeSchema.exactOptional(),
    prompts: listOf(promptSchema, MAX_PARTS).exactOptional(),
    experimentId: z.string().min(1, "must not be empty").exactOptional(),
    sessionId: text.exactOptional(),
    userId: text.exactOptional(),
    runId: text.exactOptional(),
    tags: stringMapSchema.exactOptional(),
    metadata: jsonObjectSchema.exactOptional(),
  }),
  { elsewhere: ELSEWHERE },
).refine(({ id, parentId }) => parentId !== id, {
  path: ["parentId"],
  message: "must not be the span itself",
});

/** Schema of what `traces.record` takes. */
export const finishedSpansSchema: z.ZodType<readonly FinishedSpan[]> = listOf(
  spanSchema,
  MAX_SPANS,
  `must be at most ${MAX_SPANS} spans at once`,
);
