import type { FinishedSpan, JsonObject } from "@rivulet/core";
import { normalizeSpan, type OtelAttributes, type OtelEvent } from "@rivulet/otel";
import type { SourceAssessment, SourceTrace } from "./source.ts";
import { numberIn, optionalIn, type Row, type Rows, textIn } from "./sqlite-rows.ts";

/** A trace with its spans and what was said of it. @throws Error when it has no spans that can be read */
export function readTrace(row: Row, rows: Rows, path: string): SourceTrace {
  const requestId = textIn(row, "request_id");
  const id = traceIdOf(requestId);
  const tags = rows.pairs("trace_tags", "request_id = ?", requestId);
  const metadata = rows.pairs("trace_request_metadata", "request_id = ?", requestId);
  const spans = [...rows.each("spans", "WHERE trace_id = ?", requestId)].map((span) =>
    spanOf(id, span),
  );
  if (spans.length === 0) spans.push(rootOf(id, row));
  const sessionId = optionalIn(row, "session_id") ?? metadata["mlflow.trace.session"];
  const userId = metadata["mlflow.trace.user"];
  const runId = metadata["mlflow.sourceRun"];
  return {
    id,
    experimentId: textIn(row, "experiment_id"),
    startTime: numberIn(row, "timestamp_ms") ?? 0,
    spans,
    tags,
    metadata,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    ...(runId === undefined ? {} : { runId }),
    assessments: [...rows.each("assessments", "WHERE trace_id = ?", requestId)].map(assessmentOf),
    path,
  };
}

/** `tr-` and 32 hex digits, as MLflow writes it, or what an older version made up. */
function traceIdOf(requestId: string): string {
  const id = requestId.replace(/^tr-/, "").toLowerCase();
  if (/^[\da-f]{32}$/.test(id)) return id;
  throw new Error("its id is no trace id of OpenTelemetry");
}

/** The spans of older traces are in a file of their own: what the table says of the trace becomes its root. */
function rootOf(traceId: string, row: Row): FinishedSpan {
  const startTime = numberIn(row, "timestamp_ms") ?? 0;
  const [input, output] = ["request_preview", "response_preview"].map((name) =>
    optionalIn(row, name),
  );
  return {
    traceId,
    id: traceId.slice(16).replace(/^0+$/, "1".padStart(16, "0")),
    name: optionalIn(row, "trace_name") ?? "trace",
    startTime,
    endTime: startTime + (numberIn(row, "execution_time_ms") ?? 0),
    status: row["status"] === "ERROR" ? "error" : "ok",
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
  };
}

function spanOf(traceId: string, row: Row): FinishedSpan {
  const content = objectIn(JSON.parse(textIn(row, "content")));
  const status = objectIn(content["status"]);
  const startTime = nanosecondsIn(row, "start_time_unix_nano") ?? 0n;
  return normalizeSpan({
    traceId,
    spanId: textIn(row, "span_id"),
    parentSpanId: optionalIn(row, "parent_span_id"),
    name: textIn(row, "name"),
    startTime,
    endTime: nanosecondsIn(row, "end_time_unix_nano") ?? startTime,
    attributes: objectIn(content["attributes"]) as OtelAttributes,
    events: Array.isArray(content["events"]) ? content["events"].map(eventOf) : [],
    status: {
      code: status["code"] === "STATUS_CODE_ERROR" ? 2 : 1,
      ...(typeof status["message"] === "string" ? { message: status["message"] } : {}),
    },
  });
}

function eventOf(given: unknown): OtelEvent {
  const event = objectIn(given);
  return {
    name: String(event["name"]),
    time: BigInt(Math.round(Number(event["time_unix_nano"] ?? 0) / 1000)) * 1000n,
    attributes: objectIn(event["attributes"]) as OtelAttributes,
  };
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
  const metadata = optional("assessment_metadata");
  return {
    id: textIn(row, "assessment_id").replace(/^a-/, ""),
    kind: row["assessment_type"] === "expectation" ? "expectation" : "feedback",
    name: textIn(row, "name"),
    value: optionalIn(row, "value"),
    error: optional("error"),
    source: textIn(row, "source_type").toLowerCase(),
    ...(sourceId === undefined ? {} : { sourceId }),
    ...(rationale === undefined ? {} : { rationale }),
    ...(spanId === undefined ? {} : { spanId }),
    ...(runId === undefined ? {} : { runId }),
    metadata: metadata === undefined ? {} : (objectIn(JSON.parse(metadata)) as JsonObject),
    createdAt: numberIn(row, "created_timestamp") ?? 0,
  };
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
