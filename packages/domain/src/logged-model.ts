import * as z from "zod";
import { type ColumnsOf, type Entity, TAGS } from "./entity.ts";
import { namedNumberSchema, type StringMap, stringMapSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";
import { type LifecycleStage, lifecycleStageSchema } from "./page.ts";

/** Whether a model can be used: its files are being stored, are stored, or could not be stored. */
export type LoggedModelStatus = "pending" | "ready" | "upload_failed";

/** One input or output of a model. */
export interface ModelField {
  /** Its name, such as a column or a tensor. */
  readonly name: string;
  /** Type of its values, such as `number`, `string`, `float32` or `int64`. */
  readonly type: string;
  /** Length of each dimension of a tensor; null where it is free. @default a single value */
  readonly shape?: readonly (number | null)[];
  /** Whether it may be left out. @default false */
  readonly optional?: boolean;
}

/** What a model takes and gives. */
export interface ModelSignature {
  /** What it takes. */
  readonly inputs: readonly ModelField[];
  /** What it gives, as far as known. */
  readonly outputs?: readonly ModelField[];
}

/** The latest value of a metric of a model, on a dataset or on none. */
export interface ModelMetric {
  /** Name of the metric. */
  readonly key: string;
  /** Any number, NaN and ±Infinity included. */
  readonly value: number;
  /** Training step or epoch. */
  readonly step: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** The run that measured it. */
  readonly runId: string;
  /** Name of the dataset it was measured on. */
  readonly datasetName?: string;
  /** Digest of that dataset. */
  readonly datasetDigest?: string;
}

/** A model that a run has made: files of the run, and what is known of them. */
export interface LoggedModel {
  /** `m-` and 32 hex digits, ordered by time. */
  readonly id: string;
  /** The experiment of its run. */
  readonly experimentId: string;
  /** For people to read; need not be unique. */
  readonly name: string;
  /** The run that made it. */
  readonly runId: string;
  /** The folder of the run's artifacts that has its files, or its only file. */
  readonly artifactPath: string;
  /** What made it, such as `tfjs` or `onnx`. */
  readonly modelType?: string;
  /** Whether its files are there. */
  readonly status: LoggedModelStatus;
  /** Why its files could not be stored. */
  readonly statusMessage?: string;
  /** What it takes and gives. */
  readonly signature?: ModelSignature;
  /** What it was made with. */
  readonly params: StringMap;
  /** Free-form labels. */
  readonly tags: StringMap;
  /** The latest value of each metric on each dataset, by key, then by dataset. */
  readonly metrics: readonly ModelMetric[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** `deleted` hides it from searches until it is restored. */
  readonly lifecycleStage: LifecycleStage;
}

/** Which model a point of a run was measured of, and on which dataset. */
export interface MeasuredModel {
  /** Id of the logged model. */
  readonly modelId: string;
  /** Name of the dataset. */
  readonly datasetName?: string;
  /** Digest of the dataset. */
  readonly datasetDigest?: string;
}

const STATUSES = ["pending", "ready", "upload_failed"] as const;

/** Schema of {@link LoggedModelStatus}. */
export const loggedModelStatusSchema: z.ZodType<LoggedModelStatus> = z.enum(STATUSES);

const fieldSchema: z.ZodType<ModelField> = objectSchema(() => ({
  name: z.string(),
  type: z.string(),
  shape: z.array(z.int().nullable()).exactOptional(),
  optional: z.boolean().exactOptional(),
}));

/** Schema of {@link ModelSignature}. */
export const modelSignatureSchema: z.ZodType<ModelSignature> = objectSchema(() => ({
  inputs: z.array(fieldSchema),
  outputs: z.array(fieldSchema).exactOptional(),
}));

const metricSchema: z.ZodType<ModelMetric> = objectSchema(() => ({
  key: z.string(),
  value: namedNumberSchema,
  step: z.number().int(),
  timestamp: z.number(),
  runId: z.string(),
  datasetName: z.string().exactOptional(),
  datasetDigest: z.string().exactOptional(),
}));

/** Schema of {@link LoggedModel}. */
export const loggedModelSchema: z.ZodType<LoggedModel> = objectSchema(() => ({
  id: z.string(),
  experimentId: z.string(),
  name: z.string(),
  runId: z.string(),
  artifactPath: z.string(),
  modelType: z.string().exactOptional(),
  status: loggedModelStatusSchema,
  statusMessage: z.string().exactOptional(),
  signature: modelSignatureSchema.exactOptional(),
  params: stringMapSchema,
  tags: stringMapSchema,
  metrics: z.array(metricSchema),
  createdAt: z.number(),
  updatedAt: z.number(),
  lifecycleStage: lifecycleStageSchema,
}));

const columns: ColumnsOf<LoggedModel, "params" | "tags" | "metrics"> = {
  id: "text",
  experimentId: "text",
  name: "text",
  runId: "text",
  artifactPath: "text",
  modelType: "text?",
  status: "text",
  statusMessage: "text?",
  signature: "json?",
  createdAt: "time",
  updatedAt: "time",
  lifecycleStage: "text",
};

/** How logged models are stored and searched. Their params and metrics have tables of their own. */
export const loggedModelEntity: Entity<"loggedModel"> = {
  name: "loggedModel",
  event: "loggedModel",
  table: "logged_models",
  columns,
  key: ["id"],
  indexes: [
    { name: "logged_models_experiment", on: ["experimentId", "-createdAt", "-id"] },
    { name: "logged_models_created", on: ["-createdAt", "-id"] },
    { name: "logged_models_run", on: ["runId"] },
  ],
  since: 4,
  searched: [
    "id",
    "name",
    "modelType",
    "status",
    "runId",
    "experimentId",
    "createdAt",
    "updatedAt",
  ],
  order: ["-createdAt", "-id"],
  aliases: {
    model_id: "id",
    model_type: "modelType",
    source_run_id: "runId",
    run_id: "runId",
    experiment_id: "experimentId",
    creation_timestamp: "createdAt",
    creation_time: "createdAt",
    last_updated_timestamp: "updatedAt",
    last_updated_time: "updatedAt",
  },
  words: { status: STATUSES },
  lookups: {
    tag: TAGS,
    metric: {
      prefixes: ["metric", "metrics"],
      type: "number",
      in: {
        place: "rows",
        table: "model_metrics",
        owner: "model_id",
        key: "key",
        many: true,
        dataset: { name: "dataset_name", digest: "dataset_digest" },
      },
    },
    param: {
      prefixes: ["param", "params", "parameter", "parameters"],
      type: "any",
      in: { place: "rows", table: "model_params", owner: "model_id", key: "key", number: "number" },
    },
  },
  tagged: "id",
};
