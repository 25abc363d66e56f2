import * as z from "zod";
import type { Assessment } from "./assessment.ts";
import { type ColumnsOf, type Entity, type LookupPlace, TAGS } from "./entity.ts";
import { type JsonObject, jsonObjectSchema, type StringMap, stringMapSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";
import { type PromptRef, promptRefSchema } from "./prompt.ts";
import {
  SPAN_STATUSES,
  SPAN_TYPES,
  type SpanStatus,
  spanStatusSchema,
  type TokenUsage,
  tokenUsageSchema,
  usageColumns,
  usageColumnsAdded,
} from "./span.ts";

/**
 * Summary of a trace: its root span, and totals over all spans. Where the root was not recorded here, because the trace
 * began in another service, the topmost span present stands in for it until a root comes.
 */
export interface Trace {
  /** 32 hex digits. */
  readonly id: string;
  /** The experiment it belongs to. */
  readonly experimentId: string;
  /** The root span's name. */
  readonly name: string;
  /** The status of its root span. */
  readonly status: SpanStatus;
  /** Milliseconds since the epoch, accurate to the microsecond. */
  readonly startTime: number;
  /** Milliseconds since the epoch; absent while in progress. */
  readonly endTime?: number;
  /** Milliseconds; absent while in progress. */
  readonly durationMs?: number;
  /** The conversation or session it belongs to, as given by the app. */
  readonly sessionId?: string;
  /** The end user it was recorded for, as given by the app. */
  readonly userId?: string;
  /** The run this trace belongs to. */
  readonly runId?: string;
  /** It is kept whatever its age, until it is unpinned; absent when it is not pinned. */
  readonly pinned?: true;
  /** Labels that can be changed after the trace has ended. */
  readonly tags: StringMap;
  /** Free-form details given while recording; empty when there are none. */
  readonly metadata: JsonObject;
  /** The first 1,000 characters of the root's input. */
  readonly inputPreview?: string;
  /** The first 1,000 characters of the root's output. */
  readonly outputPreview?: string;
  /**
   * The first 1,000 characters of what went wrong: the root's status message if the root failed, else that of the
   * failed span that started first. Absent when nothing failed, or nothing that failed says why.
   */
  readonly errorPreview?: string;
  /** Number of spans. */
  readonly spanCount: number;
  /** Spans with the status `error`. */
  readonly errorCount: number;
  /** Token sums over the innermost model spans, without those of scorers. */
  readonly usage: TokenUsage;
  /** US dollars of the same spans; absent when none of them has a cost. */
  readonly cost?: number;
  /** Tokens of the models that its scorers asked; absent when there are none. */
  readonly judgeTokens?: number;
  /** US dollars of the models that its scorers asked; absent when they are unknown. */
  readonly judgeCost?: number;
  /** Every prompt version that one of its spans used. */
  readonly prompts: readonly PromptRef[];
}

/** Schema of {@link Trace}. */
export const traceSchema: z.ZodType<Trace> = objectSchema(() => ({
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
  pinned: z.literal(true).exactOptional(),
  tags: stringMapSchema,
  metadata: jsonObjectSchema,
  inputPreview: z.string().exactOptional(),
  outputPreview: z.string().exactOptional(),
  errorPreview: z.string().exactOptional(),
  spanCount: z.number().int(),
  errorCount: z.number().int(),
  usage: tokenUsageSchema,
  cost: z.number().exactOptional(),
  judgeTokens: z.number().exactOptional(),
  judgeCost: z.number().exactOptional(),
  prompts: z.array(promptRefSchema),
}));

const traceColumns: ColumnsOf<Trace, "durationMs" | "tags" | "usage"> = {
  id: "text",
  experimentId: "text",
  name: "text",
  status: "text",
  startTime: "time",
  endTime: "time?",
  sessionId: "text?",
  userId: "text?",
  runId: "text?",
  // `true`, or nothing.
  pinned: "text?",
  metadata: "json",
  inputPreview: "text?",
  outputPreview: "text?",
  errorPreview: "text?",
  spanCount: "integer",
  errorCount: "integer",
  cost: "real?",
  judgeTokens: "integer?",
  judgeCost: "real?",
  prompts: "json",
};

/** How traces are stored and searched. */
export const traceEntity: Entity<"trace"> = {
  name: "trace",
  event: "trace",
  table: "traces",
  columns: { ...traceColumns, ...usageColumns },
  // The root is the span without a parent; a trace was touched when anything of it was last written. All its
  // spans start between the first and the last: where spans are kept apart by their start, few places are looked at.
  // Until a root comes, the topmost span present stands in for it. `errorSource` sorts failed spans by what they say
  // first: the root, then by start.
  extra: {
    rootId: "text?",
    touchedAt: "time",
    firstSpanTime: "time",
    lastSpanTime: "time",
    standInId: "text?",
    standInParentId: "text?",
    errorSource: "text?",
    // 1 where retention has found why it stays; nothing where that is to be looked up.
    held: "integer?",
  },
  key: ["id"],
  indexes: [
    { name: "traces_experiment", on: ["experimentId", "-startTime", "-id"] },
    { name: "traces_start", on: ["-startTime", "-id"] },
    { name: "traces_session", on: ["sessionId", "-startTime"], where: { field: "sessionId" } },
    { name: "traces_run", on: ["runId", "-startTime"], where: { field: "runId" } },
    {
      name: "traces_error",
      on: ["experimentId", "-startTime", "-id"],
      where: { field: "status", is: "error" },
    },
    // Stores of schema 2 have it; traces_user_latest does its work.
    { name: "traces_user", on: ["userId", "id"], cut: true, where: { field: "userId" } },
    {
      name: "traces_user_latest",
      on: ["userId", "-startTime", "id"],
      cut: true,
      where: { field: "userId" },
    },
    { name: "traces_duration", on: ["experimentId", "durationMs", "id"] },
    { name: "traces_longest", on: ["durationMs", "id"] },
    {
      name: "traces_pinned",
      on: ["experimentId", "-startTime", "-id"],
      where: { field: "pinned", is: "true" },
    },
    { name: "traces_prunable", on: ["startTime", "id"], where: { field: "held", isAbsent: true } },
  ],
  added: {
    traces_user: 2,
    traces_duration: 2,
    traces_longest: 2,
    traces_user_latest: 3,
    standInId: 3,
    standInParentId: 3,
    judgeTokens: 3,
    judgeCost: 3,
    errorPreview: 3,
    errorSource: 3,
    pinned: 4,
    held: 4,
    traces_pinned: 4,
    traces_prunable: 4,
    ...usageColumnsAdded,
  },
  searched: [
    "id",
    "name",
    "status",
    "experimentId",
    "sessionId",
    "userId",
    "runId",
    "pinned",
    "startTime",
    "endTime",
    "spanCount",
    "errorCount",
    ...Object.keys(usageColumns),
    "cost",
    "judgeTokens",
    "judgeCost",
    "errorPreview",
  ],
  order: ["-startTime", "-id"],
  aliases: {
    request_id: "id",
    trace_id: "id",
    experiment_id: "experimentId",
    experiment_name: "experiment",
    experimentname: "experiment",
    session_id: "sessionId",
    user_id: "userId",
    run_id: "runId",
    timestamp: "startTime",
    timestamp_ms: "startTime",
    start_time: "startTime",
    end_time: "endTime",
    end_time_ms: "endTime",
    execution_time: "durationMs",
    execution_time_ms: "durationMs",
    "error.fingerprint": "errorFingerprint",
  },
  prefixes: ["trace"],
  words: { status: SPAN_STATUSES, pinned: ["true"] },
  lookups: {
    tag: { ...TAGS, fields: { "mlflow.traceName": "name" } },
    metadata: {
      prefixes: ["metadata", "request_metadata"],
      type: "any",
      fields: {
        "mlflow.trace.session": "sessionId",
        "mlflow.trace.user": "userId",
        "mlflow.sourceRun": "runId",
      },
      in: { place: "member", of: "metadata" },
    },
    feedback: { prefixes: ["feedback"], type: "any", in: assessed("feedback") },
    expectation: { prefixes: ["expectation"], type: "any", in: assessed("expectation") },
    span: {
      prefixes: ["span"],
      type: "any",
      keys: [
        ...["name", "type", "status", "statusMessage", "model", "provider", "tool", "prompt"],
        ...["durationMs", "cost", "content", "attributes."],
        // Of a span that failed: two conditions may hold for two spans.
        ...["failed.name", "failed.model", "failed.provider", "failed.tool", "failed.prompt"],
      ],
      numbers: ["durationMs", "cost"],
      words: { type: SPAN_TYPES, status: SPAN_STATUSES },
      in: { place: "spans" },
    },
  },
  intervals: { durationMs: { from: "startTime", to: "endTime" } },
  texts: ["prompt", "text", "error", "errorFingerprint", "experiment"],
  tagged: "id",
};

function assessed(kind: Assessment["kind"]): LookupPlace {
  return { place: "rows", table: "assessments", owner: "trace_id", key: "name", kind, json: true };
}
