import * as z from "zod";
import { type ColumnsOf, type Entity, type StoredTable, TAGS } from "./entity.ts";
import { namedNumberSchema, type StringMap, stringMapSchema } from "./json.ts";
import type { MeasuredModel } from "./logged-model.ts";
import { objectSchema } from "./object-schema.ts";
import { type LifecycleStage, lifecycleStageSchema } from "./page.ts";
import { recordSchema } from "./record-schema.ts";

/** State of a run. `finished`, `failed` and `killed` are final. */
export type RunStatus = "running" | "scheduled" | "finished" | "failed" | "killed";

/** One value of a metric. */
export interface MetricPoint {
  /** Name of the metric, up to 250 characters. */
  readonly key: string;
  /** Any number, NaN and ±Infinity included. */
  readonly value: number;
  /** Training step or epoch; 0 when there is none. */
  readonly step: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** A point to be written. */
export interface LoggedPoint extends MetricPoint {
  /** The logged model it was measured of. @default none */
  readonly model?: MeasuredModel;
}

/** One execution of training, evaluation or any other work whose params and metrics are kept. */
export interface Run {
  /** 32 hex digits, ordered by time. */
  readonly id: string;
  /** The experiment it belongs to. */
  readonly experimentId: string;
  /** For people to read; need not be unique. */
  readonly name: string;
  /** What it is doing, or how it ended. */
  readonly status: RunStatus;
  /** Why it ended this way, such as the error's message. */
  readonly statusMessage?: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  /** Milliseconds since the epoch; absent until it has ended. */
  readonly endTime?: number;
  /** The run that this one is nested in. */
  readonly parentRunId?: string;
  /** Who started it, as given by the caller. */
  readonly userId?: string;
  /** `deleted` hides it from searches until it is restored. */
  readonly lifecycleStage: LifecycleStage;
  /** When it was deleted, in milliseconds since the epoch; absent while it is active. */
  readonly deletedAt?: number;
  /** Inputs such as hyperparameters. Each is written once. */
  readonly params: StringMap;
  /** Free-form labels, up to 8,000 characters each; they can be changed. */
  readonly tags: StringMap;
  /** The latest value of each metric: that of the highest step, then of the latest timestamp. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What one `logBatch` writes, atomically. */
export interface RunBatch {
  /** The run to write to. */
  readonly runId: string;
  /** Up to 1,000 points. Those of a logged model are kept with it, too. */
  readonly metrics?: readonly LoggedPoint[];
  /** Up to 1,000 params. A param is written once; a different value for the same key is a `conflict`. */
  readonly params?: StringMap;
  /** Up to 1,000 tags; existing ones are overwritten. */
  readonly tags?: StringMap;
}

/** A file kept with a run. */
export interface Artifact {
  /** The run it belongs to. */
  readonly runId: string;
  /** A label such as `model/weights.json`, never a path on the server. */
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
  /** Hex SHA-256 of the content. */
  readonly sha256: string;
  /** MIME type, such as `application/json`. */
  readonly contentType: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A file or folder in a folder of a run. */
export interface ArtifactEntry {
  /** The path within the run, without a slash at its end. */
  readonly path: string;
  /** Whether other files are below it. */
  readonly isFolder: boolean;
  /** Bytes of the file, or of all files in the folder. */
  readonly size: number;
  /** How many files: 1 for a file. */
  readonly files: number;
  /** Milliseconds since the epoch: when the file, or the last one in the folder, was stored. */
  readonly createdAt: number;
  /** MIME type of a file. */
  readonly contentType?: string;
  /** Hex SHA-256 of the content of a file. */
  readonly sha256?: string;
}

const STATUSES = ["running", "scheduled", "finished", "failed", "killed"] as const;

/** Schema of {@link RunStatus}. */
export const runStatusSchema: z.ZodType<RunStatus> = z.enum(STATUSES);

/** Schema of {@link MetricPoint}. */
export const metricPointSchema: z.ZodType<MetricPoint> = objectSchema(() => ({
  key: z.string(),
  value: namedNumberSchema,
  step: z.number().int(),
  timestamp: z.number(),
}));

/** Schema of {@link Run}. */
export const runSchema: z.ZodType<Run> = objectSchema(() => ({
  id: z.string(),
  experimentId: z.string(),
  name: z.string(),
  status: runStatusSchema,
  statusMessage: z.string().exactOptional(),
  startTime: z.number(),
  endTime: z.number().exactOptional(),
  parentRunId: z.string().exactOptional(),
  userId: z.string().exactOptional(),
  lifecycleStage: lifecycleStageSchema,
  deletedAt: z.number().exactOptional(),
  params: stringMapSchema,
  tags: stringMapSchema,
  metrics: recordSchema(z.string(), namedNumberSchema),
}));

/** Schema of {@link Artifact}. */
export const artifactSchema: z.ZodType<Artifact> = objectSchema(() => ({
  runId: z.string(),
  path: z.string(),
  size: z.number().int(),
  sha256: z.string(),
  contentType: z.string(),
  createdAt: z.number(),
}));

/** Schema of {@link ArtifactEntry}. */
export const artifactEntrySchema: z.ZodType<ArtifactEntry> = objectSchema(() => ({
  path: z.string(),
  isFolder: z.boolean(),
  size: z.number().int(),
  files: z.number().int(),
  createdAt: z.number(),
  contentType: z.string().exactOptional(),
  sha256: z.string().exactOptional(),
}));

const columns: ColumnsOf<Run, "params" | "tags" | "metrics"> = {
  id: "text",
  experimentId: "text",
  name: "text",
  status: "text",
  statusMessage: "text?",
  startTime: "time",
  endTime: "time?",
  parentRunId: "text?",
  userId: "text?",
  lifecycleStage: "text",
  deletedAt: "time?",
};

/** Where the metrics of runs are, summed up. */
const METRICS = {
  place: "rows",
  table: "metrics",
  owner: "run",
  of: "innerId",
  key: "key",
  keys: { table: "run_keys", kind: "metric" },
} as const;

/** How runs are stored and searched. Their params and metrics have tables of their own. */
export const runEntity: Entity<"run"> = {
  name: "run",
  event: "run",
  table: "runs",
  columns,
  // What other tables call it by: a number is a fifth of an id, and a run has dozens of rows. Every run has one.
  // A run that was deleted with its experiment comes back with it: 1.
  extra: { innerId: "integer?", withExperiment: "integer?" },
  key: ["id"],
  indexes: [
    { name: "runs_experiment", on: ["experimentId", "-startTime", "-id"] },
    { name: "runs_start", on: ["-startTime", "-id"] },
    { name: "runs_parent", on: ["parentRunId"], where: { field: "parentRunId" } },
    { name: "runs_inner", on: ["innerId"], unique: true },
    { name: "runs_deleted", on: ["deletedAt", "id"], where: { field: "deletedAt" } },
  ],
  added: { innerId: 2, runs_inner: 2, deletedAt: 4, withExperiment: 4, runs_deleted: 4 },
  searched: [
    "id",
    "name",
    "status",
    "userId",
    "experimentId",
    "parentRunId",
    "startTime",
    "endTime",
  ],
  // Runs that have not ended have none.
  intervals: { durationMs: { from: "startTime", to: "endTime" } },
  order: ["-startTime", "-id"],
  aliases: {
    duration: "durationMs",
    duration_ms: "durationMs",
    experiment_name: "experiment",
    "experiment.name": "experiment",
    run_id: "id",
    run_name: "name",
    "run name": "name",
    user_id: "userId",
    experiment_id: "experimentId",
    parent_run_id: "parentRunId",
    start_time: "startTime",
    end_time: "endTime",
    created: "startTime",
  },
  prefixes: ["run"],
  words: { status: STATUSES },
  lookups: {
    tag: {
      ...TAGS,
      fields: {
        "mlflow.runName": "name",
        "mlflow.user": "userId",
        "mlflow.parentRunId": "parentRunId",
      },
    },
    metric: {
      prefixes: ["metric", "metrics"],
      type: "number",
      in: METRICS,
    },
    dataset: {
      prefixes: ["dataset", "datasets"],
      type: "text",
      keys: ["name", "digest", "context"],
      in: { place: "columns", table: "run_inputs", owner: "run_id" },
    },
    min: { prefixes: ["min"], type: "number", in: { ...METRICS, value: "min_value" } },
    max: { prefixes: ["max"], type: "number", in: { ...METRICS, value: "max_value" } },
    first: { prefixes: ["first"], type: "number", in: { ...METRICS, value: "first_value" } },
    // Told apart by what the experiments declare before a store sees it.
    best: { prefixes: ["best"], type: "number", in: METRICS },
    param: {
      prefixes: ["param", "params", "parameter", "parameters"],
      type: "any",
      in: {
        place: "rows",
        table: "params",
        owner: "run",
        of: "innerId",
        key: "key",
        number: "number",
        keys: { table: "run_keys", kind: "param" },
      },
    },
  },
  tagNames: { note: "mlflow.note.content" },
  texts: ["anyText", "experiment"],
  tagged: "id",
};

const artifactColumns: ColumnsOf<Artifact> = {
  runId: "text",
  path: "text",
  size: "integer",
  sha256: "text",
  contentType: "text",
  createdAt: "time",
};

/** How artifacts are stored; their bytes are elsewhere. */
export const artifactTable: StoredTable<"run"> = {
  event: "run",
  table: "artifacts",
  columns: artifactColumns,
  extra: { fileId: "text" },
  key: ["runId", "path"],
};
