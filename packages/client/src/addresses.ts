import type { OperationId } from "@rivulet/core";

/** The methods of the API. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Method and path of an operation, below `/api/v1`. */
export interface Address {
  /** Method and path. `:name` is a field of the operation's input; the others are in the query, or in a JSON body. */
  readonly at: `${Method} /${string}`;
  /** Names of the method's arguments before its options. @default none */
  readonly positional?: readonly string[];
}

const byId = { positional: ["id"] } as const;
const byIds = { positional: ["ids"] } as const;
const byName = { positional: ["name"] } as const;
const byTrace = { positional: ["traceId"] } as const;
const byReference = { positional: ["reference"] } as const;

/** Verbs whose work is done in the app's own process, or by other verbs. */
type LocalVerb =
  | "runs.start"
  | "runs.resume"
  | "runs.with"
  | "runs.sweep"
  | "traces.record"
  | "artifacts.putFile"
  | "artifacts.putFolder"
  | "artifacts.stream"
  | "artifacts.download"
  | "models.download"
  | "models.stream"
  | "runs.find"
  | "models.find"
  | "loggedModels.find"
  | "traces.find"
  | "sessions.find"
  | "users.find"
  | "datasets.find";

/** Verbs that can be called from elsewhere. */
export type AddressedId = Exclude<OperationId, LocalVerb>;

