import type { FinishedSpan, JsonObject, JsonValue } from "@rivulet/core";
import { normalizeSpan, type OtelAttributes, type OtelEvent, type OtelStatus } from "@rivulet/otel";
import { type Fields, fieldsIn } from "./meta-fields.ts";
import type { SourceAssessment, SourceTrace } from "./source.ts";

/** What MLflow's record of a trace says, beside its spans. */
export interface TraceFacts
  extends Pick<SourceTrace, "experimentId" | "startTime" | "tags" | "metadata" | "path"> {
  /** MLflow's id. */
  readonly requestId: string;
  readonly name?: string | undefined;
  readonly durationMs: number;
  readonly status: string;
  /** Beginning of what went in. */
  readonly input?: string | undefined;
  /** Beginning of what came out. */
  readonly output?: string | undefined;
  readonly assessments: readonly SourceAssessment[];
}

/** A trace with its spans; without any, what is known of it becomes its root. @throws Error for an id of another kind */
export function traceOf(
  facts: TraceFacts,
  spansOf: (traceId: string) => readonly FinishedSpan[],
): SourceTrace {
  const { requestId, experimentId, startTime, tags, metadata, path } = facts;
  const id = traceIdOf(requestId);
  const spans = spansOf(id);
  const [sessionId, userId, runId] = [
    "mlflow.trace.session",
    "mlflow.trace.user",
    "mlflow.sourceRun",
  ].map((name) => textIn(metadata[name]));
  return {
    id,
    experimentId,
    startTime,
    spans: spans.length > 0 ? spans : [rootOf(id, facts)],
    tags,
    metadata,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    ...(runId === undefined ? {} : { runId }),
    assessments: withCorrections(facts.assessments),
    path,
  };
}

function textIn(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** `tr-` and 32 hex digits, as MLflow writes it, or what an older version made up. */
function traceIdOf(requestId: string): string {
  const id = requestId.replace(/^tr-/, "").toLowerCase();
  if (/^[\da-f]{32}$/.test(id)) return id;
  throw new Error("its id is no trace id of OpenTelemetry");
}

function rootOf(traceId: string, facts: TraceFacts): FinishedSpan {
  const { name, startTime, durationMs, status, input, output, metadata, tags } = facts;
  const [given = metadata["mlflow.traceInputs"], made = metadata["mlflow.traceOutputs"]] = [
    input,
    output,
  ];
  return {
    traceId,
    id: traceId.slice(16).replace(/^0+$/, "1".padStart(16, "0")),
    name: name ?? tags["mlflow.traceName"] ?? "trace",
    startTime,
    endTime: startTime + durationMs,
    status: status === "ERROR" ? "error" : "ok",
    ...(given === undefined ? {} : { input: jsonOr(given) }),
    ...(made === undefined ? {} : { output: jsonOr(made) }),
  };
}

function jsonOr(value: JsonValue): JsonValue {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return value;
  }
}

/** The spans of a file `traces.json`. @throws Error when it is no such file */
export function spansInFile(traceId: string, text: string): readonly FinishedSpan[] {
  const { spans } = fieldsIn(JSON.parse(text));
  if (!Array.isArray(spans)) throw new Error("has no list of spans");
  return spans.map((span) => spanOf(traceId, fieldsIn(span)));
}

/** Times that are more exact than a double, where they are known. */
export interface ExactTimes {
  /** Nanoseconds since the epoch. */
  readonly start?: bigint | undefined;
  /** Nanoseconds since the epoch. */
  readonly end?: bigint | undefined;
}

/** A span as MLflow 3 writes it, or as MLflow 2 did. Its attributes are texts of JSON. */
export function spanOf(traceId: string, span: Fields, exact: ExactTimes = {}): FinishedSpan {
  const context = fieldsIn(span["context"]);
  const [start, end] = ["start_time", "end_time"].map((name) =>
    nanosecondsOf(span[`${name}_unix_nano`] ?? span[name]),
  );
  const startTime = exact.start ?? start ?? 0n;
  return normalizeSpan({
    traceId,
    spanId: spanIdOf(span["span_id"] ?? context["span_id"]) ?? "",
    parentSpanId: spanIdOf(span["parent_span_id"] ?? span["parent_id"]),
    name: String(span["name"]),
    startTime,
    endTime: (exact.end ?? end) || startTime,
    attributes: attributesOf(span["attributes"]),
    events: Array.isArray(span["events"]) ? span["events"].map(eventOf) : [],
    status: statusOf(span),
  });
}

