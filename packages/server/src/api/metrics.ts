import {
  type MetricSeries,
  metricPointSchema,
  metricSeriesSchema,
  type PageQuery,
  pageSchema,
  type RunKeys,
} from "@rivulet/core";
import * as z from "zod";
import { type Operation, operation } from "./operation.ts";
import { idPath } from "./path-schemas.ts";
import { experimentScopeSchema } from "./query-schemas.ts";

const historyQuerySchema: z.ZodType<PageQuery & { readonly key: string }> = z.object({
  key: z.string(),
  limit: z.int().exactOptional(),
  pageToken: z.string().exactOptional(),
});

const seriesSchema: z.ZodType<MetricSeries> = z.object({
  runId: z.string(),
  key: z.string(),
  steps: z.array(z.number()),
  timestamps: z.array(z.number()),
  values: z.array(z.number()),
  smoothed: z.array(z.number()).exactOptional(),
  total: z.number(),
});

const seriesListSchema: z.ZodType<{ readonly series: readonly MetricSeries[] }> = z.object({
  series: z.array(seriesSchema),
});

const runKeysSchema: z.ZodType<RunKeys> = z.object({
  metrics: z.array(z.string()),
  params: z.array(z.string()),
  tags: z.array(z.string()),
});

/** Operations on the metrics of runs. */
export const metricOperations: readonly Operation[] = [
  operation({
    id: "metrics.history",
    method: "GET",
    path: "/runs/:id/metric-history",
    access: "read",
    summary: "All points of one metric, by step.",
    params: idPath,
    query: historyQuerySchema,
    output: pageSchema(metricPointSchema),
    handler: async ({ rivulet }, { params, query }) => {
      const page = await rivulet.runs.metricHistory({ ...query, runId: params.id });
      if (page.items.length === 0) await rivulet.runs.get(params.id);
      return page;
    },
  }),
  operation({
    id: "metrics.series",
    method: "GET",
    path: "/metric-series",
    access: "read",
    summary: "Curves of several runs, smoothed, then cut to what a chart can show.",
    query: metricSeriesSchema,
    output: seriesListSchema,
    handler: async ({ rivulet }, { query }) => ({ series: await rivulet.runs.metricSeries(query) }),
  }),
  operation({
    id: "metrics.keys",
    method: "GET",
    path: "/run-keys",
    access: "read",
    summary: "The metric, param and tag keys in use.",
    query: experimentScopeSchema,
    output: runKeysSchema,
    handler: ({ rivulet }, { query }) => rivulet.runs.keys(query),
  }),
];
