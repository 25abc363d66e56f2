import type { Rivulet } from "@rivulet/core";
import { hexId } from "@rivulet/core/testing";
import type { Input } from "./door.ts";

/** The trace that the store has from the start. */
const TRACE = hexId(1);
/** The root of its spans. */
const SPAN = hexId(1, 16);
/** The run that the calls make. */
const RUN = hexId(3);
/** The view that the calls save; four scores came before it. */
const VIEW = hexId(5);
/** The webhook that comes after it. */
const WEBHOOK = hexId(6);
/** The model that the calls log. */
const MODEL = `m-${hexId(8)}`;

/** What the store has before anything is called: a trace and two evaluations. */
export async function seed(rivulet: Rivulet): Promise<void> {
  const owner = { sessionId: "sums", userId: "ann" };
  await rivulet.withSpan("ask", () => "4", { input: "2 + 2?", ...owner });
  await rivulet.flush();
  for (const offset of [0, 1]) {
    await rivulet.evaluate({
      name: `off by ${offset}`,
      data: [1, 2].map((n) => ({ id: `n${n}`, inputs: n, expectations: n })),
      task: (n: number) => n + offset,
      scorers: [
        function right({ output, expectations }) {
          return output === expectations;
        },
      ],
    });
  }
  await rivulet.flush();
}

const arms = [
  { version: 1, weight: 1 },
  { version: 2, weight: 3 },
];