function statusOf(span: Fields): OtelStatus {
  const { code = span["status_code"], message = span["status_message"] } = fieldsIn(span["status"]);
  return {
    code: /(?:^|_)ERROR$/.test(String(code)) ? 2 : 1,
    ...(typeof message === "string" && message !== "" ? { message } : {}),
  };
}

/** 16 hex digits, also with `0x` before them, or 8 bytes in Base64. */
function spanIdOf(given: unknown): string | undefined {
  if (typeof given !== "string" || given === "") return undefined;
  const digits = given.replace(/^0x/, "").toLowerCase();
  if (/^[\da-f]{16}$/.test(digits)) return digits;
  return Buffer.from(given, "base64").toString("hex");
}

function attributesOf(given: unknown): OtelAttributes {
  const entries = Object.entries(fieldsIn(given)).map(([key, value]) => [
    key,
    jsonOr(value as JsonValue),
  ]);
  return Object.fromEntries(entries) as OtelAttributes;
}

function eventOf(given: unknown): OtelEvent {
  const event = fieldsIn(given);
  return {
    name: String(event["name"]),
    time: nanosecondsOf(event["time_unix_nano"] ?? event["timestamp"]),
    attributes: fieldsIn(event["attributes"]) as OtelAttributes,
  };
}

/** Least number that is one of nanoseconds: as microseconds, it would be of the year 5138. */
const LEAST_NANOSECONDS = 1e17;

/** A double is exact to the microsecond. Events of MLflow 2 are told in microseconds. */
function nanosecondsOf(given: unknown): bigint {
  const number = Number(given ?? 0);
  if (!Number.isFinite(number)) return 0n;
  const microseconds = number < LEAST_NANOSECONDS ? number : number / 1_000;
  return BigInt(Math.round(microseconds)) * 1_000n;
}

/** What MLflow says in place of a value. */
export function errorOf(given: unknown): { readonly error?: string; readonly stack?: string } {
  const { error_code: code, error_message: message, stack_trace: stack } = fieldsIn(given);
  const parts = [code, message].filter((part) => typeof part === "string" && part !== "");
  if (parts.length === 0) return typeof given === "string" && given !== "" ? { error: given } : {};
  return {
    error: parts.join(": "),
    ...(typeof stack === "string" && stack !== "" ? { stack } : {}),
  };
}

const OVERRIDES = "mlflow.assessment.overrides";

/** One that was corrected is kept with the one that corrects it, so that it does not count beside it. */
function withCorrections(given: readonly SourceAssessment[]): readonly SourceAssessment[] {
  const byId = new Map(given.map((one) => [one.id, one]));
  const corrected = new Set(
    given.flatMap(({ overrides }) => (overrides === undefined ? [] : [overrides])),
  );
  return given
    .filter(({ id }) => !corrected.has(id))
    .map((one) => {
      const line = correctedBy(one, byId);
      if (line.length === 0) return one;
      return { ...one, metadata: { ...one.metadata, [OVERRIDES]: line.map(factsOf) } };
    });
}

function correctedBy(
  one: SourceAssessment,
  byId: ReadonlyMap<string, SourceAssessment>,
): readonly SourceAssessment[] {
  const line: SourceAssessment[] = [];
  let next = byId.get(one.overrides ?? "");
  while (next !== undefined && !line.includes(next) && next !== one) {
    line.push(next);
    next = byId.get(next.overrides ?? "");
  }
  return line;
}

function factsOf({ value, ...facts }: SourceAssessment): JsonObject {
  const given = value === undefined ? {} : { value: jsonOr(value) };
  return JSON.parse(JSON.stringify({ ...facts, ...given })) as JsonObject;
}
