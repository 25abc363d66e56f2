import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FinishedSpan, JsonObject } from "@rivulet/core";
import { parse } from "yaml";
import type { ReadSpans } from "./artifact-spans.ts";
import type { Reading } from "./file-models.ts";
import { filesBelow, foldersIn, readOwnText, readYaml } from "./file-tree.ts";
import { type Fields, fieldsIn, optionalText, textOf, timeOf } from "./meta-fields.ts";
import type { SourceAssessment, SourceTrace } from "./source.ts";
import { errorOf, traceOf } from "./source-traces.ts";

const INFO = "trace_info.yaml";

/** The folders of the traces of an experiment. */
export function traceFoldersIn(experiment: string): readonly string[] {
  const folder = join(experiment, "traces");
  return foldersIn(folder).map((name) => join(folder, name));
}

/** A trace in a folder of its own. @throws Error when it cannot be read */
export function readFileTrace(
  path: string,
  { valuesIn, tried, spansAt }: Reading & { readonly spansAt: ReadSpans },
): SourceTrace {
  const info = readYaml(join(path, INFO));
  const requestId = optionalText(info["trace_id"]) ?? textOf(info, "request_id");
  const tags = valuesIn(join(path, "tags"));
  const own = join(path, "artifacts");
  const uri = existsSync(own) ? own : (tags["mlflow.artifactLocation"] ?? own);
  const location = fieldsIn(fieldsIn(info["trace_location"])["mlflow_experiment"]);
  return traceOf(
    {
      requestId,
      experimentId: optionalText(location["experiment_id"]) ?? textOf(info, "experiment_id"),
      startTime: timeOf(info["timestamp_ms"]) ?? dateOf(info["request_time"]) ?? 0,
      durationMs: timeOf(info["execution_time_ms"] ?? info["execution_duration_ms"]) ?? 0,
      status: String(info["status"] ?? info["state"]),
      input: optionalText(info["request_preview"]),
      output: optionalText(info["response_preview"]),
      tags,
      metadata: valuesIn(join(path, "request_metadata")),
      assessments: [...filesBelow(join(path, "assessments"))].flatMap((file) =>
        tried(file.path, () => readAssessment(file.path)),
      ),
      path,
    },
    (traceId): readonly FinishedSpan[] => spansAt({ uri, place: requestId, path, traceId }),
  );
}

/** @throws Error for what is neither feedback nor an expectation */
function readAssessment(path: string): SourceAssessment {
  const given = fieldsIn(parse(readOwnText(path), { version: "1.1" }));
  const { source_type: source = "CODE", source_id: sourceId } = fieldsIn(given["source"]);
  const isExpectation = given["expectation"] !== undefined;
  if (!isExpectation && given["feedback"] === undefined) {
    throw new Error("is neither feedback nor an expectation");
  }
  const content = fieldsIn(given[isExpectation ? "expectation" : "feedback"]);
  const { error, stack } = errorOf(content["error"] ?? given["error"]);
  return {
    id: textOf(given, "assessment_id").replace(/^a-/, ""),
    kind: isExpectation ? "expectation" : "feedback",
    name: textOf(given, "assessment_name"),
    value: jsonOf(content),
    error,
    source: String(source).toLowerCase(),
    ...optional("sourceId", sourceId),
    ...optional("rationale", given["rationale"]),
    ...optional("spanId", given["span_id"]),
    ...optional("runId", given["run_id"]),
    ...optional("overrides", optionalText(given["overrides"])?.replace(/^a-/, "")),
    metadata: {
      ...(fieldsIn(given["metadata"]) as JsonObject),
      ...(stack === undefined ? {} : { "mlflow.assessment.stackTrace": stack }),
    },
    createdAt: dateOf(given["create_time"]) ?? 0,
  };
}

/** JSON text. Expectations that are no single value are a text of JSON already. */
function jsonOf(content: Fields): string | undefined {
  const { value, serialized_value: serialized } = content;
  if (serialized !== undefined) return optionalText(fieldsIn(serialized)["value"]);
  return value === undefined ? undefined : JSON.stringify(value);
}

function optional<K extends string>(name: K, value: unknown): { readonly [N in K]?: string } {
  const text = optionalText(value);
  return text === undefined ? {} : ({ [name]: text } as { readonly [N in K]: string });
}

/** A time of ISO 8601 in milliseconds since the epoch. */
function dateOf(value: unknown): number | undefined {
  const time = value instanceof Date ? value.getTime() : Date.parse(optionalText(value) ?? "");
  return Number.isNaN(time) ? undefined : time;
}
