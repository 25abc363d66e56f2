import type { Comparison, Dataset, DatasetRecord, Evaluation, EvaluationRow } from "@rivulet/core";
import * as z from "zod";
import { operationTool } from "../operation-tool.ts";
import { type Columns, pageTool, TABLE, toTable } from "../table.ts";
import type { McpTool } from "../tool.ts";
import type { View } from "../view.ts";

const comparedColumns: Columns<Comparison["rows"][number]> = {
  shown: ["rowId", "inputsPreview", "differences", "baselineTraceId", "candidateTraceId"],
  extra: {
    baselineTraceId: (row) => row.baseline?.traceId,
    candidateTraceId: (row) => row.candidate?.traceId,
  },
};

/** A comparison with only its first rows, which are the worst regressions. */
const comparison: View = {
  fields: {
    limit: z.int().min(1).max(1000).default(20).describe("Rows, the worst regressions first"),
  },
  outputSchema: { type: "object", properties: { rows: TABLE } },
  show: (answer, { limit }) => {
    const { rows, ...summary } = answer as Comparison;
    const items = rows.slice(0, Number(limit));
    return { ...summary, rows: toTable({ items }, comparedColumns) };
  },
};

/** Tools over datasets and evaluations. */
export const evaluationTools: readonly McpTool[] = [
  pageTool<Dataset>({
    name: "search_datasets",
    title: "Search datasets",
    operation: "datasets.search",
    description: "Datasets of examples, which get_dataset_records gives.",
    shown: ["name", "version", "recordCount", "updatedAt"],
  }),
  pageTool<DatasetRecord>({
    name: "get_dataset_records",
    title: "Get a dataset's examples",
    operation: "datasets.listRecords",
    description: "The examples of the newest or a given version of a dataset.",
    shown: ["id", "inputs", "expectations"],
  }),
  pageTool<Evaluation>({
    name: "search_evaluations",
    title: "Search evaluations",
    operation: "evaluations.search",
    description: "Evaluations, newest first, with the mean of each score.",
    shown: ["id", "name", "status", "rowCount", "errorCount", "means", "startTime"],
    extra: {
      means: ({ scores }) => Object.fromEntries(scores.map(({ name, mean }) => [name, mean])),
    },
  }),
  pageTool<EvaluationRow>({
    name: "get_evaluation_rows",
    title: "Get an evaluation's rows",
    operation: "evaluations.listRows",
    description: "The rows of an evaluation: example, output and scores.",
    shown: ["rowId", "inputs", "output", "expectations", "error", "scores", "traceId"],
  }),
  operationTool({
    name: "compare_evaluations",
    title: "Compare two evaluations",
    operation: "evaluations.compare",
    description:
      "Paired by row: per score the mean difference with its 95 % interval, and whether it is more than noise.",
    view: comparison,
  }),
];
