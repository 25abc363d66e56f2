import type { MetricPoint } from "../../domain/run.ts";
import { createEncoder } from "../../json-text/encode-value.ts";
import { fillIn, JsonText } from "../../json-text/json-text.ts";
import { quote } from "../../json-text/quote.ts";
import type { SpanRecord } from "../sql/span-writer.ts";
import { toMicros } from "../sql/values.ts";
import type { JournalSpan, MetricsWrite, SpanWrite, TraceWrite } from "../store.ts";

/** A line of the spool, read back. */
export type JournalRecord =
  | { readonly kind: "span"; readonly span: SpanRecord }
  | { readonly kind: "metrics"; readonly runId: string; readonly points: readonly MetricPoint[] };

/**
 * A record on its way to the spool: its line, with a mark for each long string, and these strings as they
 * are. The line is a head, a tab and a body; both are JSON, so neither holds a raw tab or newline.
 */
export interface SpoolRecord {
  readonly line: string;
  readonly texts: readonly string[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const encode = createEncoder({ maskSecrets: false });
const NO_TEXTS: readonly string[] = [];
const NO_EVENTS = new JsonText("[]", NO_TEXTS);
const NOTHING = new JsonText("null", NO_TEXTS);

/**
 * A span as one record: its columns as a JSON list, the end as microseconds after the start; and its body,
 * which stays text all the way into the database.
 */
export function spanRecord({ span, trace }: SpanWrite): SpoolRecord {
  return withBody(`${spanHead(span, trace)}\t`, span);
}

/** The columns, by hand: `JSON.stringify` of this list was the dearest function of a traced call. */
function spanHead(span: JournalSpan, trace: TraceWrite | undefined): string {
  const startUs = toMicros(span.startTime);
  const ids = `"s",${quote(span.traceId)},${quote(span.id)},${orNull(span.parentId)}`;
  const names = `${quote(span.experimentId)},${quote(span.name)},${quote(span.type)}`;
  const status = `${quote(span.status)},${orNull(span.statusMessage)}`;
  // A short number is written faster than a long one.
  const times = `${startUs},${span.endTime === undefined ? null : toMicros(span.endTime) - startUs}`;
  const model = `${orNull(span.model)},${orNull(span.provider)},${jsonOrNull(span.usage)}`;
  const firstToken = span.timeToFirstTokenMs;
  const costs = `${finiteOrNull(span.cost)},${firstToken === undefined ? null : toMicros(firstToken)}`;
  return `[${ids},${names},${status},${times},${model},${costs},${jsonOrNull(span.prompts)},${jsonOrNull(trace)}]`;
}

function orNull(text: string | undefined): string {
  return text === undefined ? "null" : quote(text);
}

function finiteOrNull(number: number | undefined): number | null {
  return number !== undefined && Number.isFinite(number) ? number : null;
}

function jsonOrNull(value: object | undefined): string {
  return value === undefined ? "null" : String(encode(value, ""));
}

/** Adds the body by hand: its parts are JSON text already, and every span passes here. */
function withBody(head: string, { input, output, attributes, events }: JournalSpan): SpoolRecord {
  const record = { line: head, texts: NO_TEXTS };
  addPart(record, '{"attributes":', attributes);
  addPart(record, ',"events":', events.length === 0 ? NO_EVENTS : events);
  if (input !== undefined) addPart(record, ',"input":', input);
  if (output !== undefined) addPart(record, ',"output":', output);
  record.line += "}";
  return record;
}

function addPart(record: Mutable<SpoolRecord>, label: string, value: unknown): void {
  const { json, texts } = encode(value, "") ?? NOTHING;
  record.line += label + json;
  if (texts.length > 0) {
    record.texts = record.texts.length === 0 ? texts : [...record.texts, ...texts];
  }
}

/** Metric points as one record. */
export function metricsRecord({ runId, points }: MetricsWrite): SpoolRecord {
  return { line: JSON.stringify(["m", runId, points]), texts: NO_TEXTS };
}

/** The whole line, the long strings in their places. */
export function wholeLine({ line, texts }: SpoolRecord): string {
  return fillIn(line, texts);
}

/** @throws when the line was not written by {@link spanRecord} or {@link metricsRecord} */
export function parseLine(line: string): JournalRecord {
  const tab = line.indexOf("\t");
  const head = JSON.parse(tab < 0 ? line : line.slice(0, tab));
  if (head[0] === "m") return { kind: "metrics", runId: head[1], points: head[2] };
  if (head[0] !== "s" || tab < 0) throw new SyntaxError("unknown kind of record");
  return {
    kind: "span",
    span: {
      traceId: head[1],
      id: head[2],
      parentId: head[3],
      experimentId: head[4],
      name: head[5],
      type: head[6],
      status: head[7],
      statusMessage: head[8],
      startUs: head[9],
      endUs: head[10] === null ? null : head[9] + head[10],
      model: head[11],
      provider: head[12],
      usage: head[13],
      cost: head[14],
      firstTokenUs: head[15],
      prompts: head[16],
      trace: head[17],
      body: line.slice(tab + 1),
    },
  };
}
