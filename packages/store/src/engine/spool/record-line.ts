import type { MetricPoint, TokenUsage } from "@rivulet/domain";
import { createEncoder } from "../../json-text/encode-value.ts";
import { fillIn, JsonText } from "../../json-text/json-text.ts";
import { needsEscape } from "../../json-text/quote.ts";
import type { JournalSpan, MetricsWrite, SpanWrite } from "../../port/store.ts";
import { usageFields } from "../../sql/span-rows.ts";
import type { SpanRecord } from "../../sql/span-writer.ts";
import { toMicros } from "../../sql/values.ts";

/** A line of the spool, read back. */
export type JournalRecord =
  | { readonly kind: "span"; readonly span: SpanRecord }
  | { readonly kind: "metrics"; readonly runId: string; readonly points: readonly MetricPoint[] };

/** A record on its way to the spool: its line, with a mark for each long string, and these as they are. */
export interface SpoolRecord {
  readonly line: string;
  readonly texts: readonly string[];
}

/** Between the fields of a line. No field has it: JSON has no raw control characters. */
const FIELD_END = "\u0002";
const SPAN_FIELDS = 22;

const encode = createEncoder({ maskSecrets: false });
const NO_TEXTS: readonly string[] = [];
/** What is absent, or has no JSON. */
const NOTHING = new JsonText("", NO_TEXTS);

/**
 * A span as one record: its columns and the parts of its body, joined. Joining takes a third of the time that
 * `JSON.stringify` of the columns takes; the writer's thread makes JSON of it where the database wants JSON.
 */
export function spanRecord({ span, trace }: SpanWrite): SpoolRecord {
  const attributes = partOf(span.attributes);
  const events = span.events.length === 0 ? NOTHING : partOf(span.events);
  const input = partOf(span.input);
  const output = partOf(span.output);
  const line = [
    "s",
    fieldOf(span.traceId),
    fieldOf(span.id),
    fieldOf(span.parentId),
    fieldOf(span.experimentId),
    fieldOf(span.name),
    fieldOf(span.type),
    span.status,
    fieldOf(span.statusMessage),
    timeField(span.startTime),
    timeField(span.endTime),
    fieldOf(span.model),
    fieldOf(span.provider),
    usageField(span.usage),
    finite(span.cost),
    timeField(span.timeToFirstTokenMs),
    jsonField(span.prompts),
    jsonField(trace),
    attributes.json,
    events.json,
    input.json,
    output.json,
  ].join(FIELD_END);
  return { line, texts: textsOf(attributes, events, input, output) };
}

function partOf(value: JournalSpan["input"] | JournalSpan["events"]): JsonText {
  return encode(value, "") ?? NOTHING;
}

/** A string as it is, or as JSON when it could be taken for something else. */
function fieldOf(text: string | undefined): string {
  if (text === undefined) return "";
  return text === "" || needsEscape(text) ? JSON.stringify(text) : text;
}

function finite(number: number | undefined): number | string {
  return Number.isFinite(number) ? (number as number) : "";
}

/** Digits of {@link timeField} are the characters from here on. */
const ZERO = 0x30;
const TIME_DIGITS = 9;
const LOW_BITS = 2 ** 30;

/**
 * Milliseconds as microseconds, in nine digits to the base of 64: V8 takes long to write a number of sixteen
 * decimal digits, and keeps each in a table that displaces the app's own data from the caches.
 */
function timeField(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return "";
  const micros = toMicros(milliseconds);
  if (!(micros >= 0 && micros <= Number.MAX_SAFE_INTEGER)) return `#${micros}`;
  const high = Math.floor(micros / LOW_BITS);
  const low = micros - high * LOW_BITS;
  return String.fromCharCode(
    ZERO + (high >>> 18),
    ZERO + ((high >>> 12) & 63),
    ZERO + ((high >>> 6) & 63),
    ZERO + (high & 63),
    ZERO + (low >>> 24),
    ZERO + ((low >>> 18) & 63),
    ZERO + ((low >>> 12) & 63),
    ZERO + ((low >>> 6) & 63),
    ZERO + (low & 63),
  );
}

