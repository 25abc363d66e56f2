import * as z from "zod";
import {
  type JsonObject,
  type JsonValue,
  jsonObjectSchema,
  jsonValueSchema,
  type StringMap,
  stringMapSchema,
} from "./json.ts";

/** A named set of examples, in immutable versions. */
export interface Dataset {
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: StringMap;
  /** Grows by one with each change of the records; 0 while it is empty. */
  readonly version: number;
  /** Records in that version. */
  readonly recordCount: number;
}

/** One example. Two records with equal `inputs` are the same record. */
export interface DatasetRecord {
  /** Hex SHA-256 of the canonical inputs, first 32 digits: the same example has the same id everywhere. */
  readonly id: string;
  readonly inputs: JsonValue;
  /** What should come out. */
  readonly expectations?: JsonValue;
  readonly metadata: JsonObject;
  /** The trace it was made from. */
  readonly sourceTraceId?: string;
  readonly createdAt: number;
}

/** Schema of {@link Dataset}. */
export const datasetSchema: z.ZodType<Dataset> = z.object({
  name: z.string(),
  description: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  tags: stringMapSchema,
  version: z.number().int(),
  recordCount: z.number().int(),
});

/** Schema of {@link DatasetRecord}. */
export const datasetRecordSchema: z.ZodType<DatasetRecord> = z.object({
  id: z.string(),
  inputs: jsonValueSchema,
  expectations: jsonValueSchema.exactOptional(),
  metadata: jsonObjectSchema,
  sourceTraceId: z.string().exactOptional(),
  createdAt: z.number(),
});
