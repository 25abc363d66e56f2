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
