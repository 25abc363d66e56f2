import type { Assessment } from "@rivulet/domain";
import { LIMITS, RivuletError, TRACE_GROUPS, type TraceGroup } from "@rivulet/domain";
import type { Store } from "@rivulet/store";
import * as z from "zod";
import type { Context } from "../context.ts";
import { checkListOptions, toCountQuery, toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { idSchema, parseInput, tagKeysSchema, tagsSchema } from "../validation.ts";
import { assessmentInputSchema } from "./assessment-input.ts";
import type { RecordFinished } from "./record-finished.ts";
import { inSteps, prune } from "./retention.ts";
import type {
  AssessmentInput,
  TraceAggregation,
  TraceDeletion,
  TraceSelection,
  Traces,
} from "./traces.ts";

/** What traces need besides the context. */
export interface TracesDependencies {
  /** Gives the journal the spans that are in progress. */
  readonly flush: () => void;
  readonly record: RecordFinished;
}

/** Most ids in one call. */
const MAX_IDS = 1_000;

const idsSchema: z.ZodType<string[]> = z.array(idSchema).max(MAX_IDS);
const selectionShape = {
  filter: z.string().exactOptional(),
  experimentIds: idsSchema.exactOptional(),
};
const selectionSchema: z.ZodType<TraceSelection> = z.strictObject(selectionShape);
const deletionSchema: z.ZodType<TraceDeletion> = z.strictObject({
  ...selectionShape,
  filter: z.string().regex(/\S/, "must say which traces to delete"),
  withDatasetRecords: z.boolean().exactOptional(),
});
const groupSchema: z.ZodType<TraceGroup> = z.union(
  [z.enum(TRACE_GROUPS), z.templateLiteral(["tags.", z.string().min(1).max(LIMITS.name)])],
  `must be one of ${TRACE_GROUPS.join(", ")}, or tags.KEY`,
);
const aggregationSchema: z.ZodType<TraceAggregation> = z.object({
  ...selectionShape,
  groupBy: z.array(groupSchema).max(5).exactOptional(),
  bucketMs: z.int().min(1).exactOptional(),
});
const patchSchema: z.ZodType<Parameters<Traces["update"]>[1]> = z.object({
  tags: tagsSchema.exactOptional(),
  removeTags: tagKeysSchema.exactOptional(),
});

type Sync = <T>(work: (store: Store) => Promise<T>) => Promise<T>;

/** Traces on the context's store. */
export function createTraces(context: Context, { flush, record }: TracesDependencies): Traces {
  /** What was recorded a moment ago may still be on its way: then it is waited for. */
  const synced: Sync = async (work) => {
    const store = await context.store();
    try {
      return await work(store);
    } catch (error) {
      if (!(error instanceof RivuletError && error.code === "not_found")) throw error;
      flush();
      await context.journal.flush();
      return work(store);
    }
  };
  /** What was recorded before a deletion is there for it to be deleted. */
  const recorded = async (): Promise<Store> => {
    const store = await context.store();
    flush();
    await context.journal.flush();
    return store;
  };
  return Object.freeze({
    record,
    ...createQueries(context, { synced, recorded }),
    ...createAssessments(context, synced),
  });
}

type Queries = Pick<
  Traces,
  | "get"
  | "find"
  | "listSpans"
  | "loadSpans"
  | "getSpan"
  | "search"
  | "count"
  | "countUnindexed"
  | "aggregate"
  | "update"
  | "delete"
  | "deleteFound"
  | "prune"
>;

interface Synced {
  readonly synced: Sync;
  readonly recorded: () => Promise<Store>;
}

function createQueries(context: Context, { synced, recorded }: Synced): Queries {
  const { store } = context;
  const checkId = (id: string): string => parseInput(idSchema, id, "id");
  return {
    get: async (id) => {
      const key = checkId(id);
      return synced(async ({ traces }) => {
        const trace = await traces.get(key);
        if (trace === undefined) throw notFound("trace", key);
        return trace;
      });
    },
    find: async (id) => (await store()).traces.get(checkId(id)),
    listSpans: async (traceId) => (await store()).traces.listSpans(checkId(traceId)),
    loadSpans: async (traceId) => (await store()).traces.loadSpans(checkId(traceId)),
    getSpan: async (given) => {
      const key = { traceId: checkId(given.traceId), spanId: checkId(given.spanId) };
      return synced(async ({ traces }) => {
        const span = await traces.getSpan(key);
        if (span === undefined) throw notFound("span", key.spanId);
        return span;
      });
    },
    search: async (query = {}) => {
      const storeQuery = toStoreQuery(context, "trace", query);
      const experimentIds = parseInput(idsSchema, query.experimentIds ?? [], "experimentIds");
      const { traces } = await store();
      return traces.search({ ...storeQuery, experimentIds });
    },
    count: async (query = {}) => {
      checkListOptions(query, ["filter", "experimentIds"]);
      const { filter, experimentIds = [] } = parseInput(selectionSchema, query, "query");
      const { traces } = await store();
      return traces.count({ ...toCountQuery(context, "trace", { filter }), experimentIds });
    },
    countUnindexed: async () => (await store()).traces.countUnindexed(),
    aggregate: async (query = {}) => {
      checkListOptions(query, ["filter", "experimentIds", "groupBy", "bucketMs"]);
      const input = parseInput(aggregationSchema, query, "query");
      const { filter, experimentIds = [], groupBy = [], bucketMs } = input;
      const { traces } = await store();
      return traces.aggregate({
        ...toCountQuery(context, "trace", { filter }),
        experimentIds,
        groupBy,
        ...(bucketMs === undefined ? {} : { bucketMs }),
      });
    },
    update: async (id, patch) => {
      const input = parseInput(patchSchema, patch, "trace");
      const key = checkId(id);
      return synced(({ traces }) => traces.update({ ...input, id: key }));
    },
    deleteFound: (query) => deleteFound(context, recorded, query),
    prune: (retention) => prune(context, retention),
    delete: async (ids) => {
      const known = parseInput(idsSchema, ids, "ids");
      const { traces } = await recorded();
      return traces.delete(known);
    },
  };
}

async function deleteFound(
  context: Context,
  recorded: () => Promise<Store>,
  query: TraceDeletion,
): Promise<number> {
  const {
    filter,
    experimentIds = [],
    withDatasetRecords = false,
  } = parseInput(deletionSchema, query, "query");
  const counted = toCountQuery(context, "trace", { filter });
  const found = { ...counted, experimentIds, withDatasetRecords };
  const { traces } = await recorded();
  return inSteps((limit) => traces.deleteFound({ ...found, limit }));
}

type AssessmentMethods = Pick<
  Traces,
  "logFeedback" | "logExpectation" | "listAssessments" | "deleteAssessment"
>;

function createAssessments(context: Context, synced: Sync): AssessmentMethods {
  const { ids, now, store } = context;

  async function log(kind: Assessment["kind"], given: AssessmentInput): Promise<Assessment> {
    const input = parseInput(assessmentInputSchema, given, kind);
    const assessment: Assessment = {
      name: kind === "feedback" ? "user_feedback" : "expected",
      source: "human",
      metadata: {},
      ...input,
      id: ids.entity(),
      kind,
      createdAt: now(),
    };
    await synced(({ assessments }) => assessments.add([assessment]));
    return assessment;
  }

  return {
    logFeedback: (feedback) => log("feedback", feedback),
    logExpectation: (expectation) => log("expectation", expectation),
    listAssessments: async ({ traceIds }) => {
      const checked = parseInput(idsSchema, traceIds, "traceIds");
      return (await store()).assessments.list({ traceIds: checked });
    },
    deleteAssessment: async (id) => {
      const key = parseInput(idSchema, id, "id");
      await (await store()).assessments.delete(key);
    },
  };
}
