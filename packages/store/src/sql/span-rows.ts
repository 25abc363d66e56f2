import type {
  JsonObject,
  JsonValue,
  PromptRef,
  Span,
  SpanEvent,
  SpanSkeleton,
  SpanStatus,
  SpanType,
  TokenUsage,
  Trace,
} from "@rivulet/domain";
import type { Row, SqlValue } from "./database.ts";
import {
  microsOrNull,
  number,
  optionalMillis,
  optionalNumber,
  optionalText,
  orNull,
  parsed,
  present,
  text,
  toMicros,
  toMillis,
} from "./values.ts";

/** What of a span is stored as one JSON text. */
export interface SpanBody {
  readonly input?: JsonValue;
  readonly output?: JsonValue;
  readonly attributes?: JsonObject;
  readonly events?: readonly SpanEvent[];
}

/** Token columns, in the order of {@link usageColumns}. */
const TOKEN_COLUMNS: readonly (readonly [string, keyof TokenUsage])[] = [
  ["input_tokens", "inputTokens"],
  ["output_tokens", "outputTokens"],
  ["total_tokens", "totalTokens"],
  ["cache_read_tokens", "cacheReadTokens"],
  ["cache_write_tokens", "cacheWriteTokens"],
  ["reasoning_tokens", "reasoningTokens"],
];

/** Names of the token columns. */
export const usageColumns: readonly string[] = TOKEN_COLUMNS.map(([column]) => column);

/** The values of the token columns. */
export function usageValues(usage: TokenUsage | undefined): readonly SqlValue[] {
  return TOKEN_COLUMNS.map(([, key]) => usage?.[key] ?? null);
}

/** The token columns as a usage; undefined when none is set. */
function usageOf(row: Row): TokenUsage | undefined {
  const fields = TOKEN_COLUMNS.map(([column, key]) => [key, optionalNumber(row, column)] as const);
  const known = fields.filter(([, tokens]) => tokens !== undefined);
  return known.length === 0 ? undefined : (Object.fromEntries(known) as TokenUsage);
}

/** The columns of `spans`, the key first. */
export const SPAN_COLUMNS: readonly string[] = [
  "trace_id",
  "id",
  "parent_id",
  "experiment_id",
  "name",
  "type",
  "status",
  "status_message",
  "start_us",
  "end_us",
  "model",
  "provider",
  ...usageColumns,
  "cost",
  "first_token_us",
  "prompts",
  "body",
];

/** A span as a row, in the order of {@link SPAN_COLUMNS}. */
export function spanValues(span: SpanSkeleton, body: string): readonly SqlValue[] {
  return [
    span.traceId,
    span.id,
    orNull(span.parentId),
    span.experimentId,
    span.name,
    span.type,
    span.status,
    orNull(span.statusMessage),
    toMicros(span.startTime),
    microsOrNull(span.endTime),
    orNull(span.model),
    orNull(span.provider),
    ...usageValues(span.usage),
    orNull(span.cost),
    microsOrNull(span.timeToFirstTokenMs),
    span.prompts === undefined ? null : JSON.stringify(span.prompts),
    body,
  ];
}

/** A row of `spans` without its body. */
export function toSkeleton(row: Row): SpanSkeleton {
  const prompts = optionalText(row, "prompts");
  const startTime = toMillis(row["start_us"]);
  const firstToken = optionalNumber(row, "first_token_us");
  return present<SpanSkeleton>({
    traceId: text(row, "trace_id"),
    id: text(row, "id"),
    parentId: optionalText(row, "parent_id"),
    experimentId: text(row, "experiment_id"),
    name: text(row, "name"),
    type: text(row, "type") as SpanType,
    status: text(row, "status") as SpanStatus,
    statusMessage: optionalText(row, "status_message"),
    startTime,
    endTime: optionalMillis(row, "end_us"),
    usage: usageOf(row),
    cost: optionalNumber(row, "cost"),
    model: optionalText(row, "model"),
    provider: optionalText(row, "provider"),
    timeToFirstTokenMs: firstToken === undefined ? undefined : firstToken / 1000,
    prompts: prompts === undefined ? undefined : (JSON.parse(prompts) as PromptRef[]),
  });
}

/** A row of `spans` with its body. */
export function toSpan(row: Row, body: SpanBody): Span {
  return {
    ...toSkeleton(row),
    ...(body.input === undefined ? {} : { input: body.input }),
    ...(body.output === undefined ? {} : { output: body.output }),
    attributes: body.attributes ?? {},
    events: body.events ?? [],
  };
}

/** A row of `traces`. */
export function toTrace(row: Row, tags: Trace["tags"]): Trace {
  const startTime = toMillis(row["start_us"]);
  const endTime = optionalMillis(row, "end_us");
  return present<Trace>({
    id: text(row, "id"),
    experimentId: text(row, "experiment_id"),
    name: text(row, "name"),
    status: text(row, "status") as SpanStatus,
    startTime,
    endTime,
    durationMs:
      endTime === undefined ? undefined : (number(row, "end_us") - number(row, "start_us")) / 1000,
    sessionId: optionalText(row, "session_id"),
    userId: optionalText(row, "user_id"),
    runId: optionalText(row, "run_id"),
    tags,
    metadata: parsed(row, "metadata"),
    inputPreview: optionalText(row, "input_preview"),
    outputPreview: optionalText(row, "output_preview"),
    spanCount: number(row, "span_count"),
    errorCount: number(row, "error_count"),
    usage: usageOf(row) ?? {},
    cost: optionalNumber(row, "cost"),
    prompts: parsed(row, "prompts"),
  });
}
