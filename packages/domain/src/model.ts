import * as z from "zod";
import { type Described, describedColumns, describedShape } from "./described.ts";
import { type ColumnsOf, type Entity, TAGS } from "./entity.ts";
import { namedNumberSchema, type StringMap, stringMapSchema } from "./json.ts";
import { type ModelGate, modelGateSchema } from "./model-gate.ts";
import { MODEL_STAGES, type ModelStage, modelStageSchema } from "./model-stage.ts";
import { objectSchema } from "./object-schema.ts";
import { recordSchema } from "./record-schema.ts";

/** A named model with numbered versions. */
export interface RegisteredModel extends Described {
  /** Alias → version, such as `{ production: 3 }`. */
  readonly aliases: Readonly<Record<string, number>>;
  /** The highest version; absent while there is none. */
  readonly latestVersion?: number;
  /** What a version needs before an alias may point at it or before it enters a stage; absent when there are none. */
  readonly gates?: readonly ModelGate[];
}

/** One version of a registered model. Its source never changes. */
export interface ModelVersion {
  /** Name of the registered model. */
  readonly name: string;
  /** Counts up from 1 and is never reused. */
  readonly version: number;
  /** Free text, up to 5,000 characters; empty when there is none. */
  readonly description: string;
  /** The run that produced it. */
  readonly runId?: string;
  /** Path of the run's file or folder that is the model. Its files were pinned when the version was registered. */
  readonly artifactPath?: string;
  /** Id of the logged model that it is a version of: `m-` and 32 hex digits. */
  readonly modelId?: string;
  /** Where the model comes from, such as a URI; `models:/name/3` for a copy. */
  readonly source?: string;
  /** The stage it is in; absent for MLflow's `None`. */
  readonly stage?: ModelStage;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** Free-form labels, up to 8,000 characters each. */
  readonly tags: StringMap;
  /** Aliases that point to this version. */
  readonly aliases: readonly string[];
  /** The latest metrics of its run at the time of registration. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The params of its run at the time of registration; absent when it had none. */
  readonly params?: StringMap;
}

/** Schema of {@link RegisteredModel}. */
export const registeredModelSchema: z.ZodType<RegisteredModel> = objectSchema(() => ({
  ...describedShape,
  aliases: recordSchema(z.string(), z.number().int()),
  latestVersion: z.number().int().exactOptional(),
  gates: z.array(modelGateSchema).exactOptional(),
}));

/** Schema of {@link ModelVersion}. */
export const modelVersionSchema: z.ZodType<ModelVersion> = objectSchema(() => ({
  name: z.string(),
  version: z.number().int(),
  description: z.string(),
  runId: z.string().exactOptional(),
  artifactPath: z.string().exactOptional(),
  modelId: z.string().exactOptional(),
  source: z.string().exactOptional(),
  stage: modelStageSchema.exactOptional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  tags: stringMapSchema,
  aliases: z.array(z.string()),
  metrics: recordSchema(z.string(), namedNumberSchema),
  params: stringMapSchema.exactOptional(),
}));

const modelColumns: ColumnsOf<RegisteredModel, "tags" | "aliases" | "latestVersion"> = {
  ...describedColumns,
  gates: "json?",
};

/** How registered models are stored and searched. */
export const modelEntity: Entity<"model"> = {
  name: "model",
  event: "model",
  table: "models",
  columns: modelColumns,
  extra: { lastVersion: "integer" },
  key: ["name"],
  added: { gates: 4 },
  searched: ["name", "createdAt", "updatedAt"],
  texts: ["alias"],
  order: ["name"],
  aliases: {
    creation_timestamp: "createdAt",
    last_updated_timestamp: "updatedAt",
    timestamp: "updatedAt",
  },
  lookups: { tag: TAGS },
  tagged: "name",
};

const versionColumns: ColumnsOf<ModelVersion, "tags" | "aliases"> = {
  name: "text",
  version: "integer",
  description: "text",
  runId: "text?",
  artifactPath: "text?",
  source: "text?",
  createdAt: "time",
  updatedAt: "time",
  metrics: "json",
  modelId: "text?",
  stage: "text?",
  params: "json?",
};

/** How model versions are stored and searched. Their tags refer to the extra column `id`. */
export const modelVersionEntity: Entity<"modelVersion", "model"> = {
  name: "modelVersion",
  event: "model",
  table: "model_versions",
  columns: versionColumns,
  extra: { id: "text" },
  key: ["name", "version"],
  indexes: [
    { name: "model_versions_created", on: ["-createdAt", "name", "-version"] },
    { name: "model_versions_run", on: ["runId"], where: { field: "runId" } },
    { name: "model_versions_model", on: ["modelId"], where: { field: "modelId" } },
  ],
  added: { modelId: 4, stage: 4, params: 4, model_versions_model: 4 },
  searched: [
    "name",
    "version",
    "runId",
    "artifactPath",
    "modelId",
    "source",
    "stage",
    "createdAt",
    "updatedAt",
  ],
  texts: ["alias"],
  words: { stage: MODEL_STAGES },
  order: ["-createdAt", "name", "-version"],
  aliases: {
    version_number: "version",
    run_id: "runId",
    source_run_id: "runId",
    model_id: "modelId",
    source_path: "source",
    current_stage: "stage",
    creation_timestamp: "createdAt",
    last_updated_timestamp: "updatedAt",
  },
  lookups: {
    tag: TAGS,
    metric: {
      prefixes: ["metric", "metrics"],
      type: "number",
      in: { place: "member", of: "metrics" },
    },
    param: {
      prefixes: ["param", "params", "parameter", "parameters"],
      type: "any",
      in: { place: "member", of: "params" },
    },
  },
  tagged: "id",
};
