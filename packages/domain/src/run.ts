import * as z from "zod";
import { type ColumnsOf, type Entity, type StoredTable, TAGS } from "./entity.ts";
import { namedNumberSchema, type StringMap, stringMapSchema } from "./json.ts";
import { type LifecycleStage, lifecycleStageSchema } from "./page.ts";

/** Where a run stands. */
export type RunStatus = "running" | "scheduled" | "finished" | "failed" | "killed";

/** One value of a metric. */
export interface MetricPoint {
  readonly key: string;
  /** NaN and the infinities are values too. */
  readonly value: number;
  /** Training step or epoch; 0 where there is none. */
  readonly step: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** One execution of training, evaluation or any other work whose numbers are worth keeping. */
export interface Run {
  /** 32 hex digits, ordered by time. */
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  readonly status: RunStatus;
  /** Why it ended as it did. */
  readonly statusMessage?: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  readonly endTime?: number;
  /** The run this one is nested in. */
  readonly parentRunId?: string;
  readonly userId?: string;
  readonly lifecycleStage: LifecycleStage;
  readonly params: StringMap;
  readonly tags: StringMap;
  /** The latest value of each metric (highest step, then timestamp). */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What one `logBatch` writes, all of it or nothing. */
export interface RunBatch {
  readonly runId: string;
  readonly metrics?: readonly MetricPoint[];
  /** A param is written once; another value for the same key is a `conflict`. */
  readonly params?: StringMap;
  readonly tags?: StringMap;
}

/** A file kept with a run. */
export interface Artifact {
  readonly runId: string;
  /** A label such as `model/weights.json`: never a path on the server. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Hex SHA-256 of the content. */
  readonly sha256: string;
  /** MIME type. */
  readonly contentType: string;
  readonly createdAt: number;
}

const STATUSES = ["running", "scheduled", "finished", "failed", "killed"] as const;

/** Schema of {@link RunStatus}. */
export const runStatusSchema: z.ZodType<RunStatus> = z.enum(STATUSES);

/** Schema of {@link MetricPoint}. */
export const metricPointSchema: z.ZodType<MetricPoint> = z.object({
  key: z.string(),
  value: namedNumberSchema,
  step: z.number().int(),
  timestamp: z.number(),
});

/** Schema of {@link Run}. */
export const runSchema: z.ZodType<Run> = z.object({
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
  params: stringMapSchema,
  tags: stringMapSchema,
  metrics: z.record(z.string(), namedNumberSchema),
});

/** Schema of {@link Artifact}. */
export const artifactSchema: z.ZodType<Artifact> = z.object({
  runId: z.string(),
  path: z.string(),
  size: z.number().int(),
  sha256: z.string(),
  contentType: z.string(),
  createdAt: z.number(),
});

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
};

/** How runs are stored and searched. Their params and metrics have tables of their own. */
export const runEntity: Entity<"run"> = {
  name: "run",
  event: "run",
  table: "runs",
  columns,
  // What other tables call it by: a number is a fifth of an id, and a run has dozens of rows. Every run has one.
  extra: { innerId: "integer?" },
  key: ["id"],
  indexes: [
    { name: "runs_experiment", on: ["experimentId", "-startTime", "-id"] },
    { name: "runs_start", on: ["-startTime", "-id"] },
    { name: "runs_parent", on: ["parentRunId"], where: { field: "parentRunId" } },
    { name: "runs_inner", on: ["innerId"], unique: true },
  ],
  added: { innerId: 2, runs_inner: 2 },
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
  order: ["-startTime", "-id"],
  aliases: {
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
      in: {
        place: "rows",
        table: "metrics",
        owner: "run",
        of: "innerId",
        key: "key",
        keys: { table: "run_keys", kind: "metric" },
      },
    },
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
