import {
  type InputDataset,
  type JsonValue,
  jsonValueSchema,
  LIMITS,
  type StringMap,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { experimentIdsSchema, listSchema, selectionSchema } from "../query.ts";
import {
  idSchema,
  jsonBytes,
  listOf,
  nameSchema,
  optionsSchema,
  textSchema,
} from "../validation.ts";
import type { InputOptions, LogInputs, RunInputsPage } from "./run-inputs.ts";

function boundedJson(bytes: number): z.ZodType<JsonValue> {
  return jsonValueSchema.refine(
    (value) => jsonBytes(value) <= bytes,
    `must have at most ${bytes} bytes as JSON`,
  );
}

/** Schema of {@link InputDataset} as an app gives it. */
const givenDatasetSchema: z.ZodType<InputDataset> = optionsSchema(() => ({
  name: nameSchema(LIMITS.datasetName).describe("Name of the data"),
  digest: nameSchema(LIMITS.datasetDigest).describe("Fingerprint of its content"),
  sourceType: nameSchema().describe("Kind of place that it comes from, such as local or http"),
  source: textSchema(LIMITS.datasetSource).describe("Where it comes from, such as a path"),
  schema: boundedJson(LIMITS.datasetSchemaBytes).describe("Its columns").exactOptional(),
  profile: boundedJson(LIMITS.datasetProfileBytes)
    .describe("Facts about it, such as its number of rows")
    .exactOptional(),
}));

const contextSchema = nameSchema().describe("What for, such as training or evaluation");

const inputTagsSchema: z.ZodType<StringMap> = z
  .record(nameSchema(), textSchema(LIMITS.inputTagValue))
  .refine((tags) => Object.keys(tags).length <= LIMITS.batchTags, {
    message: `at most ${LIMITS.batchTags} tags at once`,
  })
  .describe("Labels of this use of the data");

const inputOptionFields = () => ({
  context: contextSchema.exactOptional(),
  tags: inputTagsSchema.exactOptional(),
});

/** Schema of {@link InputOptions}. */
export const inputOptionsSchema: z.ZodType<InputOptions> = optionsSchema(inputOptionFields);

const runIdSchema = idSchema.describe("Id of the run");

/** Schema of {@link LogInputs}. */
export const logInputsSchema: z.ZodType<LogInputs> = optionsSchema(() => ({
  runId: runIdSchema,
  inputs: listOf(
    optionsSchema(() => ({
      dataset: givenDatasetSchema.describe("What the run was given"),
      ...inputOptionFields(),
    })),
    LIMITS.inputs,
  ).describe("The datasets that the run was given"),
}));

/** Schema of {@link RunInputsPage}. */
export const runInputsSchema: z.ZodType<RunInputsPage> = listSchema(() => ({ runId: runIdSchema }));

/** Schema of the query of `experiments.datasets`. */
export const inputDatasetsSchema: z.ZodType<{ readonly experimentIds?: readonly string[] }> =
  selectionSchema(() => ({ experimentIds: experimentIdsSchema.exactOptional() }));
