import * as z from "@rivulet/domain/zod";
import {
  experimentIdsSchema,
  filterFieldSchema,
  lifecycleFilterSchema,
  orderBySchema,
  selectionSchema,
} from "../query.ts";
import type { TableFormat } from "../tables/table.ts";
import { idSchema, listOf, nameSchema } from "../validation.ts";
import { parentRunIdSchema, rootsOnlySchema, runTextSchema } from "./run-input.ts";
import type { MetricExport, RunExport } from "./run-queries.ts";

const MOST_COLUMNS = 10_000;
const MOST_NAMED = 10_000;
/** `metrics.` and a key. */
const COLUMN_CHARACTERS = 300;

const FORMATS = ["csv", "json", "jsonl", "parquet"] as const;

const formatSchema: z.ZodType<TableFormat> = z
  .enum(FORMATS, "must be csv, json, jsonl or parquet")
  .describe("Kind of the file: csv, json, jsonl (an object per line) or parquet");

const exportFields = () => ({
  format: formatSchema,
  filter: filterFieldSchema("params.lr = '0.1' AND metrics.loss < 1").exactOptional(),
  text: runTextSchema.exactOptional(),
  orderBy: orderBySchema.exactOptional(),
  experimentIds: experimentIdsSchema.exactOptional(),
  lifecycle: lifecycleFilterSchema.exactOptional(),
  parentRunId: parentRunIdSchema.exactOptional(),
  rootsOnly: rootsOnlySchema.exactOptional(),
  runIds: listOf(idSchema, MOST_NAMED, `at most ${MOST_NAMED} runs`)
    .describe(
      "Ids of the runs, in the order in which they come; instead of filter, text and orderBy",
    )
    .exactOptional(),
  limit: z
    .int("must be a whole number from 1")
    .min(1, "must be a whole number from 1")
    .describe("Most runs; default all")
    .exactOptional(),
});

/** Schema of {@link RunExport}. */
export const runExportSchema: z.ZodType<RunExport> = selectionSchema(() => ({
  ...exportFields(),
  columns: listOf(nameSchema(COLUMN_CHARACTERS), MOST_COLUMNS, `at most ${MOST_COLUMNS} columns`)
    .refine((columns) => columns.length > 0, "must name a column")
    .describe("Columns, such as name, params.lr or metrics.loss; default all there are")
    .exactOptional(),
}));

/** Schema of {@link MetricExport}. */
export const metricExportSchema: z.ZodType<MetricExport> = selectionSchema(() => ({
  ...exportFields(),
  keys: listOf(nameSchema(), 1_000, "at most 1000 metrics")
    .describe("Names of the metrics, such as loss; default all there are")
    .exactOptional(),
}));
