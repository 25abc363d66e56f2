import type { MetricPoint } from "../../domain/run.ts";
import type { SpanRecord } from "../sql/span-writer.ts";
import { toMicros } from "../sql/values.ts";
import type { MetricsWrite, SpanWrite } from "../store.ts";

/** A line of the spool, read back. */
export type JournalRecord =
  | { readonly kind: "span"; readonly span: SpanRecord }
  | { readonly kind: "metrics"; readonly runId: string; readonly points: readonly MetricPoint[] };

/** A line of the spool: head, tab, body, newline. Both parts are JSON, so neither holds a raw tab or newline. */
export interface RecordLine {
  readonly head: string;
  readonly body: string;
}

/**
 * A span as one line: its columns as a JSON list, and its body, which stays text all the way into the
 * database.
 */
export function spanLine({ span, trace }: SpanWrite): RecordLine {
  const head = [
    "s",
    span.traceId,
    span.id,
    span.parentId ?? null,
    span.experimentId,
    span.name,
    span.type,
    span.status,
    span.statusMessage ?? null,
    toMicros(span.startTime),
    span.endTime === undefined ? null : toMicros(span.endTime),
    span.model ?? null,
    span.provider ?? null,
    span.usage ?? null,
    span.cost ?? null,
    span.timeToFirstTokenMs === undefined ? null : toMicros(span.timeToFirstTokenMs),
    span.prompts ?? null,
    trace ?? null,
  ];
  const { input, output, attributes, events } = span;
  return { head: stringify(head), body: stringify({ input, output, attributes, events }) };
}

/** Metric points as one line. */
export function metricsLine({ runId, points }: MetricsWrite): RecordLine {
  return { head: stringify(["m", runId, points]), body: "" };
}

/** @throws when the line was not written by {@link spanLine} or {@link metricsLine} */
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
      endUs: head[10],
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

/** JSON of anything: what JSON cannot carry becomes text, but only when the plain way has failed. */
function stringify(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, tolerant());
  }
}

function tolerant(): (this: unknown, key: string, value: unknown) => unknown {
  const path: unknown[] = [];
  return function replace(_key, value) {
    while (path.length > 0 && path.at(-1) !== this) path.pop();
    if (typeof value === "bigint") return value.toString();
    if (typeof value !== "object" || value === null) return value;
    if (path.includes(value)) return "[circular]";
    path.push(value);
    return value;
  };
}
