import {
  type Artifact,
  type Experiment,
  namedNumberSchema,
  optionsSchema,
  type Params,
  type Rivulet,
  type Run,
  type StringMap,
} from "@rivulet/core";
import * as z from "zod";
import { allOf, equals } from "../clauses.ts";
import { fieldOf } from "../operation-field.ts";
import { pageInput, pageOf, searchByName } from "../search-tool.ts";
import { type Columns, type Table, tableSchema, toTable } from "../table.ts";
import { anyRecord, defineTool, type McpTool } from "../tool.ts";
import { uris } from "../uris.ts";

const experimentColumns: Columns<Experiment> = {
  shown: ["id", "name", "updatedAt"],
  read: {
    id: (experiment) => experiment.id,
    name: (experiment) => experiment.name,
    updatedAt: (experiment) => new Date(experiment.updatedAt).toISOString(),
    createdAt: (experiment) => new Date(experiment.createdAt).toISOString(),
    tags: (experiment) => experiment.tags,
  },
};

const searchExperiments = searchByName({
  name: "search_experiments",
  title: "Search experiments",
  operations: ["experiments.search"],
  description: "Experiments by name. Their runs: search_runs.",
  columns: experimentColumns,
  search: (rivulet, query) => rivulet.experiments.search(query),
});

const runColumns: Columns<Run> = {
  shown: ["id", "name", "status", "startTime", "metrics", "params"],
  read: {
    id: (run) => run.id,
    name: (run) => run.name,
    experimentId: (run) => run.experimentId,
    status: (run) => run.status,
    startTime: (run) => new Date(run.startTime).toISOString(),
    durationMs: (run) => (run.endTime === undefined ? null : run.endTime - run.startTime),
    metrics: (run) => run.metrics,
    params: (run) => run.params,
    tags: (run) => run.tags,
    parentRunId: (run) => run.parentRunId,
    uri: (run) => uris.run(run.id),
  },
};

/** What tools that search within experiments take: a name, or an id. */
export const experimentSchema: z.ZodExactOptional<z.ZodType<string>> = fieldOf<string>(
  "experiments.find",
  "name",
)
  .describe("Name or id of an experiment")
  .exactOptional();

const searchRuns = defineTool({
  name: "search_runs",
  title: "Search runs",
  operations: ["runs.search", "experiments.find", "experiments.get"],
  description:
    "Runs of all experiments or of one, newest first. Filter: metrics.accuracy > 0.9 AND params.lr = '0.01' AND status = 'finished'. Order: metrics.accuracy DESC.",
  input: optionsSchema({
    experiment: experimentSchema,
    filter: fieldOf<string>("runs.search", "filter").exactOptional(),
    orderBy: fieldOf<string>("runs.search", "filter").exactOptional(),
    ...pageInput,
  }),
  output: tableSchema,
  async run(rivulet, { experiment, filter, orderBy, fields, limit, cursor }) {
    const page = await rivulet.runs.search({
      ...(await experimentIdsOf(rivulet, experiment)),
      ...allOf(filter),
      ...(orderBy === undefined ? {} : { orderBy: [orderBy] }),
      ...pageOf({ limit, cursor }),
    });
    return toTable({ page, columns: runColumns, fields });
  },
});

const getRun = defineTool({
  name: "get_run",
  title: "Get a run",
  operations: ["runs.get", "artifacts.list"],
  description: "Params, latest metrics, tags and artifacts of one run.",
  input: optionsSchema({ runId: fieldOf<string>("runs.get", "id") }),
  output: z.object({
    run: anyRecord<Run>(),
    artifacts: z.array(anyRecord<Artifact>()),
    uri: z.string(),
  }),
  async run(rivulet, { runId }) {
    const run = await rivulet.runs.get(runId);
    const artifacts = await rivulet.artifacts.list({ runId });
    return { run, artifacts: [...artifacts], uri: uris.run(runId) };
  },
});

