import {
  type Experiment,
  fieldsOf,
  optionsSchema,
  parseInput,
  type Rivulet,
  type Run,
} from "@rivulet/core";
import * as z from "zod";
import { toJsonSchema } from "../json-schema.ts";
import { operationTool } from "../operation-tool.ts";
import { pageTool, TABLE, type Table } from "../table.ts";
import { type Arguments, joinedTool, type McpTool, operationOf, run } from "../tool.ts";
import { uris } from "../uris.ts";
import { withUri } from "../view.ts";

const searchExperiments = pageTool<Experiment>({
  name: "search_experiments",
  title: "Search experiments",
  operation: "experiments.search",
  description: "Experiments, newest first. Their runs: search_runs.",
  shown: ["id", "name", "updatedAt"],
});

const searchRuns = pageTool<Run>({
  name: "search_runs",
  title: "Search runs",
  operation: "runs.search",
  description:
    "Runs of all experiments or of some, newest first. Order: metrics.accuracy DESC. Compare some with compare_runs.",
  shown: ["id", "name", "status", "startTime", "metrics", "params"],
  extra: {
    durationMs: ({ startTime, endTime }) => (endTime === undefined ? null : endTime - startTime),
  },
});

const getRun = operationTool({
  name: "get_run",
  title: "Get a run",
  operation: "runs.get",
  description: "Params, latest metrics and tags of one run. Its files: list_artifacts.",
  view: withUri(uris.run, "id"),
});

const listArtifacts = operationTool({
  name: "list_artifacts",
  title: "List a run's files",
  operation: "artifacts.list",
  description: "Paths, types and sizes of a run's files.",
});

const compared = optionsSchema({
  runIds: z.array(z.string()).min(2).max(20).describe("Ids of 2 to 20 runs"),
  onlyDifferences: z.boolean().default(true).describe("Only the keys in which the runs differ"),
});

const compareRuns = joinedTool({
  name: "compare_runs",
  title: "Compare runs",
  operations: ["runs.get"],
  description: "Params and metrics of runs side by side: one row a key, one column a run.",
  inputSchema: () => toJsonSchema(compared),
  outputSchema: TABLE,
  call: async (rivulet, given) => {
    const { runIds, onlyDifferences } = parseInput(compared, given, "arguments");
    const runs = await Promise.all(runIds.map((id) => run<Run>(rivulet, "runs.get", { id })));
    return sideBySide(runs, onlyDifferences);
  },
});

function sideBySide(runs: readonly Run[], onlyDifferences: boolean): Table {
  const rows = (["params", "metrics"] as const).flatMap((group) => {
    const keys = [...new Set(runs.flatMap((one) => Object.keys(one[group])))].sort();
    return keys.map((key) => [`${group}.${key}`, ...runs.map((one) => one[group][key] ?? null)]);
  });
  const differs = ([, ...values]: readonly unknown[]) => new Set(values).size > 1;
  return {
    columns: ["key", ...runs.map(({ id }) => id)],
    rows: onlyDifferences ? rows.filter(differs) : rows,
  };
}

const getMetricHistory = operationTool({
  name: "get_metric_history",
  title: "Get curves of metrics",
  operation: "runs.metricSeries",
  description: "Metrics of runs over their steps, thinned out to maxPoints keeping extremes.",
  defaults: { maxPoints: 100 },
});

const { metrics } = fieldsOf(operationOf("runs.logBatch").input);
const metricsOfRun = optionsSchema({ metrics: metrics ?? z.unknown() });

const logRun = joinedTool({
  name: "log_run",
  title: "Log a finished run",
  operations: ["runs.create", "runs.logBatch", "runs.update"],
  description: "Creates a run with params, metrics and tags, and finishes it.",
  inputSchema: () => {
    const schema = toJsonSchema(operationOf("runs.create").input);
    const { properties } = toJsonSchema(metricsOfRun);
    return { ...schema, properties: { ...schema.properties, ...properties } };
  },
  call: logFinishedRun,
});

async function logFinishedRun(rivulet: Rivulet, { metrics: points, ...facts }: Arguments) {
  // Before the run is made: points that cannot be logged would leave it behind, empty.
  parseInput(metricsOfRun, { metrics: points }, "arguments");
  const { id } = await run<Run>(rivulet, "runs.create", facts);
  if (points !== undefined) await run(rivulet, "runs.logBatch", { runId: id, metrics: points });
  const finished = await run<Run>(rivulet, "runs.update", { id, status: "finished" });
  return { ...finished, uri: uris.run(id) };
}

/** Tools over experiments and runs. */
export const runTools: readonly McpTool[] = [
  searchExperiments,
  searchRuns,
  getRun,
  listArtifacts,
  compareRuns,
  getMetricHistory,
  logRun,
];
