import { LIMITS } from "@rivulet/domain";
import type * as z from "@rivulet/domain/zod";
import type { VersionKey } from "@rivulet/store";
import {
  aliasesSchema,
  aliasSchema,
  describedPatchSchema,
  fieldsOf,
  idSchema,
  optionsSchema,
  referenceNameSchema,
  tagsSchema,
  textSchema,
  versionSchema,
} from "../validation.ts";
import type { CreateModelOptions, ModelVersionUpdate, RegisterModelOptions } from "./models.ts";

/** A model's name. */
const modelNameSchema: z.ZodType<string> = referenceNameSchema(
  /^[^/:@\\]*$/,
  "characters other than / : @ \\",
);

/** Schema of {@link CreateModelOptions}. */
export const createModelSchema: z.ZodType<CreateModelOptions> = optionsSchema({
  name: modelNameSchema,
  description: textSchema(LIMITS.description).exactOptional(),
  tags: tagsSchema.exactOptional(),
});

/** Schema of {@link RegisterModelOptions}. */
export const registerModelSchema: z.ZodType<RegisterModelOptions> = optionsSchema({
  name: modelNameSchema,
  runId: idSchema.exactOptional(),
  artifactPath: textSchema(LIMITS.artifactPath).exactOptional(),
  source: textSchema(LIMITS.description).exactOptional(),
  description: textSchema(LIMITS.description).exactOptional(),
  tags: tagsSchema.exactOptional(),
  aliases: aliasesSchema.exactOptional(),
}).refine((options) => options.artifactPath === undefined || options.runId !== undefined, {
  message: "artifactPath needs the runId it belongs to",
});

/** Schema of {@link VersionKey}. */
export const modelVersionKeySchema: z.ZodType<VersionKey> = optionsSchema({
  name: idSchema,
  version: versionSchema,
});

/** Schema of {@link ModelVersionUpdate}. */
export const modelVersionUpdateSchema: z.ZodType<ModelVersionUpdate> = optionsSchema({
  name: idSchema,
  version: versionSchema,
  ...fieldsOf(describedPatchSchema),
}) as never;

/** Schema of what `setAlias` takes. */
export const modelAliasSchema: z.ZodType<VersionKey & { readonly alias: string }> = optionsSchema({
  name: idSchema,
  version: versionSchema,
  alias: aliasSchema,
});
