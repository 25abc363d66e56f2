import {
  type Dataset,
  type DatasetRecord,
  type Evaluation,
  optionsSchema,
  type ScoreComparison,
} from "@rivulet/core";
import * as z from "zod";
import { fieldOf } from "../operation-field.ts";
import { pageInput, pageOf, searchByName } from "../search-tool.ts";
import { type Columns, tableSchema, toTable } from "../table.ts";
import { anyRecord, defineTool, limitSchema, type McpTool } from "../tool.ts";
import { experimentIdsOf, experimentSchema } from "./runs.ts";

const datasetColumns: Columns<Dataset> = {
  shown: ["name", "version", "recordCount", "updatedAt"],
  read: {
    name: (dataset) => dataset.name,
    version: (dataset) => dataset.version,
    recordCount: (dataset) => dataset.recordCount,
    updatedAt: (dataset) => new Date(dataset.updatedAt).toISOString(),
    description: (dataset) => dataset.description,
    tags: (dataset) => dataset.tags,
  },
};

const searchDatasets = searchByName({
  name: "search_datasets",
  title: "Search datasets",
  operations: ["datasets.search"],
  description: "Datasets by name. Their examples: get_dataset_records.",
  columns: datasetColumns,
  search: (rivulet, query) => rivulet.datasets.search(query),
});

const recordColumns: Columns<DatasetRecord> = {
  shown: ["id", "inputs", "expectations"],
  read: {
    id: (record) => record.id,
    inputs: (record) => record.inputs,
    expectations: (record) => record.expectations,
    metadata: (record) => record.metadata,
    sourceTraceId: (record) => record.sourceTraceId,
  },
};

const getDatasetRecords = defineTool({
  name: "get_dataset_records",
  title: "Get a dataset's examples",
  operations: ["datasets.listRecords"],
  description: "The examples of the newest or a given version of a dataset.",
  input: optionsSchema({
    name: fieldOf<string>("datasets.listRecords", "name"),
    version: fieldOf<number>("datasets.listRecords", "version").exactOptional(),
    ...pageInput,
  }),
  output: tableSchema,
  async run(rivulet, { name, version, fields, ...place }) {
    const page = await rivulet.datasets.listRecords({
      name,
      ...(version === undefined ? {} : { version }),
      ...pageOf(place),
    });
    return toTable({ page, columns: recordColumns, fields });
  },
});

const evaluationColumns: Columns<Evaluation> = {
  shown: ["id", "name", "status", "rowCount", "errorCount", "scores", "startTime"],
  read: {
    id: (evaluation) => evaluation.id,
    name: (evaluation) => evaluation.name,
    status: (evaluation) => evaluation.status,
    rowCount: (evaluation) => evaluation.rowCount,
    errorCount: (evaluation) => evaluation.errorCount,
    scores: (evaluation) => evaluation.scores.map(({ name, mean }) => [name, mean]),
    startTime: (evaluation) => new Date(evaluation.startTime).toISOString(),
    datasetName: (evaluation) => evaluation.datasetName,
    datasetVersion: (evaluation) => evaluation.datasetVersion,
  },
};

const searchEvaluations = defineTool({
  name: "search_evaluations",
  title: "Search evaluations",
  operations: ["evaluations.search"],
  description: "Evaluations, newest first, with the mean of each score.",
  input: optionsSchema({
    experiment: experimentSchema,
    ...pageInput,
  }),
  output: tableSchema,
  async run(rivulet, { experiment, fields, limit, cursor }) {
    const page = await rivulet.evaluations.search({
      ...(await experimentIdsOf(rivulet, experiment)),
      ...pageOf({ limit, cursor }),
    });
    return toTable({ page, columns: evaluationColumns, fields });
  },
});

const compareEvaluations = defineTool({
  name: "compare_evaluations",
  title: "Compare two evaluations",
  operations: ["evaluations.compare"],
  description:
    "Paired by row: per score the mean difference with its 95 % interval, and whether it is more than noise. The worst regressions come as rows.",
  input: optionsSchema({
    baselineId: fieldOf<string>("evaluations.compare", "baselineId"),
    candidateId: fieldOf<string>("evaluations.compare", "candidateId"),
    limit: limitSchema,
  }),
  output: z.object({
    baseline: anyRecord<Evaluation>(),
    candidate: anyRecord<Evaluation>(),
    scores: z.array(anyRecord<ScoreComparison>()),
    rows: tableSchema,
  }),
  async run(rivulet, { baselineId, candidateId, limit }) {
    const comparison = await rivulet.evaluations.compare({ baselineId, candidateId });
    return {
      baseline: comparison.baseline,
      candidate: comparison.candidate,
      scores: [...comparison.scores],
      rows: {
        columns: ["rowId", "inputs", "differences", "baselineTraceId", "candidateTraceId"],
        rows: comparison.rows
          .slice(0, limit)
          .map((row) => [
            row.rowId,
            row.inputs,
            row.differences,
            row.baseline?.traceId ?? null,
            row.candidate?.traceId ?? null,
          ]),
      },
    };
  },
});

/** Tools over datasets and evaluations. */
export const evaluationTools: readonly McpTool[] = [
  searchDatasets,
  getDatasetRecords,
  searchEvaluations,
  compareEvaluations,
];
