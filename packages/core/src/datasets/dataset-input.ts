import {
  type Assessment,
  type DatasetRecord,
  type JsonValue,
  jsonValueSchema,
  LIMITS,
  type PageQuery,
  RivuletError,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { Store } from "@rivulet/store";
import { recordId } from "@rivulet/store";
import { listSchema } from "../query.ts";
import { notFound } from "../reference.ts";
import {
  boundedObjectSchema,
  descriptionSchema,
  idSchema,
  jsonBytes,
  listOf,
  optionsSchema,
  referenceNameSchema,
  tagsSchema,
  versionSchema,
} from "../validation.ts";
import type { AddTracesOptions, CreateDatasetOptions, DatasetRecordInput } from "./datasets.ts";

/** Name of a dataset. */
const datasetNameSchema: z.ZodType<string> = referenceNameSchema(
  /^[^/:@\\]*$/,
  "characters other than / : @ \\",
);

/** Schema of {@link DatasetRecordInput}. */
const datasetRecordInputSchema: z.ZodType<DatasetRecordInput> = optionsSchema(() => ({
  inputs: jsonValueSchema.describe("What the task is given"),
  expectations: jsonValueSchema.describe("What it should return").exactOptional(),
  metadata: boundedObjectSchema(LIMITS.metadataBytes)
    .describe("Facts about the example")
    .exactOptional(),
  sourceTraceId: idSchema.describe("Id of the trace that it comes from").exactOptional(),
})).refine(
  ({ inputs, expectations }) =>
    jsonBytes(inputs) + jsonBytes(expectations ?? null) <= LIMITS.recordBytes,
  `must have at most ${LIMITS.recordBytes} bytes as JSON`,
);

/** Schema of a list of {@link DatasetRecordInput}. */
export const datasetRecordsSchema: z.ZodType<readonly DatasetRecordInput[]> = listOf(
  datasetRecordInputSchema,
  LIMITS.records,
  `at most ${LIMITS.records} records at once`,
).describe('Examples, such as {"inputs": "1 + 1?", "expectations": "2"}');

/** Schema of {@link CreateDatasetOptions}. */
export const createDatasetSchema: z.ZodType<CreateDatasetOptions> = optionsSchema(() => ({
  name: datasetNameSchema.describe("Name of the dataset"),
  description: descriptionSchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
  records: datasetRecordsSchema.exactOptional(),
}));

/** Ids of records or traces. */
export const idListSchema: z.ZodType<readonly string[]> = listOf(idSchema, LIMITS.records);

/** Schema of what `addTraces` takes besides the name. */
export const addTracesSchema: z.ZodType<AddTracesOptions> = optionsSchema(() => ({
  traceIds: idListSchema.describe("Ids of the traces"),
  outputsAsExpectations: z
    .boolean()
    .describe("A trace without expectations gives its output as one; default false")
    .exactOptional(),
}));

/** Schema of what `listRecords` takes. */
export const listRecordsSchema: z.ZodType<
  PageQuery & { readonly name: string; readonly version?: number }
> = listSchema(() => ({
  name: idSchema.describe("Name of the dataset"),
  version: versionSchema.describe("Number of the version; default the newest").exactOptional(),
}));

/** Records as the store keeps them. Of examples with equal inputs, the last one wins. */
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

/**
 * The example that a trace makes: its root's input, and what people said should have come out.
 *
 * @throws RivuletError `not_found`, or `invalid_argument` when the root has no input
 */
export async function readTraceRecord(
  store: Store,
  { traceId, useOutput }: { readonly traceId: string; readonly useOutput: boolean },
): Promise<DatasetRecordInput> {
  const spans = await store.traces.loadSpans(traceId);
  const ids = new Set(spans.map(({ id }) => id));
  const root = spans.find(({ parentId }) => parentId === undefined || !ids.has(parentId));
  if (root === undefined) throw notFound("trace", traceId);
  if (root.input === undefined) {
    throw new RivuletError(
      "invalid_argument",
      `The root span of trace ${traceId} has no input, so it cannot become an example.`,
      { details: { id: traceId } },
    );
  }
  const assessments = await store.assessments.list({ traceIds: [traceId] });
  const expectations = collect(assessments) ?? (useOutput ? root.output : undefined);
  return {
    inputs: root.input,
    ...(expectations === undefined ? {} : { expectations }),
    sourceTraceId: traceId,
  };
}

/** Name → latest value of the expectations; `undefined` when there are none. */
function collect(assessments: readonly Assessment[]): JsonValue | undefined {
  const entries = assessments
    .filter(({ kind }) => kind === "expectation")
    .map(({ name, value }) => [name, value] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
