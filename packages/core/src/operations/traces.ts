import {
  assessmentSchema,
  attachmentSchema,
  errorGroupSchema,
  manyChangedSchema,
  pageSchema,
  spanSchema,
  spanSkeletonSchema,
  traceAggregateSchema,
  traceSchema,
  valueCountSchema,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { TraceKeys } from "@rivulet/store";
import { assessmentInputSchema } from "../tracing/assessment-input.ts";
import { retentionSchema } from "../tracing/retention.ts";
import {
  errorGroupingSchema,
  listAssessmentsSchema,
  spanKeySchema,
  traceAggregationSchema,
  traceDeletionSchema,
  traceIdsSchema,
  traceKeysSchema,
  traceSearchSchema,
  traceSelectionSchema,
  traceUpdateSchema,
  traceValuesSchema,
} from "../tracing/trace-input.ts";
import { idSchema, optionsSchema } from "../validation.ts";
import { before, count, nothing, type Operation, only, operation } from "./operation.ts";

const id = idSchema.describe("Id of the trace");
const traceId = id;

const keysSchema: z.ZodType<TraceKeys> = z.object({
  tags: z.array(z.string()),
  feedback: z.array(z.string()),
  expectations: z.array(z.string()),
  models: z.array(z.string()),
  tools: z.array(z.string()),
});

/** Operations that look traces and spans up. */
const queries: readonly Operation[] = [
  operation("traces.get", {
    access: "read",
    summary: "Gives the summary of a trace.",
    positional: ["id"],
    input: only("id", id),
    output: traceSchema,
  }),
  operation("traces.search", {
    access: "read",
    summary: "Searches traces, newest first.",
    input: traceSearchSchema,
    output: pageSchema(traceSchema),
  }),
  operation("traces.count", {
    access: "read",
    summary: "How many traces a filter finds.",
    input: traceSelectionSchema,
    output: count,
  }),
  operation("traces.countUnindexed", {
    access: "read",
    summary: "How many traces the index of words does not know yet.",
    input: optionsSchema(() => ({})),
    output: count,
  }),
  operation("traces.aggregate", {
    access: "read",
    summary: "Counts, error rates, durations, tokens and costs, by time and by group.",
    input: traceAggregationSchema,
    output: z.array(traceAggregateSchema),
  }),
  operation("traces.groupErrors", {
    access: "read",
    summary: "What fails, grouped by message, the most frequent first.",
    input: errorGroupingSchema,
    output: z.array(errorGroupSchema),
  }),
  operation("traces.keys", {
    access: "read",
    summary: "Names in use: tags, feedback, expectations, models and tools.",
    input: traceKeysSchema,
    output: keysSchema,
  }),
  operation("traces.values", {
    access: "read",
    summary: "The values of a field and how many traces have each, the most frequent first.",
    input: traceValuesSchema,
    output: z.array(valueCountSchema),
  }),
  operation("traces.listSpans", {
    access: "read",
    summary: "The spans of a trace without their bodies, by start time.",
    positional: ["traceId"],
    input: only("traceId", traceId),
    output: z.array(spanSkeletonSchema),
  }),
  operation("traces.loadSpans", {
    access: "read",
    summary: "The spans of a trace with their bodies, by start time.",
    positional: ["traceId"],
    input: only("traceId", traceId),
    output: z.array(spanSchema),
  }),
  operation("traces.listAttachments", {
    access: "read",
    summary: "The images, speech, documents and other files of a trace, without their bytes.",
    positional: ["traceId"],
    input: only("traceId", idSchema.describe("Id of the trace")),
    output: z.array(attachmentSchema),
  }),
  operation("traces.getSpan", {
    access: "read",
    summary: "Gives a span with its input, output, attributes and events.",
    input: spanKeySchema,
    output: spanSchema,
  }),
];

/** Operations that change or remove traces. */
const changes: readonly Operation[] = [
  operation("traces.update", {
    access: "write",
    summary: "Sets and removes tags of a trace.",
    positional: ["id"],
    input: before("id", id, traceUpdateSchema),
    output: traceSchema,
  }),
  operation("traces.updateMany", {
    access: "write",
    summary: "Sets and removes tags of many traces at once; says of which it could not.",
    positional: ["ids"],
    input: before("ids", traceIdsSchema, traceUpdateSchema),
    output: manyChangedSchema,
  }),
  operation("traces.pin", {
    access: "annotate",
    summary: "Keeps a trace whatever its age, until it is unpinned.",
    positional: ["id"],
    input: only("id", id),
    output: traceSchema,
  }),
  operation("traces.unpin", {
    access: "annotate",
    summary: "Takes the pin of a trace away.",
    positional: ["id"],
    input: only("id", id),
    output: traceSchema,
  }),
  operation("traces.delete", {
    access: "write",
    summary: "Removes traces with their spans and assessments; says how many there were.",
    positional: ["ids"],
    input: only("ids", traceIdsSchema),
    output: count,
  }),
  operation("traces.deleteFound", {
    access: "write",
    summary: "Removes all traces that a filter finds; says how many there were.",
    input: traceDeletionSchema,
    output: count,
  }),
  operation("traces.prune", {
    access: "admin",
    summary: "Removes the oldest traces until no more are left than are to be kept; says how many.",
    input: retentionSchema,
    output: count,
  }),
];

/** Operations on what is said of traces. */
const assessments: readonly Operation[] = [
  operation("traces.logFeedback", {
    access: "annotate",
    summary: "Says what somebody thinks of a trace.",
    input: assessmentInputSchema,
    output: assessmentSchema,
  }),
  operation("traces.logExpectation", {
    access: "annotate",
    summary: "Says what should have come out of a trace.",
    input: assessmentInputSchema,
    output: assessmentSchema,
  }),
  operation("traces.listAssessments", {
    access: "read",
    summary: "What was said of some traces, by time.",
    input: listAssessmentsSchema,
    output: z.array(assessmentSchema),
  }),
  operation("traces.deleteAssessment", {
    access: "annotate",
    summary: "Removes an assessment.",
    positional: ["id"],
    input: only("id", idSchema.describe("Id of the assessment")),
    output: nothing,
  }),
];

/** Operations on traces. */
export const traceOperations: readonly Operation[] = [...queries, ...changes, ...assessments];