const compareRuns = defineTool({
  name: "compare_runs",
  title: "Compare runs",
  operations: ["runs.get"],
  description: "Params and metrics of 2 to 20 runs side by side: one row a key, one column a run.",
  input: optionsSchema({
    runIds: z.array(fieldOf<string>("runs.get", "id")).min(2).max(20),
    onlyDifferences: z.boolean().default(true),
  }),
  output: tableSchema,
  async run(rivulet, { runIds, onlyDifferences }) {
    const runs = await Promise.all(runIds.map((id) => rivulet.runs.get(id)));
    return compared(runs, onlyDifferences);
  },
});

function compared(runs: readonly Run[], onlyDifferences: boolean): Table {
  const rows = (["params", "metrics"] as const).flatMap((group) => {
    const keys = [...new Set(runs.flatMap((run) => Object.keys(run[group])))].sort();
    return keys.map((key) => [`${group}.${key}`, ...runs.map((run) => run[group][key] ?? null)]);
  });
  const differs = ([, ...values]: readonly unknown[]) => new Set(values).size > 1;
  return {
    columns: ["key", ...runs.map((run) => run.id)],
    rows: onlyDifferences ? rows.filter(differs) : rows,
  };
}

const toldNumberSchema = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);

/** A number as JSON has it: NaN and the infinities are named. */
function told(value: number): z.infer<typeof toldNumberSchema> {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return value;
  return value > 0 ? "Infinity" : "-Infinity";
}

const getMetricHistory = defineTool({
  name: "get_metric_history",
  title: "Get a metric's curve",
  operations: ["runs.metricSeries"],
  description: "A metric of one run over its steps, thinned out to maxPoints keeping extremes.",
  input: optionsSchema({
    runId: fieldOf<string>("runs.metricHistory", "runId"),
    key: fieldOf<string>("runs.metricHistory", "key"),
    maxPoints: fieldOf<number>("runs.metricSeries", "maxPoints").default(100),
  }),
  output: z.object({
    steps: z.array(z.number()),
    values: z.array(toldNumberSchema),
    total: z.number(),
  }),
  async run(rivulet, { runId, key, maxPoints }) {
    await rivulet.runs.get(runId);
    const [series] = await rivulet.runs.metricSeries({ runIds: [runId], keys: [key], maxPoints });
    return {
      steps: [...(series?.steps ?? [])],
      values: (series?.values ?? []).map(told),
      total: series?.total ?? 0,
    };
  },
});

const logRun = defineTool({
  name: "log_run",
  title: "Log a finished run",
  operations: ["runs.create", "runs.logBatch"],
  description: "Creates a run with params, metrics and tags, and finishes it.",
  access: "write",
  input: optionsSchema({
    experiment: fieldOf<string>("experiments.find", "name"),
    name: fieldOf<string>("runs.create", "name").exactOptional(),
    params: fieldOf<Params>("runs.create", "params").default({}),
    metrics: z.record(z.string(), namedNumberSchema).default({}),
    tags: fieldOf<StringMap>("runs.create", "tags").default({}),
  }),
  output: z.object({ runId: z.string(), uri: z.string() }),
  async run(rivulet, { experiment, name, params, metrics, tags }) {
    const run = await rivulet.runs.start({
      experiment,
      params,
      tags,
      ...(name === undefined ? {} : { name }),
    });
    run.logMetrics(metrics);
    await run.finish();
    return { runId: run.id, uri: uris.run(run.id) };
  },
});

/** The ids to search in for a name or id of an experiment; all when there is none. */
export async function experimentIdsOf(
  rivulet: Rivulet,
  experiment: string | undefined,
): Promise<{ experimentIds?: string[] }> {
  if (experiment === undefined) return {};
  const byName = await rivulet.experiments.find(experiment);
  return { experimentIds: [(byName ?? (await rivulet.experiments.get(experiment))).id] };
}

/** The clause that keeps the traces of one run. */
export function ofRun(runId: string | undefined): string | undefined {
  return equals("run_id", runId);
}

/** Tools over experiments and runs. */
export const runTools: readonly McpTool[] = [
  searchExperiments,
  searchRuns,
  getRun,
  compareRuns,
  getMetricHistory,
  logRun,
];
