import * as z from "zod";
import { type StringMap, stringMapSchema } from "./json.ts";
import { type LifecycleStage, lifecycleStageSchema } from "./page.ts";

/** Where a run stands. */
export type RunStatus = "running" | "scheduled" | "finished" | "failed" | "killed";

/** One value of a metric. */
export interface MetricPoint {
  readonly key: string;
  /** Finite. */
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

/** Schema of {@link RunStatus}. */
export const runStatusSchema: z.ZodType<RunStatus> = z.enum([
  "running",
  "scheduled",
  "finished",
  "failed",
  "killed",
]);

/** Schema of {@link MetricPoint}. */
export const metricPointSchema: z.ZodType<MetricPoint> = z.object({
  key: z.string(),
  value: z.number(),
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
  metrics: z.record(z.string(), z.number()),
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
