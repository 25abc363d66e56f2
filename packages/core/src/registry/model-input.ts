import {
  LIMITS,
  type ModelGate,
  type ModelStage,
  parseFilter,
  RivuletError,
  readStage,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { VersionKey } from "@rivulet/store";
import { rangeSchema } from "../artifacts/artifact-input.ts";
import { listSchema } from "../query.ts";
import {
  type Act,
  actFields,
  aliasesSchema,
  aliasSchema,
  describedPatchSchema,
  descriptionSchema,
  fieldsOf,
  idSchema,
  listOf,
  nameSchema,
  optionsSchema,
  referenceNameSchema,
  referenceSchema,
  tagsSchema,
  textSchema,
  versionSchema,
} from "../validation.ts";
import type {
  CopyVersionOptions,
  CreateModelOptions,
  DeleteModelAlias,
  DownloadModelOptions,
  Force,
  GatePlace,
  LoadModelOptions,
  ModelAliasKey,
  ModelHistorySearch,
  ModelVersionUpdate,
  RegisterModelOptions,
  RenameModelOptions,
  SetModelAlias,
  SetModelStage,
  StreamModelOptions,
} from "./models.ts";

/** A model's name. */
const modelNameSchema: z.ZodType<string> = referenceNameSchema(
  /^[^/:@\\]*$/,
  "characters other than / : @ \\",
);

const nameOfModel = idSchema.describe("Name of the model");
const existingAlias = idSchema.describe("Name of the alias");

const forceFields = () => ({
  ...actFields(),
  force: z
    .boolean()
    .describe("Overrides gates that are not met; needs why. Default false")
    .exactOptional(),
});

/** Gates are overridden for a reason only. */
function needsWhy({ force, why }: Force): boolean {
  return force !== true || (why !== undefined && why.trim() !== "");
}
const NO_WHY = { message: "force needs why: the history says why a gate was overridden" };

/** Schema of {@link CreateModelOptions}. */
export const createModelSchema: z.ZodType<CreateModelOptions> = optionsSchema(() => ({
  name: modelNameSchema.describe("Name of the model"),
  description: descriptionSchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
  ...actFields(),
}));

/** Schema of {@link RegisterModelOptions}. */
export const registerModelSchema: z.ZodType<RegisterModelOptions> = optionsSchema(() => ({
  name: modelNameSchema.describe("Name of the model, made when it is not there"),
  runId: idSchema.describe("Id of the run that made the version").exactOptional(),
  artifactPath: textSchema(LIMITS.artifactPath)
    .describe("File or folder of that run that is the model")
    .exactOptional(),
  modelId: idSchema.describe("Id of the logged model that it is a version of").exactOptional(),
  source: textSchema(LIMITS.description)
    .describe("Where the model comes from, such as runs:/<run id>/<path> or another URI")
    .exactOptional(),
  description: descriptionSchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
  aliases: aliasesSchema.exactOptional(),
  ...forceFields(),
}))
  .refine((options) => options.artifactPath === undefined || options.runId !== undefined, {
    message: "artifactPath needs the runId it belongs to",
  })
  .refine(needsWhy, NO_WHY);

/** Schema of {@link CopyVersionOptions}. */
export const copyVersionSchema: z.ZodType<CopyVersionOptions> = optionsSchema(() => ({
  from: referenceSchema,
  to: modelNameSchema.describe("Name of the model that gets it, made when it is not there"),
  aliases: aliasesSchema.exactOptional(),
  ...forceFields(),
})).refine(needsWhy, NO_WHY);

/** Schema of {@link RenameModelOptions}. */
export const renameModelSchema: z.ZodType<RenameModelOptions> = optionsSchema(() => ({
  newName: modelNameSchema.describe("New name of the model"),
  ...actFields(),
}));

/** Schema of what `deleteVersion` takes. */
export const modelVersionKeySchema: z.ZodType<VersionKey & Act> = optionsSchema(() => ({
  name: nameOfModel,
  version: versionSchema,
  ...actFields(),
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
  ...forceFields(),
})).refine(needsWhy, NO_WHY);

/** Schema of {@link DeleteModelAlias}. */
export const deleteModelAliasSchema: z.ZodType<DeleteModelAlias> = optionsSchema(() => ({
  name: nameOfModel,
  alias: existingAlias,
  expected: versionSchema
    .describe("The version that the alias must point to now; default any")
    .exactOptional(),
  ...actFields(),
}));

/** Schema of what `rollBack` takes. */
export const rollBackSchema: z.ZodType<ModelAliasKey & Act> = optionsSchema(() => ({
  name: nameOfModel,
  alias: existingAlias,
  ...actFields(),
}));

const stageTextSchema = z
  .string()
  .refine(
    (stage) => readStage(stage) !== undefined,
    "must be None, Staging, Production or Archived, in any case",
  );

/** Schema of {@link SetModelStage}. */
export const modelStageWriteSchema: z.ZodType<SetModelStage> = optionsSchema(() => ({
  name: nameOfModel,
  version: versionSchema,
  stage: stageTextSchema.describe("None, Staging, Production or Archived, in any case"),
  archiveExisting: z
    .boolean()
    .describe("Archives other versions that are in this stage; default false")
    .exactOptional(),
  ...forceFields(),
})).refine(needsWhy, NO_WHY);

const MOST_GATES = 50;

const gatedStageSchema: z.ZodType<ModelStage> = z
  .string()
  .overwrite((stage) => stage.toLowerCase())
  .refine(
    (stage) => (readStage(stage) ?? null) !== null,
    "must be Staging, Production or Archived",
  ) as never;

const requirementSchema = z.union([
  z
    .string()
    .min(1, "must not be empty")
    .max(LIMITS.filter)
    .superRefine((filter, context) => {
      const problem = problemOf(filter);
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    }),
  optionsSchema(() => ({
    score: nameSchema().describe("Name of the score of an evaluation"),
    atLeast: z.number().describe("Least mean; default any").exactOptional(),
    verdict: z
      .enum(["better", "not_worse"], "must be better or not_worse")
      .describe("Against the version that is there: better or not_worse; default any")
      .exactOptional(),
  })).refine(({ atLeast, verdict }) => atLeast !== undefined || verdict !== undefined, {
    message: "needs atLeast or verdict",
  }),
]);

function problemOf(filter: string): string | undefined {
  try {
    return parseFilter("modelVersion", filter).length === 0 ? "must not be empty" : undefined;
  } catch (error) {
    if (error instanceof RivuletError) return error.message;
    throw error;
  }
}

/** Schema of the gates of a model. */
export const modelGatesSchema: z.ZodType<readonly ModelGate[]> = listOf(
  optionsSchema(() => ({
    alias: aliasSchema.exactOptional(),
    stage: gatedStageSchema.describe("Stage that it guards").exactOptional(),
    requires: requirementSchema.describe(
      "Filter over the version, or what its evaluation must say",
    ),
  })).refine(({ alias, stage }) => (alias === undefined) !== (stage === undefined), {
    message: "needs either alias or stage",
  }) as unknown as z.ZodType<ModelGate>,
  MOST_GATES,
).describe("Gates: alias or stage, and what it requires, such as metrics.accuracy >= 0.95");

/** Schema of {@link GatePlace}. */
export const gatePlaceSchema: z.ZodType<GatePlace> = optionsSchema(() => ({
  alias: existingAlias.exactOptional(),
  stage: stageTextSchema.describe("Staging, Production or Archived, in any case").exactOptional(),
})).refine(({ alias, stage }) => (alias === undefined) !== (stage === undefined), {
  message: "needs either alias or stage",
});

/** Schema of {@link ModelHistorySearch}. */
export const modelHistorySchema: z.ZodType<ModelHistorySearch> = listSchema(() => ({
  name: idSchema.describe("Name of the model; default all").exactOptional(),
  alias: idSchema.describe("Only what concerns this alias; default everything").exactOptional(),
}));

const filePathSchema = textSchema(LIMITS.artifactPath)
  .describe("Path below the model's root; default the only file")
  .exactOptional();

/** Schema of {@link LoadModelOptions}. */
export const loadModelSchema: z.ZodType<LoadModelOptions> = optionsSchema(() => ({
  path: filePathSchema,
}));

/** Schema of {@link StreamModelOptions}. */
export const streamModelSchema: z.ZodType<StreamModelOptions> = optionsSchema(() => ({
  path: filePathSchema,
  range: rangeSchema.exactOptional(),
}));

/** Schema of {@link DownloadModelOptions}. */
export const downloadModelSchema: z.ZodType<DownloadModelOptions> = optionsSchema(() => ({
  to: textSchema(32_767).describe("Folder that gets the files"),
}));
