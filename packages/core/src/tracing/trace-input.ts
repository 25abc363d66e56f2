import {
  DEFAULT_PAGE_SIZE,
  LIMITS,
  MAX_PAGE_SIZE,
  TRACE_GROUPS,
  type TraceGroup,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import {
  containsSchema,
  experimentIdsSchema,
  filterFieldSchema,
  listedFieldSchema,
  mostValuesSchema,
  type ScopedSearch,
  searchSchemaWith,
  selectionSchema,
} from "../query.ts";
import { idSchema, listOf, optionsSchema, tagKeysSchema, tagsSchema } from "../validation.ts";
import type {
  ErrorGrouping,
  TraceAggregation,
  TraceDeletion,
  TraceSelection,
  TraceUpdate,
  TraceValues,
} from "./traces.ts";

/** Most ids in one call. */
const MAX_IDS = 1_000;
/** Most groups of one sum. */
const MAX_GROUPS = 5;

/** Schema of the ids of traces. */
export const traceIdsSchema: z.ZodType<readonly string[]> = listOf(idSchema, MAX_IDS).describe(
  "Ids of the traces",
);

const traceFilterSchema = filterFieldSchema("status = 'error' AND startTime > now() - 1d");

const selectionFields = () => ({
  filter: traceFilterSchema.exactOptional(),
  experimentIds: experimentIdsSchema.exactOptional(),
});

/** Schema of the query of `search`. */
export const traceSearchSchema: z.ZodType<ScopedSearch> = searchSchemaWith(selectionFields);

/** Schema of {@link TraceSelection}. */
export const traceSelectionSchema: z.ZodType<TraceSelection> = selectionSchema(selectionFields);

/** Schema of {@link TraceDeletion}. */
export const traceDeletionSchema: z.ZodType<TraceDeletion> = selectionSchema(() => ({
  ...selectionFields(),
  filter: traceFilterSchema.refine(
    (filter) => /\S/.test(filter),
    "must say which traces to delete",
  ),
  withDatasetRecords: z
    .boolean()
    .describe("Also the dataset records that come from these traces; default false")
    .exactOptional(),
}));

const groupSchema: z.ZodType<TraceGroup> = z.union(
  [z.enum(TRACE_GROUPS), z.templateLiteral(["tags.", z.string().min(1).max(LIMITS.name)])],
  `must be one of ${TRACE_GROUPS.join(", ")}, or tags.KEY`,
);

/** Schema of {@link TraceAggregation}. */
export const traceAggregationSchema: z.ZodType<TraceAggregation> = selectionSchema(() => ({
  ...selectionFields(),
  groupBy: listOf(groupSchema, MAX_GROUPS, `at most ${MAX_GROUPS} groups`)
    .describe("Fields to group by, or tags.KEY; default one group")
    .exactOptional(),
  bucketMs: z
    .int()
    .min(1)
    .describe("Sums per so many milliseconds; default all time at once")
    .exactOptional(),
  withFeedback: z
    .boolean()
    .describe("Also sum up the feedback of each group; default false")
    .exactOptional(),
}));

/** Schema of {@link ErrorGrouping}. */
export const errorGroupingSchema: z.ZodType<ErrorGrouping> = selectionSchema(() => ({
  ...selectionFields(),
  limit: z
    .int()
    .min(1)
    .max(MAX_PAGE_SIZE)
    .describe(`Most groups; default ${DEFAULT_PAGE_SIZE}`)
    .exactOptional(),
}));

/** Schema of the query of `keys`. */
export const traceKeysSchema: z.ZodType<{ readonly experimentIds?: readonly string[] }> =
  selectionSchema(() => ({ experimentIds: experimentIdsSchema.exactOptional() }));

/** Schema of {@link TraceValues}. */
export const traceValuesSchema: z.ZodType<TraceValues> = selectionSchema(() => ({
  ...selectionFields(),
  field: listedFieldSchema("name, tags.team, prompt or model"),
  contains: containsSchema.exactOptional(),
  limit: mostValuesSchema.exactOptional(),
}));

/** Schema of {@link TraceUpdate}. */
export const traceUpdateSchema: z.ZodType<TraceUpdate> = optionsSchema(() => ({
  tags: tagsSchema.exactOptional(),
  removeTags: tagKeysSchema.exactOptional(),
}));

/** Schema of the key of a span. */
export const spanKeySchema: z.ZodType<{ readonly traceId: string; readonly spanId: string }> =
  optionsSchema(() => ({
    traceId: idSchema.describe("Id of the trace"),
    spanId: idSchema.describe("Id of the span"),
  }));

/** Schema of the hash of a file. */
export const hashSchema: z.ZodType<string> = z
  .string()
  .regex(/^[\da-f]{64}$/, "must be a hash: 64 hexadecimal digits");

/** Schema of what `listAssessments` takes. */
export const listAssessmentsSchema: z.ZodType<{ readonly traceIds: readonly string[] }> =
  optionsSchema(() => ({ traceIds: traceIdsSchema }));
