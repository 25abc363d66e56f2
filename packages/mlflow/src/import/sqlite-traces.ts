import type { FinishedSpan, JsonObject } from "@rivulet/core";
import type { ReadSpans } from "./artifact-spans.ts";
import { fieldsIn } from "./meta-fields.ts";
import type { SourceAssessment, SourceTrace } from "./source.ts";
import { errorOf, spanOf, traceOf } from "./source-traces.ts";
import { numberIn, optionalIn, type Row, type Rows, textIn } from "./sqlite-rows.ts";

/** What a trace is read with. */
export interface TraceReading {
  readonly rows: Rows;
  /** Reads the spans of those traces that have them in a file. */
  readonly spansAt: ReadSpans;
}

/** A trace with its spans and what was said of it. @throws Error when it cannot be read */
export function readTrace(row: Row, { rows, spansAt }: TraceReading, path: string): SourceTrace {
  const requestId = textIn(row, "request_id");
  const tags = rows.pairs("trace_tags", "request_id = ?", requestId);
  const metadata = rows.pairs("trace_request_metadata", "request_id = ?", requestId);
  const sessionId = optionalIn(row, "session_id");
  const session = sessionId === undefined ? {} : { "mlflow.trace.session": sessionId };
  const spansOf = (traceId: string): readonly FinishedSpan[] => {
    const spans = [...rows.each("spans", "WHERE trace_id = ?", requestId)];
    if (spans.length > 0) return spans.map((span) => spanOfRow(traceId, span));
    const uri = tags["mlflow.artifactLocation"];
    return uri === undefined ? [] : spansAt({ uri, place: requestId, path, traceId });
  };
  return traceOf(
    {
      requestId,
      experimentId: textIn(row, "experiment_id"),
      startTime: numberIn(row, "timestamp_ms") ?? 0,
      durationMs: numberIn(row, "execution_time_ms") ?? 0,
      status: textIn(row, "status"),
      name: optionalIn(row, "trace_name"),
      input: optionalIn(row, "request_preview"),
      output: optionalIn(row, "response_preview"),
      tags,
      metadata: { ...session, ...metadata },
      assessments: [...rows.each("assessments", "WHERE trace_id = ?", requestId)].map(assessmentOf),
      path,
    },
    spansOf,
  );
}

function spanOfRow(traceId: string, row: Row): FinishedSpan {
  const content = fieldsIn(JSON.parse(textIn(row, "content")));
  const [spanId, parentId, name] = [
    textIn(row, "span_id"),
    optionalIn(row, "parent_span_id"),
    textIn(row, "name"),
  ];
  return spanOf(
    traceId,
    { ...content, span_id: spanId, parent_span_id: parentId, name },
    {
      start: nanosecondsIn(row, "start_time_unix_nano"),
      end: nanosecondsIn(row, "end_time_unix_nano"),
    },
  );
}

function nanosecondsIn(row: Row, column: string): bigint | undefined {
  const value = row[column];
  return typeof value === "bigint" ? value : undefined;
}

function assessmentOf(row: Row): SourceAssessment {
  const optional = (column: string): string | undefined => {
    const text = optionalIn(row, column);
    return text === "" ? undefined : text;
  };
  const [sourceId, rationale, spanId, runId] = ["source_id", "rationale", "span_id", "run_id"].map(
    optional,
  );
  const overrides = optional("overrides")?.replace(/^a-/, "");
  const metadata = optional("assessment_metadata");
  const { error, stack } = errorOf(jsonOr(optional("error")));
  return {
    id: textIn(row, "assessment_id").replace(/^a-/, ""),
    kind: row["assessment_type"] === "expectation" ? "expectation" : "feedback",
    name: textIn(row, "name"),
    value: optionalIn(row, "value"),
    error,
    source: textIn(row, "source_type").toLowerCase(),
    ...(sourceId === undefined ? {} : { sourceId }),
    ...(rationale === undefined ? {} : { rationale }),
    ...(spanId === undefined ? {} : { spanId }),
    ...(runId === undefined ? {} : { runId }),
    ...(overrides === undefined ? {} : { overrides }),
    metadata: {
      ...(metadata === undefined ? {} : (fieldsIn(JSON.parse(metadata)) as JsonObject)),
      ...(stack === undefined ? {} : { "mlflow.assessment.stackTrace": stack }),
    },
    createdAt: numberIn(row, "created_timestamp") ?? 0,
  };
}

function jsonOr(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
