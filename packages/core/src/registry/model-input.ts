import { LIMITS } from "@rivulet/domain";
import type { VersionKey } from "@rivulet/store";
import * as z from "zod";
import {
  aliasesSchema,
  aliasSchema,
  idSchema,
  referenceNameSchema,
  tagsSchema,
  textSchema,
  versionSchema,
} from "../validation.ts";
import type { CreateModelOptions, RegisterModelOptions } from "./models.ts";

/** A model's name. */
const modelNameSchema: z.ZodType<string> = referenceNameSchema(
  /^[^/:@\\]*$/,
  "characters other than / : @ \\",
);

/** Schema of {@link CreateModelOptions}. */
export const createModelSchema: z.ZodType<CreateModelOptions> = z.object({
  name: modelNameSchema,
  description: textSchema(LIMITS.description).exactOptional(),
  tags: tagsSchema.exactOptional(),
});

/** Schema of {@link RegisterModelOptions}. */
export const registerModelSchema: z.ZodType<RegisterModelOptions> = z
  .object({
    name: modelNameSchema,
    runId: idSchema.exactOptional(),
    artifactPath: textSchema(LIMITS.artifactPath).exactOptional(),
    source: textSchema(LIMITS.description).exactOptional(),
    description: textSchema(LIMITS.description).exactOptional(),
    tags: tagsSchema.exactOptional(),
    aliases: aliasesSchema.exactOptional(),
  })
  .refine((options) => options.artifactPath === undefined || options.runId !== undefined, {
    message: "artifactPath needs the runId it belongs to",
  });

/** Schema of {@link VersionKey}. */
export const modelVersionKeySchema: z.ZodType<VersionKey> = z.object({
  name: idSchema,
  version: versionSchema,
});

/** Schema of what `setAlias` takes. */
export const modelAliasSchema: z.ZodType<VersionKey & { readonly alias: string }> = z.object({
  name: idSchema,
  version: versionSchema,
  alias: aliasSchema,
});
