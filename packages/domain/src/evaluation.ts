import * as z from "zod";
import { type Better, betterSchema } from "./better.ts";
import type { ColumnsOf, Entity, StoredTable } from "./entity.ts";
import { type JsonObject, type JsonValue, jsonObjectSchema, jsonValueSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";

/** One score of one row. */
export interface Score {
  /** Name of the scorer. */
  readonly name: string;
  /** The number that is averaged; `null` when the row cannot be scored. Booleans count as 0 and 1. */
  readonly value: number | null;
  /** What the scorer returned when it is not a number, such as a category. */
  readonly label?: string;
  /** Why the score was given, for people to read. */
  readonly rationale?: string;
  /** Why the scorer failed. */
  readonly error?: string;
}

/** One row of an evaluation: an example, what the task returned for it, and its scores. */
export interface EvaluationRow {
  /** The evaluation it belongs to. */
  readonly evaluationId: string;
  /** The dataset record's id, or a hash of the inputs. Rows of two evaluations are paired by it. */
  readonly rowId: string;
  /** 0 for the first trial of a row, 1 for the second, and so on. */
  readonly trial: number;
  /** Place of the example in the data that was evaluated, from 0; absent in rows of earlier versions. */
  readonly position?: number;
  /** What the task was given. */
  readonly inputs: JsonValue;
  /** What the task returned; absent when it failed. */
  readonly output?: JsonValue;
  /** What the task should have returned, as the example states it. */
  readonly expectations?: JsonValue;
  /** Why the task failed. */
  readonly error?: string;
  /** The trace that the task recorded for this row. */
  readonly traceId?: string;
  /** One entry per score; those of a failed scorer carry an `error`. */
  readonly scores: readonly Score[];
  /** Milliseconds the task took. */
  readonly durationMs: number;
}

/** The possible values of a score, and which of them are good. */
export interface ScoreRange {
  /** Smallest possible value; absent when unbounded. */
  readonly min?: number;
  /** Largest possible value; absent when unbounded. */
  readonly max?: number;
  /** Which direction is an improvement. */
  readonly better: Better;
}

/** Summary of one score over an evaluation. */
export interface ScoreSummary {
  /** Name of the score. */
  readonly name: string;
  /**
   * Mean over the rows that count: those with a value, and those whose task failed, which count as the worst value of
   * `range`. `null` when there are none.
   */
  readonly mean: number | null;
  /** Lower end of the 95 % confidence interval of the mean; `null` when there are too few rows. */
  readonly low: number | null;
  /** Upper end of that interval; `null` where `low` is. */
  readonly high: number | null;
  /** The range the scorer declares, or 0 to 1 when all values lie within; `null` when unknown. */
  readonly range: ScoreRange | null;
  /** Share of the rows that count towards the mean, from 0 to 1. */
  readonly coverage: number;
  /** Rows with a value. */
  readonly scored: number;
  /** Rows that the scorer declined to score. */
  readonly skipped: number;
  /** Rows on which the scorer or the task failed. */
  readonly errors: number;
}

/** One execution of a task over examples, with scorers. */
export interface Evaluation {
  /** 32 hex digits, ordered by time; the same as the id of its run. */
  readonly id: string;
  /** The experiment of its run. */
  readonly experimentId: string;
  /** Name of the run, for people to read. */
  readonly name: string;
  /** `finished` when every row was tried, `killed` when aborted, `failed` when the evaluation itself broke. */
  readonly status: "running" | "finished" | "failed" | "killed";
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  /** Milliseconds since the epoch; absent while running. */
  readonly endTime?: number;
  /** The dataset it ran over; absent when the examples were passed directly. */
  readonly datasetName?: string;
  /** The version of that dataset, fixed when the evaluation started. */
  readonly datasetVersion?: number;
  /** Number of examples it runs over. */
  readonly rowCount: number;
  /** Rows whose task failed. */
  readonly errorCount: number;
  /** One summary per score. */
  readonly scores: readonly ScoreSummary[];
  /** Free-form details; empty when there are none. */
  readonly metadata: JsonObject;
}

/** Schema of {@link Score}. */
export const scoreSchema: z.ZodType<Score> = objectSchema(() => ({
  name: z.string(),
  value: z.number().nullable(),
  label: z.string().exactOptional(),
  rationale: z.string().exactOptional(),
  error: z.string().exactOptional(),
}));

/** Schema of {@link EvaluationRow}. */
export const evaluationRowSchema: z.ZodType<EvaluationRow> = objectSchema(() => ({
  evaluationId: z.string(),
  rowId: z.string(),
  trial: z.number().int(),
  position: z.number().int().exactOptional(),
  inputs: jsonValueSchema,
  output: jsonValueSchema.exactOptional(),
  expectations: jsonValueSchema.exactOptional(),
  error: z.string().exactOptional(),
  traceId: z.string().exactOptional(),
  scores: z.array(scoreSchema),
  durationMs: z.number(),
}));

const nullableNumber = z.number().nullable();

/** Schema of {@link ScoreRange}. */
export const scoreRangeSchema: z.ZodType<ScoreRange> = objectSchema(() => ({
  min: z.number().exactOptional(),
  max: z.number().exactOptional(),
  better: betterSchema,
}));

/** Schema of {@link ScoreSummary}. */
export const scoreSummarySchema: z.ZodType<ScoreSummary> = objectSchema(() => ({
  name: z.string(),
  mean: nullableNumber,
  low: nullableNumber,
  high: nullableNumber,
  range: scoreRangeSchema.nullable(),
  coverage: z.number(),
  scored: z.number().int(),
  skipped: z.number().int(),
  errors: z.number().int(),
}));

/** Schema of {@link Evaluation}. */
export const evaluationSchema: z.ZodType<Evaluation> = objectSchema(() => ({
  id: z.string(),
  experimentId: z.string(),
  name: z.string(),
  status: z.enum(["running", "finished", "failed", "killed"]),
  startTime: z.number(),
  endTime: z.number().exactOptional(),
  datasetName: z.string().exactOptional(),
  datasetVersion: z.number().int().exactOptional(),
  rowCount: z.number().int(),
  errorCount: z.number().int(),
  scores: z.array(scoreSummarySchema),
  metadata: jsonObjectSchema,
}));

const columns: ColumnsOf<Evaluation> = {
  id: "text",
  experimentId: "text",
  name: "text",
  status: "text",
  startTime: "time",
  endTime: "time?",
  datasetName: "text?",
  datasetVersion: "integer?",
  rowCount: "integer",
  errorCount: "integer",
  scores: "json",
  metadata: "json",
};

/** How evaluations are stored and searched. */
export const evaluationEntity: Entity<"evaluation"> = {
  name: "evaluation",
  event: "evaluation",
  table: "evaluations",
  columns,
  key: ["id"],
  indexes: [
    { name: "evaluations_experiment", on: ["experimentId", "-startTime", "-id"] },
    { name: "evaluations_start", on: ["-startTime", "-id"] },
  ],
  searched: [
    "id",
    "name",
    "status",
    "experimentId",
    "datasetName",
    "datasetVersion",
    "rowCount",
    "errorCount",
    "startTime",
    "endTime",
  ],
  order: ["-startTime", "-id"],
  aliases: { run_id: "id", start_time: "startTime", end_time: "endTime" },
  words: { status: ["running", "finished", "failed", "killed"] },
  lookups: {},
};

const rowColumns: ColumnsOf<EvaluationRow> = {
  evaluationId: "text",
  rowId: "text",
  trial: "integer",
  position: "integer?",
  inputs: "json",
  output: "json?",
  expectations: "json?",
  error: "text?",
  traceId: "text?",
  scores: "json",
  durationMs: "real",
};

/** How the rows of evaluations are stored. */
export const evaluationRowTable: StoredTable<"evaluation"> = {
  event: "evaluation",
  table: "evaluation_rows",
  columns: rowColumns,
  key: ["evaluationId", "rowId", "trial"],
  indexes: [{ name: "evaluation_rows_trace", on: ["traceId"], where: { field: "traceId" } }],
  added: { position: 3, evaluation_rows_trace: 4 },
};
