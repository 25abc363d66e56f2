import {
  childSummarySchema,
  manyChangedSchema,
  metricPointSchema,
  metricSummarySchema,
  namedNumberSchema,
  pageSchema,
  purgedSchema,
  runComparisonSchema,
  runGroupSchema,
  runInputSchema,
  runOwnerSchema,
  runSchema,
  valueCountSchema,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { MetricSeries, RunKeys } from "@rivulet/store";
import { logInputsSchema, runInputsSchema } from "../inputs/run-input-schemas.ts";
import { compareRunsSchema } from "../tracking/compare-runs.ts";
import { purgeSchema } from "../tracking/purge.ts";
import {
  childSummariesSchema,
  createRunSchema,
  metricHistorySchema,
  metricSeriesSchema,
  metricSummariesSchema,
  runBatchSchema,
  runGroupingSchema,
  runIdsSchema,
  runKeysSchema,
  runOwnersSchema,
  runSearchSchema,
  runSelectionSchema,
  runTagsSchema,
  runUpdateSchema,
  runValuesSchema,
  withChildrenSchema,
} from "../tracking/run-input.ts";
import { idSchema } from "../validation.ts";
import { before, count, nothing, type Operation, only, operation } from "./operation.ts";

const seriesSchema: z.ZodType<MetricSeries> = z.object({
  runId: z.string(),
  key: z.string(),
  steps: z.array(z.number()),
  timestamps: z.array(z.number()),
  values: z.array(namedNumberSchema),
  smoothed: z.array(namedNumberSchema).exactOptional(),
  total: z.number(),
});

const keysSchema: z.ZodType<RunKeys> = z.object({
  metrics: z.array(z.string()),
  params: z.array(z.string()),
  tags: z.array(z.string()),
});

const id = idSchema.describe("Id of the run");

/** Operations on the records of runs. */
const records: readonly Operation[] = [
  operation("runs.create", {
    access: "write",
    summary: "Creates a run; its experiment is made when it is not there.",
    input: createRunSchema,
    output: runSchema,
  }),
  operation("runs.get", {
    access: "read",
    summary: "Gives a run with its params, tags and latest metrics.",
    positional: ["id"],
    input: only("id", id),
    output: runSchema,
  }),
  operation("runs.search", {
    access: "read",
    summary: "Searches runs, newest first.",
    input: runSearchSchema,
    output: pageSchema(runSchema),
  }),
  operation("runs.count", {
    access: "read",
    summary: "How many runs a filter finds.",
    input: runSelectionSchema,
    output: count,
  }),
  operation("runs.update", {
    access: "write",
    summary: "Renames or ends a run, sets and removes its tags.",
    positional: ["id"],
    input: before("id", id, runUpdateSchema),
    output: runSchema,
  }),
  operation("runs.delete", {
    access: "write",
    summary: "Hides a run.",
    positional: ["id"],
    input: before("id", id, withChildrenSchema),
    output: runSchema,
  }),
  operation("runs.restore", {
    access: "write",
    summary: "Brings a deleted run back.",
    positional: ["id"],
    input: before("id", id, withChildrenSchema),
    output: runSchema,
  }),
];

/** Operations on many runs at once. */
const many: readonly Operation[] = [
  operation("runs.updateMany", {
    access: "write",
    summary: "Sets and removes tags of many runs at once; says of which it could not.",
    positional: ["ids"],
    input: before("ids", runIdsSchema, runTagsSchema),
    output: manyChangedSchema,
  }),
  operation("runs.deleteMany", {
    access: "write",
    summary: "Hides many runs at once; says which were not there.",
    positional: ["ids"],
    input: only("ids", runIdsSchema),
    output: manyChangedSchema,
  }),
  operation("runs.restoreMany", {
    access: "write",
    summary: "Brings many deleted runs back at once; says which were not there.",
    positional: ["ids"],
    input: only("ids", runIdsSchema),
    output: manyChangedSchema,
  }),
  operation("runs.purge", {
    access: "admin",
    summary: "Removes deleted runs for good, with all that belongs to them; says which were kept.",
    input: purgeSchema,
    output: purgedSchema,
  }),
];

/** Operations on what is logged to runs. */
const logged: readonly Operation[] = [
  operation("runs.logBatch", {
    access: "write",
    summary: "Adds metric points, params and tags: all of them, or none.",
    input: runBatchSchema,
    output: nothing,
  }),
  operation("runs.logInputs", {
    access: "write",
    summary: "Says which datasets a run was given.",
    input: logInputsSchema,
    output: nothing,
  }),
  operation("runs.inputs", {
    access: "read",
    summary: "The datasets that a run was given, by name.",
    input: runInputsSchema,
    output: pageSchema(runInputSchema),
  }),
  operation("runs.metricHistory", {
    access: "read",
    summary: "All points of one metric, by step.",
    input: metricHistorySchema,
    output: pageSchema(metricPointSchema),
  }),
  operation("runs.metricSeries", {
    access: "read",
    summary:
      "Curves of several runs, or a part of them, smoothed, then cut to what a chart can show.",
    input: metricSeriesSchema,
    output: z.array(seriesSchema),
  }),
  operation("runs.metricSummaries", {
    access: "read",
    summary:
      "Last, first, least, greatest and best value of metrics, and how many points they have.",
    input: metricSummariesSchema,
    output: z.array(metricSummarySchema),
  }),
  operation("runs.owners", {
    access: "read",
    summary: "Who writes to running runs, and when each was last heard of.",
    input: runOwnersSchema,
    output: z.array(runOwnerSchema),
  }),
  operation("runs.compare", {
    access: "read",
    summary:
      "Runs side by side: their params, metrics and tags, which differ, and which runs are best.",
    input: compareRunsSchema,
    output: runComparisonSchema,
  }),
  operation("runs.childSummaries", {
    access: "read",
    summary: "The children of runs in one line each: counts by status, the best and the mean.",
    input: childSummariesSchema,
    output: z.array(childSummarySchema),
  }),
  operation("runs.keys", {
    access: "read",
    summary: "The metric, param and tag keys in use.",
    input: runKeysSchema,
    output: keysSchema,
  }),
  operation("runs.values", {
    access: "read",
    summary: "The values of a field and how many runs have each, the most frequent first.",
    input: runValuesSchema,
    output: z.array(valueCountSchema),
  }),
  operation("runs.groups", {
    access: "read",
    summary: "Runs grouped by the values of a field: how many they are, and their metrics.",
    input: runGroupingSchema,
    output: z.array(runGroupSchema),
  }),
];

/** Operations on runs. */
export const runOperations: readonly Operation[] = [...records, ...many, ...logged];
