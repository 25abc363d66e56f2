import type { FilterField } from "./filter.ts";

/** The lists that can be searched. */
export type SearchEntity =
  | "experiment"
  | "run"
  | "model"
  | "modelVersion"
  | "prompt"
  | "trace"
  | "dataset"
  | "evaluation";

/** How an attribute compares. */
export type FieldType = "text" | "number";

/** What an entity can be searched by. */
export interface SearchFields {
  /** Canonical name of the attribute, as the entity's type has it → its type. */
  readonly attributes: Readonly<Record<string, FieldType>>;
  /** MLflow's and other names → canonical name. Lower case. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Prefix before the dot → kind of look-up. Lower case. */
  readonly prefixes: Readonly<Record<string, FilterField["kind"]>>;
}

const TAGS = { tag: "tag", tags: "tag" } as const;
const ATTRIBUTES = { attribute: "attribute", attributes: "attribute", attr: "attribute" } as const;

/** The vocabulary of each search. Below the port only canonical names are seen. */
export const SEARCH_FIELDS: Readonly<Record<SearchEntity, SearchFields>> = {
  experiment: {
    attributes: { id: "text", name: "text", createdAt: "number", updatedAt: "number" },
    aliases: { experiment_id: "id", creation_time: "createdAt", last_update_time: "updatedAt" },
    prefixes: { ...ATTRIBUTES, ...TAGS },
  },
  run: {
    attributes: {
      id: "text",
      name: "text",
      status: "text",
      userId: "text",
      experimentId: "text",
      parentRunId: "text",
      startTime: "number",
      endTime: "number",
    },
    aliases: {
      run_id: "id",
      run_name: "name",
      "run name": "name",
      user_id: "userId",
      experiment_id: "experimentId",
      parent_run_id: "parentRunId",
      start_time: "startTime",
      end_time: "endTime",
      created: "startTime",
    },
    prefixes: {
      ...ATTRIBUTES,
      ...TAGS,
      run: "attribute",
      metric: "metric",
      metrics: "metric",
      param: "param",
      params: "param",
      parameter: "param",
      parameters: "param",
    },
  },
  model: {
    attributes: { name: "text", createdAt: "number", updatedAt: "number" },
    aliases: {
      creation_timestamp: "createdAt",
      last_updated_timestamp: "updatedAt",
      timestamp: "updatedAt",
    },
    prefixes: { ...ATTRIBUTES, ...TAGS },
  },
  modelVersion: {
    attributes: {
      name: "text",
      version: "number",
      runId: "text",
      source: "text",
      createdAt: "number",
      updatedAt: "number",
    },
    aliases: {
      version_number: "version",
      run_id: "runId",
      source_path: "source",
      creation_timestamp: "createdAt",
      last_updated_timestamp: "updatedAt",
    },
    prefixes: { ...ATTRIBUTES, ...TAGS },
  },
  prompt: {
    attributes: { name: "text", createdAt: "number", updatedAt: "number" },
    aliases: {
      creation_timestamp: "createdAt",
      last_updated_timestamp: "updatedAt",
      timestamp: "updatedAt",
    },
    prefixes: { ...ATTRIBUTES, ...TAGS },
  },
  trace: {
    attributes: {
      id: "text",
      name: "text",
      status: "text",
      experimentId: "text",
      sessionId: "text",
      userId: "text",
      runId: "text",
      startTime: "number",
      endTime: "number",
      durationMs: "number",
      spanCount: "number",
      errorCount: "number",
      cost: "number",
      /** `'name/version'`, or `'name'` for any version. */
      prompt: "text",
      /** Anything in a span's input or output. */
      text: "text",
    },
    aliases: {
      request_id: "id",
      trace_id: "id",
      experiment_id: "experimentId",
      session_id: "sessionId",
      user_id: "userId",
      run_id: "runId",
      timestamp: "startTime",
      timestamp_ms: "startTime",
      start_time: "startTime",
      end_time: "endTime",
      end_time_ms: "endTime",
      execution_time: "durationMs",
      execution_time_ms: "durationMs",
    },
    prefixes: {
      ...ATTRIBUTES,
      ...TAGS,
      trace: "attribute",
      metadata: "metadata",
      request_metadata: "metadata",
      feedback: "feedback",
      expectation: "expectation",
      span: "span",
    },
  },
  dataset: {
    attributes: {
      name: "text",
      version: "number",
      recordCount: "number",
      createdAt: "number",
      updatedAt: "number",
    },
    aliases: { created_time: "createdAt", last_update_time: "updatedAt" },
    prefixes: { ...ATTRIBUTES, ...TAGS },
  },
  evaluation: {
    attributes: {
      id: "text",
      name: "text",
      status: "text",
      experimentId: "text",
      datasetName: "text",
      datasetVersion: "number",
      rowCount: "number",
      errorCount: "number",
      startTime: "number",
      endTime: "number",
    },
    aliases: { run_id: "id", start_time: "startTime", end_time: "endTime" },
    prefixes: { ...ATTRIBUTES },
  },
};

/** What can be searched of spans: `span.name`, `span.type`, `span.status`, `span.content`, `span.attributes.<k>`. */
export const SPAN_FIELDS: readonly string[] = ["name", "type", "status", "content"];