/** Every operation, called in an order in which each has something to work on. */
export const SCRIPT: readonly (readonly [id: string, input: Input])[] = [
  ["experiments.create", { name: "iris", tags: { team: "a" } }],
  ["experiments.get", { id: "1" }],
  ["experiments.find", { name: "iris" }],
  ["experiments.find", { name: "none" }],
  ["experiments.ensure", { name: "wine" }],
  ["experiments.search", { orderBy: ["name ASC"], limit: 2, lifecycle: "all" }],
  ["experiments.update", { id: "1", name: "flowers", removeTags: ["team"] }],
  ["experiments.delete", { id: "1" }],
  ["experiments.purge", { dryRun: true }],
  ["experiments.restore", { id: "1" }],

  ["views.create", { name: "mine", page: "runs", query: "filter=a", createdBy: "ann" }],
  ["views.get", { id: VIEW }],
  ["views.search", { filter: "page = 'runs'" }],
  ["views.update", { id: VIEW, name: "ours", expected: 1_700_000_000_000 }],
  ["views.delete", { id: VIEW }],

  [
    "webhooks.create",
    { name: "ci", url: "https://localhost:9/", events: ["model_version.created"] },
  ],
  ["webhooks.search", {}],
  ["webhooks.get", { id: WEBHOOK }],
  ["webhooks.update", { id: WEBHOOK, secret: "hush", description: "Builds." }],
  ["webhooks.test", { id: WEBHOOK }],
  ["webhooks.deliveries", { webhookId: WEBHOOK }],
  ["webhooks.delete", { id: WEBHOOK }],

  ["runs.create", { experimentId: "1", name: "one", params: { depth: 3 }, tags: { a: "b" } }],
  [
    "runs.logBatch",
    {
      runId: RUN,
      metrics: [
        { key: "loss", value: 0.5, step: 1 },
        { key: "loss", value: "NaN", step: 2 },
        { key: "gain", value: "-Infinity" },
      ],
      params: { fast: true },
      tags: { NaN: "NaN" },
    },
  ],
  [
    "runs.logInputs",
    {
      runId: RUN,
      inputs: [
        {
          dataset: { name: "iris", digest: "d1", sourceType: "local", source: "iris.csv" },
          context: "training",
          tags: { fold: "1" },
        },
      ],
    },
  ],
  ["runs.inputs", { runId: RUN, limit: 5 }],
  ["experiments.datasets", { experimentIds: ["1"] }],
  ["runs.search", { experimentIds: ["1"], filter: "dataset.context = 'training'" }],
  ["runs.get", { id: RUN }],
  ["runs.search", { experimentIds: ["1"], filter: "params.depth = '3'" }],
  ["runs.count", { experimentIds: ["1"] }],
  ["runs.compare", { runIds: [RUN] }],
  ["runs.childSummaries", { runIds: [RUN], metrics: ["loss"] }],
  ["runs.metricHistory", { runId: RUN, key: "loss", limit: 1 }],
  ["runs.metricSeries", { runIds: [RUN], keys: ["loss", "gain"], smoothing: 0.5 }],
  ["runs.keys", { experimentIds: ["1"] }],
  ["runs.groups", { field: "params.depth", experimentIds: ["1"], metrics: ["loss"] }],
  ["runs.metricSummaries", { runIds: [RUN], keys: ["loss"] }],
  ["runs.owners", { runIds: [RUN] }],
  ["runs.values", { field: "params.depth", experimentIds: ["1"], contains: "3" }],
  ["runs.update", { id: RUN, status: "finished", endTime: 1_700_000_000_500 }],
  ["runs.delete", { id: RUN, withChildren: true }],
  ["runs.restore", { id: RUN, withChildren: true }],
  ["runs.updateMany", { ids: [RUN, "none"], tags: { a: "c" } }],
  ["runs.deleteMany", { ids: [RUN, "none"] }],
  ["runs.purge", { ids: [RUN, "none"], olderThanMs: 0, dryRun: true }],
  ["runs.restoreMany", { ids: [RUN] }],
  ["artifacts.list", { runId: RUN, prefix: "model/" }],
  ["artifacts.listFolder", { runId: RUN, path: "model", limit: 1 }],
  ["artifacts.delete", { runId: RUN, path: "model/a.bin" }],

  [
    "loggedModels.create",
    {
      runId: RUN,
      name: "tree",
      modelType: "ml",
      params: { trees: 50 },
      signature: { inputs: [{ name: "x", type: "float32", shape: [null, 4] }] },
    },
  ],
  ["loggedModels.get", { id: MODEL }],
  [
    "runs.logBatch",
    {
      runId: RUN,
      metrics: [
        { key: "acc", value: 0.9, modelId: MODEL, dataset: { name: "iris", digest: "d1" } },
      ],
    },
  ],
  ["loggedModels.update", { id: MODEL, status: "ready", tags: { team: "a" } }],
  [
    "loggedModels.search",
    { filter: "metrics.acc > 0.5", datasets: [{ name: "iris" }], orderBy: ["metrics.acc DESC"] },
  ],
  ["loggedModels.delete", { id: MODEL }],
  ["loggedModels.restore", { id: MODEL }],

  ["models.create", { name: "tree", description: "A tree." }],
  ["models.register", { name: "tree", runId: RUN, aliases: ["best"], tags: { a: "b" } }],
  ["models.register", { name: "tree", source: "notebook" }],
  ["models.get", { name: "tree" }],
  ["models.search", { filter: "name = 'tree'" }],
  ["models.update", { name: "tree", tags: { team: "a" } }],
  ["models.getVersion", { reference: "tree@best" }],
  ["models.searchVersions", { orderBy: ["version ASC"] }],
  ["models.files", { reference: "models:/tree/1" }],
  ["models.lineage", { reference: "tree@best" }],
  ["models.setGates", { name: "tree", gates: [{ alias: "live", requires: "tags.a = 'b'" }] }],
  ["models.checkGates", { reference: "tree@1", alias: "live" }],
  ["models.setStage", { name: "tree", version: 1, stage: "Production", why: "first" }],
  ["models.copyVersion", { from: "models:/tree/Production", to: "oak", aliases: ["live"] }],
  ["models.rename", { name: "oak", newName: "ash", userId: "ann" }],
  ["models.history", { name: "ash", limit: 2 }],
  ["models.updateVersion", { name: "tree", version: 2, description: "Two." }],
  ["models.setAlias", { name: "tree", alias: "best", version: 2, expected: 1 }],
  ["models.rollBack", { name: "tree", alias: "best", why: "worse" }],
  ["models.deleteAlias", { name: "tree", alias: "best" }],
  ["models.deleteVersion", { name: "tree", version: 1 }],

  ["prompts.register", { name: "greet", template: "Hi {{name}}", config: { model: "m" } }],
  ["prompts.register", { name: "greet", template: [{ role: "user", content: "{{name}}?" }] }],
  ["prompts.getEntry", { name: "greet" }],
  ["prompts.search", {}],
  ["prompts.update", { name: "greet", description: "Says hello." }],
  ["prompts.setAlias", { name: "greet", alias: "live", version: 1, expected: null }],
  ["prompts.setSplit", { name: "greet", alias: "test", arms }],
  ["prompts.get", { reference: "greet@test", key: "ann" }],
  ["prompts.render", { reference: "greet@live", values: { name: "Ann" } }],
  ["prompts.listVersions", { name: "greet", limit: 1 }],
  ["prompts.deleteAlias", { name: "greet", alias: "live" }],
  ["prompts.delete", { name: "greet" }],

  ["traces.get", { id: TRACE }],
  ["traces.search", { experimentIds: ["0"], orderBy: ["startTime DESC"] }],
  ["traces.count", { filter: "name = 'ask'" }],
  ["traces.countUnindexed", {}],
  ["traces.aggregate", { groupBy: ["status"], bucketMs: 60_000, withFeedback: true }],
  ["traces.groupErrors", { filter: "name = 'ask'", limit: 5 }],
  ["traces.keys", { experimentIds: ["0"] }],
  ["traces.values", { field: "status", filter: "name = 'ask'", limit: 5 }],
  ["traces.listSpans", { traceId: TRACE }],
  ["traces.loadSpans", { traceId: TRACE }],
  ["traces.listAttachments", { traceId: TRACE }],
  ["traces.getSpan", { traceId: TRACE, spanId: SPAN }],
  ["traces.update", { id: TRACE, tags: { reviewed: "yes" } }],
  ["traces.updateMany", { ids: [TRACE, "none"], tags: { reviewed: "no" } }],
  ["traces.pin", { id: TRACE }],
  ["traces.unpin", { id: TRACE }],
  ["traces.logFeedback", { traceId: TRACE, value: true, sourceId: "ann" }],
  ["traces.logExpectation", { traceId: TRACE, name: "sum", value: { is: 4 }, sourceId: "ann" }],
  ["traces.listAssessments", { traceIds: [TRACE] }],

  ["sessions.get", { id: "sums" }],
  ["sessions.search", { filter: "name = 'ask'" }],
  ["sessions.listTurns", { sessionId: "sums", limit: 1 }],
  ["users.get", { id: "ann" }],
  ["users.search", { experimentIds: ["0"] }],

  ["datasets.create", { name: "sums", records: [{ inputs: "1 + 1?" }] }],
  ["datasets.get", { name: "sums" }],
  ["datasets.search", { limit: 5 }],
  ["datasets.update", { name: "sums", tags: { easy: "yes" } }],
  ["datasets.addRecords", { name: "sums", records: [{ inputs: { n: 1 }, expectations: 1 }] }],
  ["datasets.addTraces", { name: "sums", traceIds: [TRACE], outputsAsExpectations: true }],
  ["datasets.listRecords", { name: "sums", version: 1 }],
  ["datasets.deleteRecords", { name: "sums", ids: ["none"] }],
  ["datasets.delete", { name: "sums" }],

  ["evaluations.get", { id: hexId(1) }],
  ["evaluations.search", { experimentIds: ["0"] }],
  ["evaluations.listRows", { evaluationId: hexId(1), limit: 1 }],
  ["evaluations.getRow", { evaluationId: hexId(1), rowId: "n2" }],
  ["evaluations.compare", { baselineId: hexId(1), candidateId: hexId(2) }],

  ["traces.deleteAssessment", { id: "none" }],
  ["traces.deleteFound", { filter: "name = 'ask'" }],
  ["traces.delete", { ids: [hexId(2), "none"] }],
  ["traces.prune", { maxTraces: 0 }],
  ["models.delete", { name: "tree" }],
];