function jsonField(value: object | undefined): string {
  return value === undefined ? "" : String(encode(value, "") ?? "");
}

function usageField(usage: TokenUsage | undefined): string {
  return usage === undefined ? "" : usageFields.map((name) => finite(usage[name])).join();
}

function textsOf(...parts: readonly JsonText[]): readonly string[] {
  let texts = NO_TEXTS;
  for (const part of parts) {
    if (part.texts.length > 0) {
      texts = texts.length === 0 ? part.texts : [...texts, ...part.texts];
    }
  }
  return texts;
}

/** Metric points as one record. */
export function metricsRecord({ runId, points }: MetricsWrite): SpoolRecord {
  const line = ["m", fieldOf(runId), JSON.stringify(points)].join(FIELD_END);
  return { line, texts: NO_TEXTS };
}

/** The whole line, the long strings in their places. */
export function wholeLine({ line, texts }: SpoolRecord): string {
  return fillIn(line, texts);
}

/** @throws when the line was not written by {@link spanRecord} or {@link metricsRecord} */
export function parseLine(line: string): JournalRecord {
  const fields = line.split(FIELD_END);
  const [kind, id = "", points = ""] = fields;
  if (kind === "m" && fields.length === 3) {
    return { kind: "metrics", runId: readText(id), points: JSON.parse(points) };
  }
  if (kind !== "s" || fields.length !== SPAN_FIELDS)
    throw new SyntaxError("unknown kind of record");
  return { kind: "span", span: readSpan(fields) };
}

function readSpan(fields: readonly string[]): SpanRecord {
  const at = (index: number): string => fields[index] ?? "";
  return {
    traceId: readText(at(1)),
    id: readText(at(2)),
    parentId: readOptional(at(3)),
    experimentId: readText(at(4)),
    name: readText(at(5)),
    type: readText(at(6)),
    status: at(7),
    statusMessage: readOptional(at(8)),
    // The database refuses a span without a start.
    startUs: readTime(at(9)) ?? Number.NaN,
    endUs: readTime(at(10)),
    model: readOptional(at(11)),
    provider: readOptional(at(12)),
    usage: readUsage(at(13)),
    cost: readNumber(at(14)),
    firstTokenUs: readTime(at(15)),
    prompts: readJson(at(16)),
    trace: readJson(at(17)),
    body: bodyOf(at(18), at(19), { input: at(20), output: at(21) }),
  };
}

function bodyOf(
  attributes: string,
  events: string,
  { input, output }: { readonly input: string; readonly output: string },
): string {
  const given = input === "" ? "" : `,"input":${input}`;
  const gave = output === "" ? "" : `,"output":${output}`;
  return `{"attributes":${attributes || "{}"},"events":${events || "[]"}${given}${gave}}`;
}

function readText(field: string): string {
  return field.startsWith('"') ? (JSON.parse(field) as string) : field;
}

function readOptional(field: string): string | null {
  return field === "" ? null : readText(field);
}

function readNumber(field: string): number | null {
  return field === "" ? null : Number(field);
}

/** Microseconds; null for what is no number. */
function readTime(field: string): number | null {
  if (field.length !== TIME_DIGITS || field.startsWith("#")) {
    const micros = Number(field.slice(1));
    return field === "" || !Number.isFinite(micros) ? null : micros;
  }
  let micros = 0;
  for (let index = 0; index < TIME_DIGITS; index++) {
    micros = micros * 64 + (field.charCodeAt(index) - ZERO);
  }
  return micros;
}

function readJson<T>(field: string): T | null {
  return field === "" ? null : (JSON.parse(field) as T);
}

function readUsage(field: string): TokenUsage | null {
  if (field === "") return null;
  const counts = field.split(",");
  const given = usageFields.map((name, index) => [name, counts[index] ?? ""] as const);
  return Object.fromEntries(
    given.filter(([, count]) => count !== "").map(([name, count]) => [name, Number(count)]),
  );
}
