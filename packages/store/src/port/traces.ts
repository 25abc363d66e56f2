import type { Page, Span, SpanSkeleton, Trace, TraceAggregate, TraceGroup } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write, writeReturned } from "./operation.ts";
import type { CountQuery, StoreQuery, TagPatch } from "./query.ts";

/** Traces and their spans. The journal brings them. */
export interface TraceStore {
  get(id: string): Promise<Trace | undefined>;
  /** All spans without bodies, by start time. */
  listSpans(traceId: string): Promise<readonly SpanSkeleton[]>;
  /** All spans with bodies, by start time. */
  loadSpans(traceId: string): Promise<readonly Span[]>;
  getSpan(key: { readonly traceId: string; readonly spanId: string }): Promise<Span | undefined>;
  /** Default order: newest start first. An empty `experimentIds` means all. */
  search(query: StoreQuery & { readonly experimentIds: readonly string[] }): Promise<Page<Trace>>;
  /** How many a filter finds. `deadline_exceeded` when there are too many to look at. */
  count(query: CountQuery): Promise<number>;
  /**
   * Sums over everything that a filter finds, by time and by group, in this order. `deadline_exceeded` when there
   * is too much to look at.
   */
  aggregate(query: TraceAggregateQuery): Promise<readonly TraceAggregate[]>;
  update(patch: TagPatch & { readonly id: string }): Promise<Trace>;
  /** With spans and assessments. Returns how many were there. */
  delete(ids: readonly string[]): Promise<number>;
  /**
   * Deletes the oldest of the traces that a filter finds, at most `limit` at once. Returns their ids: fewer than
   * the limit when there are no more.
   */
  deleteFound(query: DeleteFoundQuery): Promise<readonly string[]>;
  /** How many traces the index of words does not know yet: a search looks at their rows. 0 where there is no index. */
  countUnindexed(): Promise<number>;
  /** The youngest trace that is more than a policy keeps, as are all before it; undefined when none is. */
  surplus(policy: RetentionPolicy): Promise<TracePlace | undefined>;
  /**
   * Marks spans `abandoned` that are in progress, were started before `before`, and were not recorded by an
   * engine: those are marked when it is gone. Their end is the last time anything of their trace was written.
   * Returns the ids of their traces.
   */
  closeAbandoned(query: { readonly before: number }): Promise<readonly string[]>;
}

/** Which sums. */
export interface TraceAggregateQuery extends CountQuery {
  readonly groupBy: readonly TraceGroup[];
  /** Length of the time that each is of, in milliseconds, whole; left out: of all time. */
  readonly bucketMs?: number;
}

/** Which traces to delete. */
export interface DeleteFoundQuery extends CountQuery {
  /** 1 to 1000. */
  readonly limit: number;
  /** None that comes after this one. */
  readonly upTo?: TracePlace;
  /**
   * Also removes the records of datasets that were made of these traces, out of every version; and, of records of
   * which nothing is left, the rows of evaluations over them with their traces, whose ids are returned too.
   *
   * @default false
   */
  readonly withDatasetRecords?: boolean;
}

/** Where a trace stands, by its start and, among equals, by its id. */
export interface TracePlace {
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  readonly id: string;
}

/** What is kept; what is left out sets no bound. */
export interface RetentionPolicy {
  /** Traces that began before it go; milliseconds since the epoch. */
  readonly before?: number;
  /** The most traces. */
  readonly maxCount?: number;
  /** The most bytes of the whole database; as many of the oldest traces go as are, on average, as large as the excess. */
  readonly maxBytes?: number;
}

/** What each of them does, as facts. */
export const traceOperations: Operations<TraceStore> = {
  get: read,
  listSpans: read,
  loadSpans: read,
  getSpan: read,
  search: search,
  count: search,
  aggregate: search,
  update: write(ENTITIES.trace),
  delete: write(ENTITIES.trace),
  deleteFound: writeReturned(ENTITIES.trace),
  countUnindexed: read,
  surplus: search,
  closeAbandoned: writeReturned(ENTITIES.trace),
};
