import {
  LIMITS,
  loggedModelStatusSchema,
  type ModelField,
  type ModelSignature,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { MeasuredDataset } from "@rivulet/store";
import { paramsSchema, type WithTexts } from "../params.ts";
import {
  experimentIdsSchema,
  filterFieldSchema,
  lifecycleFilterSchema,
  searchSchemaWith,
} from "../query.ts";
import {
  idSchema,
  listOf,
  nameSchema,
  optionsSchema,
  tagKeysSchema,
  tagsSchema,
  textSchema,
} from "../validation.ts";
import type {
  CreateLoggedModelOptions,
  LoggedModelSearch,
  LoggedModelUpdate,
  ModelFacts,
} from "./logged-models.ts";

const fieldSchema: z.ZodType<ModelField> = optionsSchema(() => ({
  name: nameSchema(LIMITS.datasetName).describe("Name of the column or tensor"),
  type: nameSchema(100).describe("Type of its values, such as number, string or float32"),
  shape: listOf(z.int().nonnegative().nullable(), 32)
    .describe("Length of each dimension, null where it is free")
    .exactOptional(),
  optional: z.boolean().describe("Whether it may be left out; default false").exactOptional(),
}));

const modelFieldsSchema = listOf(fieldSchema, LIMITS.modelFields);

const signatureSchema: z.ZodType<ModelSignature> = optionsSchema(() => ({
  inputs: modelFieldsSchema.describe("What the model takes"),
  outputs: modelFieldsSchema.describe("What the model gives").exactOptional(),
})).describe("What the model takes and gives");

const modelNameSchema = nameSchema().describe("Name of the model, for people to read");

/** Schema of the kind of a model. */
const modelTypeSchema: z.ZodType<string> = nameSchema().describe(
  "What made the model, such as tfjs or onnx",
);

const modelFactFields = () => ({
  artifactPath: textSchema(LIMITS.artifactPath)
    .describe("Folder or file of the run that is the model; default its name")
    .exactOptional(),
  modelType: modelTypeSchema.exactOptional(),
  signature: signatureSchema.exactOptional(),
  params: paramsSchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
});

/** Schema of {@link ModelFacts}. */
export const modelFactsSchema: z.ZodType<WithTexts<ModelFacts>> = optionsSchema(modelFactFields);

const statusSchema = loggedModelStatusSchema.describe("Whether the files of the model are there");

/** Schema of {@link CreateLoggedModelOptions}. */
export const createLoggedModelSchema: z.ZodType<WithTexts<CreateLoggedModelOptions>> =
  optionsSchema(() => ({
    runId: idSchema.describe("Id of the run that made the model"),
    name: modelNameSchema,
    status: statusSchema.exactOptional(),
    ...modelFactFields(),
  }));

/** Schema of {@link LoggedModelUpdate}. */
export const loggedModelUpdateSchema: z.ZodType<WithTexts<LoggedModelUpdate>> = optionsSchema(
  () => ({
    name: modelNameSchema.exactOptional(),
    status: statusSchema.exactOptional(),
    statusMessage: textSchema(LIMITS.description)
      .describe("Why the files could not be stored; goes with the status")
      .exactOptional(),
    signature: signatureSchema.exactOptional(),
    params: paramsSchema.exactOptional(),
    tags: tagsSchema.exactOptional(),
    removeTags: tagKeysSchema.exactOptional(),
  }),
);

const datasetSchema: z.ZodType<MeasuredDataset> = optionsSchema(() => ({
  name: nameSchema(LIMITS.datasetName).describe("Name of the dataset"),
  digest: nameSchema(LIMITS.datasetDigest).describe("Its digest; default any").exactOptional(),
}));

/** Schema of {@link LoggedModelSearch}. */
export const loggedModelSearchSchema: z.ZodType<LoggedModelSearch> = searchSchemaWith(() => ({
  filter: filterFieldSchema("metrics.accuracy > 0.9 AND params.trees = '50'").exactOptional(),
  experimentIds: experimentIdsSchema.exactOptional(),
  lifecycle: lifecycleFilterSchema.exactOptional(),
  datasets: listOf(datasetSchema, 50)
    .describe("Only metrics on these datasets count in filter and orderBy; default all")
    .exactOptional(),
}));
