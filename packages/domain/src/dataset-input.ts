import * as z from "zod";
import type { ColumnsOf, StoredTable } from "./entity.ts";
import { type JsonValue, jsonValueSchema, type StringMap, stringMapSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";

/** Data that runs were made with, described as MLflow does: by name and digest. The data itself is not kept. */
export interface InputDataset {
  /** Name of the data, up to 500 characters. */
  readonly name: string;
  /** Fingerprint of the content, up to 36 characters: other content has another one. */
  readonly digest: string;
  /** What kind of place it comes from, such as `local`, `http` or `rivulet`. */
  readonly sourceType: string;
  /** Where it comes from, such as a path or a URI; up to 65,535 characters. */
  readonly source: string;
  /** Its columns; up to 1 MB as JSON. */
  readonly schema?: JsonValue;
  /** Facts about it, such as its number of rows; up to 16 MB as JSON. */
  readonly profile?: JsonValue;
}

/** That a run was given a dataset. */
export interface RunInput {
  /** The run. */
  readonly runId: string;
  /** What it was given. */
  readonly dataset: InputDataset;
  /** What for, such as `training` or `evaluation`. */
  readonly context?: string;
  /** Free-form labels. */
  readonly tags: StringMap;
  /** Milliseconds since the epoch. */
  readonly loggedAt: number;
}

/** A dataset that runs of an experiment were given. */
export interface DatasetSummary {
  /** The experiment of the runs. */
  readonly experimentId: string;
  /** Name of the data. */
  readonly name: string;
  /** Fingerprint of the content. */
  readonly digest: string;
  /** What for, such as `training`. */
  readonly context?: string;
}

/** Schema of {@link InputDataset}. */
export const inputDatasetSchema: z.ZodType<InputDataset> = objectSchema(() => ({
  name: z.string(),
  digest: z.string(),
  sourceType: z.string(),
  source: z.string(),
  schema: jsonValueSchema.exactOptional(),
  profile: jsonValueSchema.exactOptional(),
}));

/** Schema of {@link RunInput}. */
export const runInputSchema: z.ZodType<RunInput> = objectSchema(() => ({
  runId: z.string(),
  dataset: inputDatasetSchema,
  context: z.string().exactOptional(),
  tags: stringMapSchema,
  loggedAt: z.number(),
}));

/** Schema of {@link DatasetSummary}. */
export const datasetSummarySchema: z.ZodType<DatasetSummary> = objectSchema(() => ({
  experimentId: z.string(),
  name: z.string(),
  digest: z.string(),
  context: z.string().exactOptional(),
}));

const datasetColumns: ColumnsOf<InputDataset> = {
  name: "text",
  digest: "text",
  sourceType: "text",
  source: "text",
  schema: "json?",
  profile: "json?",
};

/** How the descriptions are stored: once per experiment, however many of its runs were given the dataset. */
export const inputDatasetTable: StoredTable<"run"> = {
  event: "run",
  table: "input_datasets",
  columns: datasetColumns,
  extra: { experimentId: "text" },
  key: ["experimentId", "name", "digest"],
  since: 4,
};

const inputColumns: ColumnsOf<RunInput, "dataset" | "context"> = {
  runId: "text",
  tags: "json",
  loggedAt: "time",
};

/** How is stored which run was given what. A run may be given one dataset for several purposes. */
export const runInputTable: StoredTable<"run"> = {
  event: "run",
  table: "run_inputs",
  columns: inputColumns,
  // The context is empty where there is none: missing values would not be equal.
  extra: { experimentId: "text", name: "text", digest: "text", context: "text" },
  key: ["runId", "name", "digest", "context"],
  indexes: [
    { name: "run_inputs_dataset", on: ["experimentId", "name", "digest", "context", "runId"] },
  ],
  since: 4,
};
