import { messageOf, RivuletError } from "@rivulet/domain";
import { createEncoder } from "../../json-text/encode-value.ts";
import { JsonText, quote } from "../../json-text/json-text.ts";
import type { JournalRecord, MetricsWrite, SpanWrite } from "../../port/records.ts";

/** Version of the lines that are written. Older ones can be read; newer ones are left where they are. */
const LINE_VERSION = 1;
/** Ends a line. JSON text contains no raw line breaks. */
export const LINE_END: number = "\n".charCodeAt(0);

/** Records are not checked again: their content was bounded when they were made. */
const encode = createEncoder({ maskSecrets: false, maxNodes: Number.POSITIVE_INFINITY });

/** A span as a line of the journal: a JSON object and a line break. */
export function spanLine(span: SpanWrite): string {
  return lineOf("span", span);
}

/** Metric points as a line of the journal. */
export function metricsLine(metrics: MetricsWrite): string {
  return lineOf("metrics", metrics);
}

/** How a process ended, as the last line of its journal. */
export function exitLine(exitCode: number): string {
  return lineOf("exit", { exitCode });
}

/** @throws RivuletError `invalid_argument` when it is not an object */
function lineOf(kind: JournalRecord["kind"], record: object): string {
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    throw new RivuletError(
      "invalid_argument",
      `A record was dropped: its ${kind} is not an object.`,
    );
  }
  let fields = "";
  for (const [name, value] of Object.entries(record)) {
    const json = encodeField(value);
    if (json !== undefined) fields += `${fields === "" ? "" : ","}${quote(name)}:${json}`;
  }
  return `{"v":${LINE_VERSION},"kind":"${kind}","${kind}":{${fields}}}\n`;
}

/** Most fields are texts, numbers and JSON that was made before: the encoder is for the others. */
function encodeField(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return value instanceof JsonText ? value.json : encode(value, "")?.json;
}

/** Meaning of a line of the spool. */
export type ParsedLine =
  | JournalRecord
  /** Written by a newer version; kept for it. */
  | { readonly kind: "newer" }
  | { readonly kind: "damaged"; readonly reason: RivuletError };

/** Parses a line without its line break. */
export function parseLine(line: string): ParsedLine {
  try {
    const parsed: unknown = JSON.parse(line);
    const { v } = (parsed ?? {}) as { readonly v?: unknown };
    return isVersion(v) && v > LINE_VERSION ? { kind: "newer" } : upgrade(parsed);
  } catch (cause) {
    const reason = messageOf(cause);
    const message = `An unreadable line of the spool was dropped: ${reason}`;
    return { kind: "damaged", reason: new RivuletError("internal", message, { cause }) };
  }
}

/** Converts a line of any version up to ours to a record of today. There is only one version so far. */
function upgrade(line: unknown): JournalRecord {
  const record = (line ?? {}) as JournalRecord & { readonly v?: unknown };
  const isKnown = record.kind === "span" || record.kind === "metrics" || record.kind === "exit";
  if (record.v !== 1 || !isKnown || !isObject(record[record.kind as never])) {
    throw new SyntaxError("it is no record of a journal");
  }
  return record.kind === "metrics" ? { ...record, metrics: withNumbers(record.metrics) } : record;
}

/** JSON has no NaN and no Infinity: lines spell them as strings. */
function withNumbers({ points, ...rest }: MetricsWrite): MetricsWrite {
  return { ...rest, points: points.map((point) => ({ ...point, value: Number(point.value) })) };
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
