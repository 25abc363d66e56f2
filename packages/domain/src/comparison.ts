import * as z from "zod";
import { type Better, betterSchema } from "./better.ts";
import { type Evaluation, evaluationSchema } from "./evaluation.ts";
import { objectSchema } from "./object-schema.ts";
import { recordSchema } from "./record-schema.ts";

/** How one score differs between two evaluations, paired by row. */
export interface ScoreComparison {
  /** Name of the score. */
  readonly name: string;
  /** Rows that count on both sides: with a value, or failed and counted as the worst value of the range. */
  readonly pairs: number;
  /** Rows that count on one side only. With any of these, the verdict is never `better` or `worse`. */
  readonly oneSided: number;
  /** Which direction is an improvement. */
  readonly better: Better;
  /** Mean of the baseline over the pairs; `null` when there are none. */
  readonly baselineMean: number | null;
  /** Mean of the candidate over the pairs; `null` when there are none. */
  readonly candidateMean: number | null;
  /** Mean of candidate − baseline over the pairs; `null` when there are none. */
  readonly difference: number | null;
  /** Lower end of the 95 % confidence interval of the difference; `null` when there are too few pairs. */
  readonly low: number | null;
  /** Upper end of that interval; `null` where `low` is. */
  readonly high: number | null;
  /** Pairs in which the candidate is better. */
  readonly improved: number;
  /** Pairs in which the candidate is worse. */
  readonly regressed: number;
  /** Pairs with equal values. */
  readonly unchanged: number;
  /** `noise` when the interval contains 0; `unknown` when too few rows differ, or when there are one-sided rows. */
  readonly verdict: "better" | "worse" | "noise" | "unknown";
}

/** One side of a compared row, without what the task was given and returned: `evaluations.getRow` gives that. */
export interface ComparedSide {
  /** The trial that texts and trace are of: the first that was run. */
  readonly trial: number;
  /** Beginning of what the task returned, as text or JSON; absent when it failed. */
  readonly outputPreview?: string;
  /** Beginning of why the task failed. */
  readonly errorPreview?: string;
  /** The trace that the task recorded. */
  readonly traceId?: string;
  /** Score → its value, averaged over the trials; `null` where the row does not count. */
  readonly scores: Readonly<Record<string, number | null>>;
}

/** One row of a comparison, as lists show it. */
export interface ComparedRow {
  /** What both rows are paired by, besides their expectations. */
  readonly rowId: string;
  /** Beginning of what the task was given on both sides, as text or JSON, up to 120 characters. */
  readonly inputsPreview: string;
  /** Beginning of what the task should have returned; absent when the example does not say. */
  readonly expectationsPreview?: string;
  /** The baseline's row; absent when only the candidate has one. */
  readonly baseline?: ComparedSide;
  /** The candidate's row; absent when only the baseline has one. */
  readonly candidate?: ComparedSide;
  /** Score → candidate − baseline; absent where one side has no value. */
  readonly differences: Readonly<Record<string, number>>;
}

/** Two evaluations side by side. */
export interface Comparison {
  /** The evaluation that is compared against. */
  readonly baseline: Evaluation;
  /** The evaluation that should be better. */
  readonly candidate: Evaluation;
  /** One entry per score that either side has. */
  readonly scores: readonly ScoreComparison[];
  /** All rows, worst regression first. */
  readonly rows: readonly ComparedRow[];
  /** Rows that only one side has, or whose expectations differ. */
  readonly unpaired: number;
}

const nullableNumber = z.number().nullable();

/** Schema of {@link ScoreComparison}. */
export const scoreComparisonSchema: z.ZodType<ScoreComparison> = objectSchema(() => ({
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
}));

const comparedSideSchema: z.ZodType<ComparedSide> = objectSchema(() => ({
  trial: z.number().int(),
  outputPreview: z.string().exactOptional(),
  errorPreview: z.string().exactOptional(),
  traceId: z.string().exactOptional(),
  scores: recordSchema(z.string(), nullableNumber),
}));

const comparedRowSchema: z.ZodType<ComparedRow> = objectSchema(() => ({
  rowId: z.string(),
  inputsPreview: z.string(),
  expectationsPreview: z.string().exactOptional(),
  baseline: comparedSideSchema.exactOptional(),
  candidate: comparedSideSchema.exactOptional(),
  differences: recordSchema(z.string(), z.number()),
}));

/** Schema of {@link Comparison}. */
export const comparisonSchema: z.ZodType<Comparison> = objectSchema(() => ({
  baseline: evaluationSchema,
  candidate: evaluationSchema,
  scores: z.array(scoreComparisonSchema),
  rows: z.array(comparedRowSchema),
  unpaired: z.number().int(),
}));
