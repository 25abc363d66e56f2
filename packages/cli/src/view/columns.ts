import type { OperationId } from "@rivulet/core";

const REGISTERED = ["name", "latestVersion", "aliases", "updatedAt"];
const SPANS = ["id", "parentId", "type", "name", "status", "startTime", "duration", "model"];

/**
 * The columns of lists that people want to see; `--json` has all fields. `usage.totalTokens` is a field of a field;
 * `duration` is the time between `startTime` and `endTime`. A column with `?` is there when some row has it.
 * A list that is not named here shows its plain fields.
 */
export const COLUMNS: Readonly<Partial<Record<OperationId, readonly string[]>>> = {
  "experiments.search": ["id", "name", "lifecycleStage", "updatedAt"],
  "runs.search": ["id", "name", "status", "startTime", "duration", "metrics", "params"],
  "runs.metricHistory": ["step", "value", "timestamp"],
  "artifacts.list": ["path", "size", "contentType", "createdAt"],
  "artifacts.listFolder": ["path", "isFolder", "files", "size", "createdAt"],
  "runs.inputs": ["dataset.name", "dataset.digest", "context", "dataset.source", "loggedAt"],
  "experiments.datasets": ["experimentId", "name", "digest", "context"],
  "loggedModels.search": ["id", "name", "modelType", "status", "runId", "createdAt", "params"],
  "models.search": REGISTERED,
  "models.searchVersions": ["name", "version", "aliases", "runId", "createdAt", "metrics"],
  "prompts.search": REGISTERED,
  "prompts.listVersions": ["version", "type", "aliases", "createdAt", "commitMessage"],
  "traces.search": [
    "id",
    "name",
    "status",
    "startTime",
    "durationMs",
    "usage.totalTokens",
    "cost",
    "inputPreview",
    "outputPreview",
    "errorPreview",
  ],
  "traces.aggregate": [
    "bucket?",
    "group",
    "count",
    "errorRate",
    "durationMs",
    "usage.totalTokens",
    "cost",
    "feedback?",
  ],
  "traces.groupErrors": ["fingerprint", "count", "lastTime", "traceId", "spanName", "message"],
  "traces.listSpans": SPANS,
  "traces.loadSpans": [...SPANS, "input", "output"],
  "traces.listAssessments": ["id", "traceId", "kind", "name", "value", "source", "rationale"],
  "sessions.search": [
    "id",
    "userId",
    "lastTraceTime",
    "traceCount",
    "errorCount",
    "usage.totalTokens",
    "cost",
    "inputPreview",
    "outputPreview",
  ],
  "sessions.listTurns": [
    "trace.id",
    "trace.status",
    "trace.startTime",
    "trace.durationMs",
    "trace.cost",
    "input",
    "output",
  ],
  "users.search": [
    "id",
    "lastTraceTime",
    "sessionCount",
    "traceCount",
    "errorCount",
    "usage.totalTokens",
    "cost",
  ],
  "views.search": ["id", "name", "page", "experimentId", "query", "updatedAt"],
  "datasets.search": ["name", "version", "recordCount", "updatedAt"],
  "datasets.listRecords": ["id", "inputs", "expectations"],
  "evaluations.search": ["id", "name", "status", "rowCount", "errorCount", "scores", "startTime"],
  "evaluations.listRows": ["rowId", "inputs", "output", "scores", "error", "traceId"],
};
