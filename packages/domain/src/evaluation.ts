import * as z from "zod";
import type { ColumnsOf, Entity, StoredTable } from "./entity.ts";
import { type JsonObject, type JsonValue, jsonObjectSchema, jsonValueSchema } from "./json.ts";

/** What one scorer said of one row. */
export interface Score {
  readonly name: string;
  /** The number that is averaged; `null` when the row cannot be scored. Booleans count as 0 and 1. */
  readonly value: number | null;
  /** What the scorer returned when that is no number: a label, for instance. */
  readonly label?: string;
  readonly rationale?: string;
  /** Why the scorer failed. */
  readonly error?: string;
}

/** One row of an evaluation: an example, what the task made of it, and its scores. */
export interface EvaluationRow {
  readonly evaluationId: string;
  /** The dataset record's id, or a hash of the inputs: what rows of two evaluations are paired by. */
  readonly rowId: string;
  /** 0 for the first try of a row, 1 for its second … */
  readonly trial: number;
  readonly inputs: JsonValue;
  readonly output?: JsonValue;
  readonly expectations?: JsonValue;
  /** Why the task failed. */
  readonly error?: string;
  readonly traceId?: string;
  readonly scores: readonly Score[];
  /** Milliseconds the task took. */
  readonly durationMs: number;
}

/** What the values of a scorer may be. */
export interface ScoreRange {
  /** Left out where there is no least value. */
  readonly min?: number;
  /** Left out where there is no greatest value. */
  readonly max?: number;
  /** Which end is the good one. */
  readonly better: "higher" | "lower";
}

/** The sum of one scorer over an evaluation. */
export interface ScoreSummary {
  readonly name: string;
  /**
   * Mean over the rows that count: those with a value and, as the worst of `range`, those whose task failed. `null`
   * when there are none.
   */
  readonly mean: number | null;
  /** 95 % confidence interval of the mean. */
  readonly low: number | null;
  readonly high: number | null;
  /** What the scorer declares, or 0 to 1 where all its values are; `null` when nothing is known. */
  readonly range: ScoreRange | null;
  /** The share of the rows that count in the mean, from 0 to 1. */
  readonly coverage: number;
  /** Rows with a value. */
  readonly scored: number;
  /** Rows the scorer declined. */
  readonly skipped: number;
  /** Rows on which the scorer or the task failed. */
  readonly errors: number;
}

/** One execution of a task over examples, with scorers. Its id is the id of its run. */
export interface Evaluation {
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  readonly status: "running" | "finished" | "failed" | "killed";
  readonly startTime: number;
  readonly endTime?: number;
  readonly datasetName?: string;
  readonly datasetVersion?: number;
  readonly rowCount: number;
  /** Rows whose task failed. */
  readonly errorCount: number;
  readonly scores: readonly ScoreSummary[];
  readonly metadata: JsonObject;
}

/** How one scorer differs between two evaluations, paired by row. */
export interface ScoreComparison {
  readonly name: string;
  /** Rows that count on both sides: with a value, or failed and so the worst of the scorer's range. */
  readonly pairs: number;
  /** Rows that count on one side only: while there are any, nothing is called better or worse. */
  readonly oneSided: number;
  /** Which way the scorer's values are good. */
  readonly better: ScoreRange["better"];
  readonly baselineMean: number | null;
  readonly candidateMean: number | null;
  /** Mean of candidate − baseline per row. */
  readonly difference: number | null;
  /** 95 % confidence interval of the difference. */
  readonly low: number | null;
  readonly high: number | null;
  readonly improved: number;
  readonly regressed: number;
  readonly unchanged: number;
  /** `noise` when the interval contains 0; `unknown` with too few rows that differ, or with one-sided rows. */
  readonly verdict: "better" | "worse" | "noise" | "unknown";
}

/** One row of a comparison. */
export interface ComparedRow {
  readonly rowId: string;
  readonly inputs: JsonValue;
  readonly expectations?: JsonValue;
  readonly baseline?: EvaluationRow;
  readonly candidate?: EvaluationRow;
  /** Scorer → candidate − baseline; absent where one side has no value. */
  readonly differences: Readonly<Record<string, number>>;
}

/** Two evaluations side by side. */
export interface Comparison {
  readonly baseline: Evaluation;
  readonly candidate: Evaluation;
  readonly scores: readonly ScoreComparison[];
  /** Worst regression first. */
  readonly rows: readonly ComparedRow[];
  /** Rows that only one side has, or that expect something else on the other. */
  readonly unpaired: number;
}

/** Schema of {@link Score}. */
export const scoreSchema: z.ZodType<Score> = z.object({
  name: z.string(),
  value: z.number().nullable(),
  label: z.string().exactOptional(),
  rationale: z.string().exactOptional(),
  error: z.string().exactOptional(),
});

/** Schema of {@link EvaluationRow}. */
export const evaluationRowSchema: z.ZodType<EvaluationRow> = z.object({
  evaluationId: z.string(),
  rowId: z.string(),
  trial: z.number().int(),
  inputs: jsonValueSchema,
  output: jsonValueSchema.exactOptional(),
  expectations: jsonValueSchema.exactOptional(),
  error: z.string().exactOptional(),
  traceId: z.string().exactOptional(),
  scores: z.array(scoreSchema),
  durationMs: z.number(),
});

const nullableNumber = z.number().nullable();

const betterSchema = z.enum(["higher", "lower"]);

/** Schema of {@link ScoreRange}. */
export const scoreRangeSchema: z.ZodType<ScoreRange> = z.object({
  min: z.number().exactOptional(),
  max: z.number().exactOptional(),
  better: betterSchema,
});

/** Schema of {@link ScoreSummary}. */
export const scoreSummarySchema: z.ZodType<ScoreSummary> = z.object({
  name: z.string(),
  mean: nullableNumber,
  low: nullableNumber,
  high: nullableNumber,
  range: scoreRangeSchema.nullable(),
  coverage: z.number(),
  scored: z.number().int(),
  skipped: z.number().int(),
  errors: z.number().int(),
});

/** Schema of {@link Evaluation}. */
export const evaluationSchema: z.ZodType<Evaluation> = z.object({
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
});

/** Schema of {@link ScoreComparison}. */
export const scoreComparisonSchema: z.ZodType<ScoreComparison> = z.object({
  name: z.string(),
  pairs: z.number().int(),
  oneSided: z.number().int(),
  better: betterSchema,
  baselineMean: nullableNumber,
  candidateMean: nullableNumber,
  difference: nullableNumber,
  low: nullableNumber,
  high: nullableNumber,
  improved: z.number().int(),
  regressed: z.number().int(),
  unchanged: z.number().int(),
  verdict: z.enum(["better", "worse", "noise", "unknown"]),
});

/** Schema of {@link Comparison}. */
export const comparisonSchema: z.ZodType<Comparison> = z.object({
  baseline: evaluationSchema,
  candidate: evaluationSchema,
  scores: z.array(scoreComparisonSchema),
  rows: z.array(
    z.object({
      rowId: z.string(),
      inputs: jsonValueSchema,
      expectations: jsonValueSchema.exactOptional(),
      baseline: evaluationRowSchema.exactOptional(),
      candidate: evaluationRowSchema.exactOptional(),
      differences: z.record(z.string(), z.number()),
    }),
  ),
  unpaired: z.number().int(),
});

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
};
