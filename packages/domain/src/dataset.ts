import * as z from "zod";
import { type Described, describedColumns, describedShape } from "./described.ts";
import { type ColumnsOf, type Entity, type StoredTable, TAGS } from "./entity.ts";
import { type JsonObject, type JsonValue, jsonObjectSchema, jsonValueSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";

/** A named set of examples, in immutable versions. */
export interface Dataset extends Described {
  /** Increases by one with each change of the records; 0 for a dataset that never had any. */
  readonly version: number;
  /** Number of records in this version. */
  readonly recordCount: number;
}

/** One example. Two records with equal `inputs` are the same record. */
export interface DatasetRecord {
  /** Hex SHA-256 of the canonical inputs, first 32 digits: the same example has the same id everywhere. */
  readonly id: string;
  /** What the task is given. */
  readonly inputs: JsonValue;
  /** What the task should return, in whatever shape the scorers expect. */
  readonly expectations?: JsonValue;
  /** Free-form details; empty when there are none. */
  readonly metadata: JsonObject;
  /** The trace it was made from. The record stays when that trace is deleted. */
  readonly sourceTraceId?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Schema of {@link Dataset}. */
export const datasetSchema: z.ZodType<Dataset> = objectSchema(() => ({
  ...describedShape,
  version: z.number().int(),
  recordCount: z.number().int(),
}));

/** Schema of {@link DatasetRecord}. */
export const datasetRecordSchema: z.ZodType<DatasetRecord> = objectSchema(() => ({
  id: z.string(),
  inputs: jsonValueSchema,
  expectations: jsonValueSchema.exactOptional(),
  metadata: jsonObjectSchema,
  sourceTraceId: z.string().exactOptional(),
  createdAt: z.number(),
}));

const columns: ColumnsOf<Dataset, "tags"> = {
  ...describedColumns,
  version: "integer",
  recordCount: "integer",
};

/** How datasets are stored and searched. */
export const datasetEntity: Entity<"dataset"> = {
  name: "dataset",
  event: "dataset",
  table: "datasets",
  columns,
  key: ["name"],
  searched: ["name", "version", "recordCount", "createdAt", "updatedAt"],
  order: ["name"],
  aliases: { created_time: "createdAt", last_update_time: "updatedAt" },
  lookups: { tag: TAGS },
  tagged: "name",
};

const recordColumns: ColumnsOf<DatasetRecord> = {
  id: "text",
  inputs: "json",
  expectations: "json?",
  metadata: "json",
  sourceTraceId: "text?",
  createdAt: "time",
};

/** How dataset records are stored. Each row carries the range of dataset versions it belongs to. */
export const datasetRecordTable: StoredTable<"dataset"> = {
  event: "dataset",
  table: "dataset_records",
  columns: recordColumns,
  extra: {
    dataset: "text",
    sinceVersion: "integer",
    untilVersion: "integer?",
    position: "integer",
  },
  key: ["dataset", "id", "sinceVersion"],
  indexes: [
    { name: "dataset_records_order", on: ["dataset", "createdAt", "position"] },
    { name: "dataset_records_position", on: ["dataset", "position"] },
    {
      name: "dataset_records_source",
      on: ["sourceTraceId"],
      where: { field: "sourceTraceId" },
    },
  ],
  added: { dataset_records_source: 2 },
};
