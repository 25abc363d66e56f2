import type { OperationId } from "@rivulet/core";

/** What an option is, for the help: by the name of its field, the same in every verb. */
const NOTES: Readonly<Record<string, string>> = {
  alias: "such as production",
  aliases: "name that points to the new version",
  arms: 'share of a version, as {"version": 2, "weight": 0.5}',
  artifactPath: "file of the run that is the model",
  baselineId: "evaluation to compare with",
  bucketMs: "sums per so many milliseconds",
  candidateId: "evaluation that is judged",
  commitMessage: "what changed",
  config: "settings that go with the prompt",
  description: "text for people",
  endTime: "milliseconds since 1970",
  evaluationId: "id of the evaluation",
  expected: "versions and weights that the alias must have now, null for none",
  experiment: "name of the experiment",
  experimentId: "id of the experiment",
  experimentIds: "only of these experiments",
  filter: "condition, such as \"name = 'iris'\"",
  groupBy: "field or tags.KEY to sum by",
  id: "as a search gives it",
  ids: "which ones",
  key: "name of the metric",
  keys: "name of a metric",
  lifecycle: "with or without deleted ones",
  limit: "most items",
  maxAgeMs: "keep what is younger, in milliseconds",
  maxBytes: "keep the newest of this size",
  maxPoints: "most points per curve",
  maxTraces: "keep so many of the newest",
  metadata: "facts beside it",
  metrics: 'point, as {"key": "loss", "value": 0.1, "step": 3}',
  name: "its name",
  orderBy: 'field and direction, such as "name ASC"',
  outputsAsExpectations: "a trace without expectations gives its output as one",
  pageToken: "where the page before ended",
  params: "what the run is made with; written once",
  parentRunId: "run that this one is part of",
  prefix: "only paths that begin so",
  rationale: "why",
  records: 'record, as {"inputs": …, "expectations": …}',
  reference: "NAME, NAME@VERSION or NAME@ALIAS",
  removeTags: "tag to remove",
  runId: "id of the run",
  runIds: "id of a run",
  smoothing: "weight of the moving average",
  source: "who judges",
  sourceId: "which user, judge or scorer",
  spanId: "id of the span",
  status: "how the run stands",
  tags: "facts to search by",
  template: "text, or chat messages as JSON, with {{variables}}",
  traceId: "id of the trace",
  traceIds: "id of a trace",
  userId: "whose run it is",
  value: "number, text, true or false, or JSON",
  values: "value of a variable",
  version: "number of the version",
  withDatasetRecords: "also traces that records of datasets came from",
};

const RUNS = { filter: "condition, such as \"params.lr = '0.1' AND metrics.loss < 1\"" };
const TRACES = { filter: "condition, such as \"status = 'error' AND startTime > now() - 1d\"" };

/** Where the same name is something else. */
const OTHERWISE: Readonly<Partial<Record<OperationId, Readonly<Record<string, string>>>>> = {
  "models.register": { source: "where the model comes from, such as a URI" },
  "prompts.get": { key: "user or session, which always gets the same arm of a split" },
  "runs.search": RUNS,
  "runs.count": RUNS,
  "traces.search": TRACES,
  "traces.count": TRACES,
  "traces.aggregate": TRACES,
  "traces.deleteFound": TRACES,
  "prompts.render": { key: "user or session, which always gets the same arm of a split" },
};

/** What a field is, for the help of an operation; `""` when nothing is written about it. */
export function noteOf(id: OperationId, field: string): string {
  return OTHERWISE[id]?.[field] ?? NOTES[field] ?? "";
}
