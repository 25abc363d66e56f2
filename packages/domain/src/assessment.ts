import * as z from "zod";
import type { ColumnsOf, StoredTable } from "./entity.ts";
import { type JsonObject, type JsonValue, jsonObjectSchema, jsonValueSchema } from "./json.ts";

/** Who judged. */
export type AssessmentSource = "human" | "llm_judge" | "code";

/** A judgement on a trace or one of its spans. */
export interface Assessment {
  /** 32 hex digits, ordered by time. */
  readonly id: string;
  readonly traceId: string;
  readonly spanId?: string;
  /** `feedback` is an opinion on what came out; `expectation` is what should have come out. */
  readonly kind: "feedback" | "expectation";
  readonly name: string;
  readonly value: JsonValue;
  readonly source: AssessmentSource;
  /** User, judge or scorer. */
  readonly sourceId?: string;
  readonly rationale?: string;
  /** Why there is no value. */
  readonly error?: string;
  readonly metadata: JsonObject;
  /** The evaluation run that made it. */
  readonly runId?: string;
  readonly createdAt: number;
}

/** Schema of {@link Assessment}. */
export const assessmentSchema: z.ZodType<Assessment> = z.object({
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
});

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
  indexes: [{ name: "assessments_trace", on: ["traceId", "createdAt", "id"] }],
};