/** Where each operation is. The server listens there, and the client calls there. */
export const ADDRESSES: Readonly<Record<AddressedId, Address>> = {
  "experiments.create": { at: "POST /experiments" },
  "experiments.get": { at: "GET /experiments/:id", ...byId },
  "experiments.find": { at: "GET /experiments/find", ...byName },
  "experiments.ensure": { at: "POST /experiments/ensure", ...byName },
  "experiments.search": { at: "GET /experiments" },
  "experiments.update": { at: "PATCH /experiments/:id", ...byId },
  "experiments.datasets": { at: "GET /input-datasets" },
  "experiments.delete": { at: "DELETE /experiments/:id", ...byId },
  "experiments.restore": { at: "POST /experiments/:id/restore", ...byId },
  "experiments.purge": { at: "POST /experiments/purge" },

  "runs.create": { at: "POST /runs" },
  "runs.get": { at: "GET /runs/:id", ...byId },
  "runs.search": { at: "GET /runs" },
  "runs.count": { at: "GET /runs/count" },
  "runs.export": { at: "GET /runs/export" },
  "runs.exportMetrics": { at: "GET /runs/export-metrics" },
  "runs.compare": { at: "POST /runs/compare" },
  "runs.childSummaries": { at: "POST /runs/child-summaries" },
  "runs.update": { at: "PATCH /runs/:id", ...byId },
  "runs.delete": { at: "DELETE /runs/:id", ...byId },
  "runs.restore": { at: "POST /runs/:id/restore", ...byId },
  "runs.updateMany": { at: "POST /runs/update-many", ...byIds },
  "runs.deleteMany": { at: "POST /runs/delete-many", ...byIds },
  "runs.restoreMany": { at: "POST /runs/restore-many", ...byIds },
  "runs.logBatch": { at: "POST /runs/:runId/batch" },
  "runs.logInputs": { at: "POST /runs/:runId/inputs" },
  "runs.inputs": { at: "GET /runs/:runId/inputs" },
  "runs.metricHistory": { at: "GET /runs/:runId/metric-history" },
  "runs.metricSeries": { at: "GET /metric-series" },
  "runs.metricSummaries": { at: "GET /metric-summaries" },
  "runs.owners": { at: "GET /run-owners" },
  "runs.purge": { at: "POST /runs/purge" },
  "runs.keys": { at: "GET /run-keys" },
  "runs.values": { at: "GET /run-values" },
  "runs.groups": { at: "GET /run-groups" },

  "artifacts.list": { at: "GET /runs/:runId/artifacts" },
  "artifacts.get": { at: "GET /runs/:runId/artifact" },
  "artifacts.put": { at: "PUT /runs/:runId/artifact" },
  "artifacts.delete": { at: "DELETE /runs/:runId/artifact" },
  "artifacts.listFolder": { at: "GET /runs/:runId/artifact-folder" },
  "artifacts.zip": { at: "GET /runs/:runId/artifact-zip" },

  "loggedModels.create": { at: "POST /logged-models" },
  "loggedModels.get": { at: "GET /logged-models/:id", ...byId },
  "loggedModels.search": { at: "POST /logged-models/search" },
  "loggedModels.update": { at: "PATCH /logged-models/:id", ...byId },
  "loggedModels.delete": { at: "DELETE /logged-models/:id", ...byId },
  "loggedModels.restore": { at: "POST /logged-models/:id/restore", ...byId },

  "models.create": { at: "POST /models" },
  "models.get": { at: "GET /models/:name", ...byName },
  "models.search": { at: "GET /models" },
  "models.update": { at: "PATCH /models/:name", ...byName },
  "models.delete": { at: "DELETE /models/:name", ...byName },
  "models.rename": { at: "POST /models/:name/rename", ...byName },
  "models.setGates": { at: "PUT /models/:name/gates", positional: ["name", "gates"] },
  "models.history": { at: "GET /model-history" },
  "models.register": { at: "POST /models/:name/versions" },
  "models.getVersion": { at: "GET /model-versions/:reference", ...byReference },
  "models.files": { at: "GET /model-versions/:reference/files", ...byReference },
  "models.load": { at: "GET /model-versions/:reference/file", ...byReference },
  "models.zip": { at: "GET /model-versions/:reference/zip", ...byReference },
  "models.lineage": { at: "GET /model-versions/:reference/lineage", ...byReference },
  "models.checkGates": { at: "GET /model-versions/:reference/gates", ...byReference },
  "models.copyVersion": { at: "POST /model-versions/copy" },
  "models.searchVersions": { at: "GET /model-versions" },
  "models.updateVersion": { at: "PATCH /models/:name/versions/:version" },
  "models.deleteVersion": { at: "DELETE /models/:name/versions/:version" },
  "models.setStage": { at: "PUT /models/:name/versions/:version/stage" },
  "models.setAlias": { at: "PUT /models/:name/aliases/:alias" },
  "models.deleteAlias": { at: "DELETE /models/:name/aliases/:alias" },
  "models.rollBack": { at: "POST /models/:name/aliases/:alias/roll-back" },

  "prompts.getEntry": { at: "GET /prompts/:name", ...byName },
  "prompts.search": { at: "GET /prompts" },
  "prompts.update": { at: "PATCH /prompts/:name", ...byName },
  "prompts.delete": { at: "DELETE /prompts/:name", ...byName },
  "prompts.setAlias": { at: "PUT /prompts/:name/aliases/:alias" },
  "prompts.setSplit": { at: "PUT /prompts/:name/splits/:alias" },
  "prompts.deleteAlias": { at: "DELETE /prompts/:name/aliases/:alias" },
  "prompts.register": { at: "POST /prompts/:name/versions" },
  "prompts.get": { at: "GET /prompt-versions/:reference", ...byReference },
  "prompts.render": { at: "POST /prompt-versions/:reference/render", ...byReference },
  "prompts.listVersions": { at: "GET /prompts/:name/versions" },

  "traces.get": { at: "GET /traces/:id", ...byId },
  "traces.search": { at: "GET /traces" },
  "traces.count": { at: "GET /traces/count" },
  "traces.countUnindexed": { at: "GET /traces/count-unindexed" },
  "traces.aggregate": { at: "GET /traces/aggregate" },
  "traces.groupErrors": { at: "GET /traces/errors" },
  "traces.keys": { at: "GET /trace-keys" },
  "traces.values": { at: "GET /trace-values" },
  "traces.listSpans": { at: "GET /traces/:traceId/spans", ...byTrace },
  "traces.loadSpans": { at: "GET /traces/:traceId/span-bodies", ...byTrace },
  "traces.listAttachments": { at: "GET /traces/:traceId/attachments", ...byTrace },
  "traces.getAttachment": { at: "GET /attachments/:hash", positional: ["hash"] },
  "traces.getSpan": { at: "GET /traces/:traceId/spans/:spanId" },
  "traces.update": { at: "PATCH /traces/:id", ...byId },
  "traces.updateMany": { at: "POST /traces/update-many", ...byIds },
  "traces.pin": { at: "PUT /traces/:id/pin", ...byId },
  "traces.unpin": { at: "DELETE /traces/:id/pin", ...byId },
  "traces.delete": { at: "POST /traces/delete", positional: ["ids"] },
  "traces.deleteFound": { at: "POST /traces/delete-found" },
  "traces.prune": { at: "POST /traces/prune" },
  "traces.logFeedback": { at: "POST /traces/:traceId/feedback" },
  "traces.logExpectation": { at: "POST /traces/:traceId/expectations" },
  "traces.listAssessments": { at: "GET /assessments" },
  "traces.deleteAssessment": { at: "DELETE /assessments/:id", ...byId },

  "sessions.get": { at: "GET /sessions/:id", ...byId },
  "sessions.search": { at: "GET /sessions" },
  "sessions.listTurns": { at: "GET /sessions/:sessionId/turns" },
  "users.get": { at: "GET /users/:id", ...byId },
  "users.search": { at: "GET /users" },

  "datasets.create": { at: "POST /datasets" },
  "datasets.get": { at: "GET /datasets/:name", ...byName },
  "datasets.search": { at: "GET /datasets" },
  "datasets.update": { at: "PATCH /datasets/:name", ...byName },
  "datasets.delete": { at: "DELETE /datasets/:name", ...byName },
  "datasets.listRecords": { at: "GET /datasets/:name/records" },
  "datasets.addRecords": { at: "POST /datasets/:name/records", positional: ["name", "records"] },
  "datasets.addTraces": { at: "POST /datasets/:name/traces", ...byName },
  "datasets.deleteRecords": {
    at: "POST /datasets/:name/records/delete",
    positional: ["name", "ids"],
  },

  "evaluations.get": { at: "GET /evaluations/:id", ...byId },
  "evaluations.search": { at: "GET /evaluations" },
  "evaluations.listRows": { at: "GET /evaluations/:evaluationId/rows" },
  "evaluations.getRow": { at: "GET /evaluations/:evaluationId/rows/:rowId" },
  "evaluations.compare": { at: "GET /evaluations/compare" },

  "webhooks.create": { at: "POST /webhooks" },
  "webhooks.get": { at: "GET /webhooks/:id", ...byId },
  "webhooks.search": { at: "GET /webhooks" },
  "webhooks.update": { at: "PATCH /webhooks/:id", ...byId },
  "webhooks.test": { at: "POST /webhooks/:id/test", ...byId },
  "webhooks.deliveries": { at: "GET /webhooks/:webhookId/deliveries" },
  "webhooks.delete": { at: "DELETE /webhooks/:id", ...byId },

  "views.create": { at: "POST /views" },
  "views.get": { at: "GET /views/:id", ...byId },
  "views.search": { at: "GET /views" },
  "views.update": { at: "PATCH /views/:id", ...byId },
  "views.delete": { at: "DELETE /views/:id", ...byId },
};

/** An address taken apart. */
export interface ParsedAddress {
  /** The HTTP method. */
  readonly method: Method;
  /** Below `/api/v1`, with `:name` for fields of the input. */
  readonly path: string;
  /** Names of the fields in the path. */
  readonly inPath: readonly string[];
  /** Whether the other fields are in a JSON body; else they are in the query. */
  readonly hasBody: boolean;
}

/** Where an operation is. @throws Error for one that has no address, which is a defect */
export function addressOf(id: OperationId): ParsedAddress {
  const address = (ADDRESSES as Readonly<Partial<Record<OperationId, Address>>>)[id];
  if (address === undefined) throw new Error(`The operation ${id} has no address.`);
  return parseAddress(address);
}

/** Takes an address apart. */
export function parseAddress({ at }: Address): ParsedAddress {
  const [method, path = ""] = at.split(" ") as [Method, string];
  return {
    method,
    path,
    inPath: [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name),
    hasBody: method !== "GET" && method !== "DELETE",
  };
}
