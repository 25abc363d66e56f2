import type {
  JsonObject,
  JsonValue,
  Span,
  SpanEvent,
  SpanSkeleton,
  TokenUsage,
  Trace,
} from "@rivulet/domain";
import { PARTS, USAGE_FIELDS } from "@rivulet/domain/entities";
import { JsonText } from "../../json-text/json-text.ts";
import type { Row, SqlValue } from "../database.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { toMicros } from "../values.ts";

/** The part of a span that is stored as one JSON text. */
export interface SpanBody {
  readonly input?: JsonValue;
  readonly output?: JsonValue;
  readonly attributes?: JsonObject;
  readonly events?: readonly SpanEvent[];
}

/** Fields with the token counts among them, as in columns. */
type Flat<T> = Omit<T, "usage"> & TokenUsage;

const TOKEN_FIELDS: ReadonlySet<string> = new Set(USAGE_FIELDS);

/** The table of spans. */
export const spanRows: RecordRows<Flat<SpanSkeleton>> = recordRows(PARTS.span);

/** A span as a row, its body as JSON text. */
export function spanValues(span: SpanSkeleton, body: string): readonly SqlValue[] {
  return spanRows.values({ ...span, ...span.usage, body: new JsonText(body) });
}

/** A row of `spans` without its body. */
export function toSkeleton(row: Row): SpanSkeleton {
  const { fields, usage } = splitUsage(spanRows.record(row));
  return usage === undefined ? fields : { ...fields, usage };
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

/** The columns and tags of a trace as the trace. */
export function toTrace(record: object): Trace {
  const { fields: stored, usage = {} } = splitUsage(record as Flat<Omit<Trace, "durationMs">>);
  const fields = stored.pinned === undefined ? stored : { ...stored, pinned: true as const };
  const { startTime, endTime } = fields;
  // Milliseconds since the epoch cannot hold exact microseconds, but their difference can.
  return endTime === undefined
    ? { ...fields, usage }
    : { ...fields, usage, durationMs: (toMicros(endTime) - toMicros(startTime)) / 1000 };
}

function splitUsage<T extends object>(
  record: T & TokenUsage,
): { readonly fields: Omit<T, keyof TokenUsage>; readonly usage: TokenUsage | undefined } {
  const fields: Record<string, unknown> = {};
  const usage: Record<string, unknown> = {};
  for (const field of Object.keys(record)) {
    (TOKEN_FIELDS.has(field) ? usage : fields)[field] = record[field as keyof typeof record];
  }
  return { fields: fields as T, usage: Object.keys(usage).length === 0 ? undefined : usage };
}
