import type { DatasetRecord } from "@rivulet/domain";
import { type JsonValue, jsonValueSchema, LIMITS } from "@rivulet/domain";
import * as z from "zod";
import {
  boundedObjectSchema,
  idSchema,
  jsonBytes,
  referenceNameSchema,
  tagsSchema,
  textSchema,
} from "../validation.ts";
import type { CreateDatasetOptions, DatasetRecordInput } from "./datasets.ts";
import { recordId } from "./record-id.ts";

/** A dataset's name. */
const datasetNameSchema: z.ZodType<string> = referenceNameSchema(
  /^[^/:@\\]*$/,
  "characters other than / : @ \\",
);

/** Schema of {@link DatasetRecordInput}. */
const datasetRecordInputSchema: z.ZodType<DatasetRecordInput> = z
  .object({
    inputs: jsonValueSchema,
    expectations: jsonValueSchema.exactOptional(),
    metadata: boundedObjectSchema(LIMITS.metadataBytes).exactOptional(),
    sourceTraceId: idSchema.exactOptional(),
  })
  .refine(
    ({ inputs, expectations }) =>
      jsonBytes(inputs) + jsonBytes(expectations ?? null) <= LIMITS.recordBytes,
    `must have at most ${LIMITS.recordBytes} bytes as JSON`,
  );

/** Schema of a list of {@link DatasetRecordInput}. */
export const datasetRecordsSchema: z.ZodType<readonly DatasetRecordInput[]> = z
  .array(datasetRecordInputSchema)
  .max(LIMITS.records, `at most ${LIMITS.records} records at once`);

/** Schema of {@link CreateDatasetOptions}. */
export const createDatasetSchema: z.ZodType<CreateDatasetOptions> = z.object({
  name: datasetNameSchema,
  description: textSchema(LIMITS.description).exactOptional(),
  tags: tagsSchema.exactOptional(),
  records: datasetRecordsSchema.exactOptional(),
});

/** Ids of records, or of traces. */
export const idListSchema: z.ZodType<readonly string[]> = z.array(idSchema).max(LIMITS.records);

/** Records as the store keeps them; examples with equal inputs become one, the later word wins. */
export function toRecords(
  inputs: readonly DatasetRecordInput[],
  createdAt: number,
): readonly DatasetRecord[] {
  const records = new Map<string, DatasetRecord>();
  for (const { metadata = {}, ...input } of inputs) {
    const id = recordId(input.inputs);
    const record = { ...input, id, metadata, createdAt };
    const before = records.get(id);
    records.set(id, before === undefined ? record : mergeRecords(before, record));
  }
  return [...records.values()];
}

function mergeRecords(before: DatasetRecord, after: DatasetRecord): DatasetRecord {
  const expectations = mergeValues(before.expectations, after.expectations);
  return {
    ...before,
    ...after,
    ...(expectations === undefined ? {} : { expectations }),
    metadata: { ...before.metadata, ...after.metadata },
  };
}

function mergeValues(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): JsonValue | undefined {
  if (after === undefined) return before;
  return isObject(before) && isObject(after) ? { ...before, ...after } : after;
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
