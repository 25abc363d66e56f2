import * as z from "zod";
import type { ColumnsOf, StoredTable } from "./entity.ts";
import { type JsonObject, type JsonValue, jsonObjectSchema, jsonValueSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";

/** Who assessed: a person, a model acting as judge, or a program. */
export type AssessmentSource = "human" | "llm_judge" | "code";

/** A judgement on a trace or one of its spans. */
export interface Assessment {
  /** 32 hex digits, ordered by time. */
  readonly id: string;
  /** The assessed trace. */
  readonly traceId: string;
  /** The assessed span; absent when the assessment is about the whole trace. */
  readonly spanId?: string;
  /** `feedback` is an opinion on what came out; `expectation` is what should have come out. */
  readonly kind: "feedback" | "expectation";
  /** What is assessed, such as `relevance`. One trace may have several assessments of one name. */
  readonly name: string;
  /** A number, boolean, label or any other JSON; `null` when `error` says why there is none. */
  readonly value: JsonValue;
  /** Who assessed: a person, a model, or code. */
  readonly source: AssessmentSource;
  /** Which user, judge or scorer. */
  readonly sourceId?: string;
  /** Why the value was given, for people to read. */
  readonly rationale?: string;
  /** Why there is no value. */
  readonly error?: string;
  /** Free-form details; empty when there are none. */
  readonly metadata: JsonObject;
  /** The evaluation run that created it. */
  readonly runId?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Feedback of one name on many traces. */
export interface FeedbackSummary {
  /** How many there were. */
  readonly count: number;
  /** Arithmetic mean of the numbers among the values, with `true` as 1 and `false` as 0; absent when there is none. */
  readonly mean?: number;
}

/** Schema of {@link Assessment}. */
export const assessmentSchema: z.ZodType<Assessment> = objectSchema(() => ({
  id: z.string(),
  traceId: z.string(),
  spanId: z.string().exactOptional(),
  kind: z.enum(["feedback", "expectation"]),
  name: z.string(),
  value: jsonValueSchema,
  source: z.enum(["human", "llm_judge", "code"]),
  sourceId: z.string().exactOptional(),
  rationale: z.string().exactOptional(),
  error: z.string().exactOptional(),
  metadata: jsonObjectSchema,
  runId: z.string().exactOptional(),
  createdAt: z.number(),
}));

/** Schema of {@link FeedbackSummary}. */
export const feedbackSummarySchema: z.ZodType<FeedbackSummary> = objectSchema(() => ({
  count: z.number().int(),
  mean: z.number().exactOptional(),
}));

const assessmentColumns: ColumnsOf<Assessment> = {
  id: "text",
  traceId: "text",
  spanId: "text?",
  kind: "text",
  name: "text",
  value: "json",
  source: "text",
  sourceId: "text?",
  rationale: "text?",
  error: "text?",
  metadata: "json",
  runId: "text?",
  createdAt: "time",
};

/** How assessments are stored. */
export const assessmentTable: StoredTable<"assessment"> = {
  event: "assessment",
  table: "assessments",
  columns: assessmentColumns,
  key: ["id"],
  indexes: [
    { name: "assessments_trace", on: ["traceId", "createdAt", "id"] },
    { name: "assessments_name", on: ["kind", "name", "traceId"] },
  ],
  added: { assessments_name: 3 },
};
