import type { Assessment, Trace } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { Store } from "@rivulet/store";
import type { Context } from "../context.ts";
import { maskAssessment } from "../masking/masked-records.ts";
import { toCountQuery, toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { idSchema, parseInput } from "../validation.ts";
import { assessmentInputSchema } from "./assessment-input.ts";
import { readAttachment } from "./read-attachment.ts";
import type { RecordFinished } from "./record-finished.ts";
import { inSteps, prune } from "./retention.ts";
import type { Sampling } from "./sampling/sampling.ts";
import {
  hashSchema,
  listAssessmentsSchema,
  spanKeySchema,
  traceDeletionSchema,
  traceIdsSchema,
  traceSearchSchema,
  traceUpdateSchema,
} from "./trace-input.ts";
import { createTraceSums } from "./trace-sums.ts";
import type { AssessmentInput, TraceDeletion, Traces } from "./traces.ts";

/** What traces need besides the context. */
export interface TracesDependencies {
  /** Gives the journal the spans that are in progress or undecided, of one trace or of all. */
  readonly flush: (traceId?: string) => void;
  readonly sampling: Pick<Sampling, "isLeftOut" | "sink">;
  readonly record: RecordFinished;
}

/** Work with a store, on the trace that is named. */
type Sync = <T>(work: (store: Store) => Promise<T>, traceId?: string) => Promise<T>;

/** Traces on the context's store. */
export function createTraces(
  context: Context,
  { flush, record, sampling }: TracesDependencies,
): Traces {
  /** What was recorded a moment ago may still be on its way: then it is waited for. */
  const synced: Sync = async (work, traceId) => {
    const store = await context.store();
    try {
      return await work(store);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      flush(traceId);
      await context.journal.flush();
      return work(store).catch((again: unknown) => {
        const isLeftOut = traceId !== undefined && sampling.isLeftOut(traceId);
        throw isLeftOut && isNotFound(again) ? notSampled(traceId) : again;
      });
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
    ...createQueries(context, synced),
    ...createTraceSums(context),
    getAttachment: async (given: string) => {
      const hash = parseInput(hashSchema, given, "hash");
      return synced((opened) => readAttachment(opened, hash));
    },
    ...createChanges(context, { synced, recorded }),
    ...createAssessments(context, { synced, sampling }),
  });
}

function isNotFound(error: unknown): boolean {
  return error instanceof RivuletError && error.code === "not_found";
}

function notSampled(id: string): RivuletError {
  const message = `The trace "${id}" was not kept: sampling left it out (options sampleRate and tailSampling).`;
  return new RivuletError("not_found", message, { details: { id, sampled: false } });
}

type Queries = Pick<
  Traces,
  "get" | "find" | "listSpans" | "loadSpans" | "getSpan" | "listAttachments" | "search"
>;

type Changes = Pick<
  Traces,
  "update" | "updateMany" | "pin" | "unpin" | "delete" | "deleteFound" | "prune"
>;

interface Synced {
  readonly synced: Sync;
  readonly recorded: () => Promise<Store>;
}

function checkId(id: string): string {
  return parseInput(idSchema, id, "id");
}

function createQueries(context: Context, synced: Sync): Queries {
  const { store } = context;
  const ofTrace = async <T>(
    traceId: string,
    list: (store: Store, id: string) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => {
    const id = checkId(traceId);
    return synced(async (opened) => {
      const found = await list(opened, id);
      if (found.length > 0 || (await opened.traces.get(id)) !== undefined) return found;
      throw notFound("trace", id);
    }, id);
  };

  return {
    get: async (id) => {
      const key = checkId(id);
      return synced(async ({ traces }) => {
        const trace = await traces.get(key);
        if (trace === undefined) throw notFound("trace", key);
        return trace;
      }, key);
    },
    find: async (id) => (await store()).traces.get(checkId(id)),
    listSpans: (traceId) => ofTrace(traceId, ({ traces }, id) => traces.listSpans(id)),
    loadSpans: (traceId) => ofTrace(traceId, ({ traces }, id) => traces.loadSpans(id)),
    listAttachments: (traceId) => ofTrace(traceId, ({ traces }, id) => traces.listAttachments(id)),
    getSpan: async (given) => {
      const key = parseInput(spanKeySchema, given, "key");
      return synced(async ({ traces }) => {
        const span = await traces.getSpan(key);
        if (span === undefined) throw notFound("span", key.spanId);
        return span;
      }, key.traceId);
    },
    search: async (query = {}) => {
      const input = parseInput(traceSearchSchema, query, "query");
      const storeQuery = toStoreQuery(context, "trace", input);
      const { experimentIds = [] } = input;
      const { traces } = await store();
      return traces.search({ ...storeQuery, experimentIds });
    },
  };
}

function createChanges(context: Context, { synced, recorded }: Synced): Changes {
  const setPinned = async (id: string, pinned: boolean): Promise<Trace> => {
    const key = checkId(id);
    return synced(({ traces }) => traces.setPinned({ id: key, pinned }), key);
  };
  return {
    pin: (id) => setPinned(id, true),
    unpin: (id) => setPinned(id, false),
    update: async (id, patch) => {
      const input = parseInput(traceUpdateSchema, patch, "trace");
      const key = checkId(id);
      const tags = input.tags && { tags: context.masking.map(input.tags) };
      return synced(({ traces }) => traces.update({ ...input, ...tags, id: key }), key);
    },
    updateMany: async (ids, patch) => {
      const input = parseInput(traceUpdateSchema, patch, "trace");
      const known = parseInput(traceIdsSchema, ids, "ids");
      const tags = input.tags && { tags: context.masking.map(input.tags) };
      const { traces } = await recorded();
      return traces.updateMany({ ...input, ...tags, ids: known });
    },
    deleteFound: (query) => deleteFound(context, recorded, query),
    prune: (retention) => prune(context, retention),
    delete: async (ids) => {
      const known = parseInput(traceIdsSchema, ids, "ids");
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
  } = parseInput(traceDeletionSchema, query, "query");
  const counted = toCountQuery(context, "trace", { filter });
  const found = { ...counted, experimentIds, withDatasetRecords };
  const { traces } = await recorded();
  return inSteps((limit) => traces.deleteFound({ ...found, limit }));
}

type AssessmentMethods = Pick<
  Traces,
  "logFeedback" | "logExpectation" | "listAssessments" | "deleteAssessment"
>;

function createAssessments(
  context: Context,
  { synced, sampling }: Pick<TracesDependencies, "sampling"> & { readonly synced: Sync },
): AssessmentMethods {
  const { ids, masking, now, store } = context;

  async function log(kind: Assessment["kind"], given: AssessmentInput): Promise<Assessment> {
    const input = parseInput(assessmentInputSchema, given, kind);
    const assessment = maskAssessment(masking, {
      name: kind === "feedback" ? "user_feedback" : "expected",
      source: "human",
      metadata: {},
      ...input,
      id: ids.entity(),
      kind,
      createdAt: now(),
    });
    if (kind === "feedback") sampling.sink.judged(assessment.traceId, input.value);
    await synced(({ assessments }) => assessments.add([assessment]), assessment.traceId);
    return assessment;
  }

  return {
    logFeedback: (feedback) => log("feedback", feedback),
    logExpectation: (expectation) => log("expectation", expectation),
    listAssessments: async (query) => {
      const { traceIds } = parseInput(listAssessmentsSchema, query, "query");
      return (await store()).assessments.list({ traceIds });
    },
    deleteAssessment: async (id) => {
      const key = parseInput(idSchema, id, "id");
      await (await store()).assessments.delete(key);
    },
  };
}
