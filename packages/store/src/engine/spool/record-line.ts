import { RivuletError } from "@rivulet/domain";
import { createEncoder } from "../../json-text/encode-value.ts";
import type { JournalRecord, MetricsWrite, SpanWrite } from "../../port/records.ts";

/** Version of the lines that are written. Older ones are read; newer ones are left where they are. */
export const LINE_VERSION = 1;

const encode = createEncoder({ maskSecrets: false });

/** A span as a line of the journal: one JSON object, without its line end. */
export function spanLine(span: SpanWrite): string {
  return lineOf("span", span);
}

/** Metric points as a line of the journal. */
export function metricsLine(metrics: MetricsWrite): string {
  return lineOf("metrics", metrics);
}

function lineOf(kind: JournalRecord["kind"], record: object): string {
  return `{"v":${LINE_VERSION},"kind":"${kind}","${kind}":${encode(record, "")}}`;
}

/** @throws when the line was not written by this module */
export function parseLine(line: string): JournalRecord {
  const record = JSON.parse(line) as JournalRecord & { readonly v: number };
  if (record.v !== LINE_VERSION || !(record.kind in record)) {
    throw new SyntaxError("it is no record of a journal");
  }
  return record;
}

/** Records of lines, and why some of them cannot be read. */
export interface ParsedLines {
  readonly records: readonly JournalRecord[];
  readonly refused: readonly RivuletError[];
}

/** Reads lines of the journal. */
export function parseLines(lines: readonly string[]): ParsedLines {
  const records: JournalRecord[] = [];
  const refused: RivuletError[] = [];
  for (const line of lines) {
    if (line === "") continue;
    try {
      records.push(parseLine(line));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `A line of the spool cannot be read and was dropped: ${reason}`;
      refused.push(new RivuletError("internal", message, { cause }));
    }
  }
  return { records, refused };
}
