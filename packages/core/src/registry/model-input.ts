import { LIMITS } from "@rivulet/domain";
import type * as z from "@rivulet/domain/zod";
import type { VersionKey } from "@rivulet/store";
import {
  aliasesSchema,
  aliasSchema,
  describedPatchSchema,
  descriptionSchema,
  fieldsOf,
  idSchema,
  optionsSchema,
  referenceNameSchema,
  tagsSchema,
  textSchema,
  versionSchema,
} from "../validation.ts";
import type {
  CreateModelOptions,
  ModelVersionUpdate,
  RegisterModelOptions,
  SetModelAlias,
} from "./models.ts";

/** A model's name. */
const modelNameSchema: z.ZodType<string> = referenceNameSchema(
  /^[^/:@\\]*$/,
  "characters other than / : @ \\",
);

const nameOfModel = idSchema.describe("Name of the model");

/** Schema of {@link CreateModelOptions}. */
export const createModelSchema: z.ZodType<CreateModelOptions> = optionsSchema(() => ({
  name: modelNameSchema.describe("Name of the model"),
  description: descriptionSchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
}));

/** Schema of {@link RegisterModelOptions}. */
export const registerModelSchema: z.ZodType<RegisterModelOptions> = optionsSchema(() => ({
  name: modelNameSchema.describe("Name of the model, made when it is not there"),
  runId: idSchema.describe("Id of the run that made the version").exactOptional(),
  artifactPath: textSchema(LIMITS.artifactPath)
    .describe("File of that run that is the model")
    .exactOptional(),
  source: textSchema(LIMITS.description)
    .describe("Where the model comes from, such as a URI")
    .exactOptional(),
  description: descriptionSchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
  aliases: aliasesSchema.exactOptional(),
})).refine((options) => options.artifactPath === undefined || options.runId !== undefined, {
  message: "artifactPath needs the runId it belongs to",
});

/** Schema of {@link VersionKey}. */
export const modelVersionKeySchema: z.ZodType<VersionKey> = optionsSchema(() => ({
  name: nameOfModel,
  version: versionSchema,
}));

/** Schema of {@link ModelVersionUpdate}. */
export const modelVersionUpdateSchema: z.ZodType<ModelVersionUpdate> = optionsSchema(() => ({
  name: nameOfModel,
  version: versionSchema,
  ...fieldsOf(describedPatchSchema),
})) as never;

/** Schema of what `setAlias` takes. */
export const modelAliasSchema: z.ZodType<SetModelAlias> = optionsSchema(() => ({
  name: nameOfModel,
  version: versionSchema,
  alias: aliasSchema,
  expected: versionSchema
    .nullable()
    .describe("The version that the alias must point to now, null for none; default any")
    .exactOptional(),
}));
