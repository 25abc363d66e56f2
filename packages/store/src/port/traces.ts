import type {
  Attachment,
  ErrorGroup,
  ManyChanged,
  Page,
  Span,
  SpanSkeleton,
  Trace,
  TraceAggregate,
  TraceGroup,
  ValueCount,
} from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { FileStore } from "./files.ts";
import {
  type Operations,
  quiet,
  read,
  search,
  write,
  writeMany,
  writeReturned,
} from "./operation.ts";
import type { CountQuery, StoreQuery, TagPatch, ValuesQuery } from "./query.ts";

/** Traces and their spans. They are written through the journal. */
export interface TraceStore {
  /** One trace; `undefined` when there is none of this id. */
  get(id: string): Promise<Trace | undefined>;
  /** All spans without bodies, by start time. */
  listSpans(traceId: string): Promise<readonly SpanSkeleton[]>;
  /** All spans with bodies, by start time. */
  loadSpans(traceId: string): Promise<readonly Span[]>;
  /** One span with its bodies; `undefined` when it does not exist. */
  getSpan(key: { readonly traceId: string; readonly spanId: string }): Promise<Span | undefined>;
  /** The files that spans of a trace refer to, by their hashes. Their bytes are in {@link FileStore}, under the hash. */
  listAttachments(traceId: string): Promise<readonly Attachment[]>;
  /** What is known of a file by its hash, from one of the traces that have it; `undefined` when none has. */
  findAttachment(hash: string): Promise<Attachment | undefined>;
  /** Default order: newest start first. An empty `experimentIds` means all. */
  search(query: StoreQuery & { readonly experimentIds: readonly string[] }): Promise<Page<Trace>>;
  /** How many traces match. @throws RivuletError `deadline_exceeded` when counting takes too long */
  count(query: CountQuery): Promise<number>;
  /**
   * Totals over the traces that match, per time bucket and group, in this order.
   *
   * @throws RivuletError `deadline_exceeded` when it takes too long
   */
  aggregate(query: TraceAggregateQuery): Promise<readonly TraceAggregate[]>;
  /**
   * Failures of spans in the traces that match, grouped by their patterns, the most frequent first.
   *
   * @throws RivuletError `deadline_exceeded` when it takes too long
   */
  groupErrors(query: ErrorGroupQuery): Promise<readonly ErrorGroup[]>;
  /** The names in use by traces of some experiments, for suggestions. An empty list means all. */
  keys(query: { readonly experimentIds: readonly string[] }): Promise<TraceKeys>;
  /**
   * The values of a field in the traces that match, the most frequent first.
   *
   * @throws RivuletError `deadline_exceeded` when it takes too long
   */
  values(query: ValuesQuery): Promise<readonly ValueCount[]>;
  /** Changes the tags of a trace. @throws RivuletError `not_found` */
  update(patch: TagPatch & { readonly id: string }): Promise<Trace>;
  /** Changes the tags of many traces, all at once. */
  updateMany(patch: TagPatch & { readonly ids: readonly string[] }): Promise<ManyChanged>;
  /** Deletes traces with their spans, assessments and files. @returns how many existed */
  delete(ids: readonly string[]): Promise<number>;
  /**
   * Deletes the oldest traces that match, at most `limit` per call.
   *
   * @returns their ids: fewer than `limit` when no more are left
   */
  deleteFound(query: DeleteFoundQuery): Promise<readonly string[]>;
  /** How many traces are not in the full-text index yet; searches scan their rows. 0 without an index. */
  countUnindexed(): Promise<number>;
  /**
   * The newest trace that a policy does not keep; all older ones go with it, except those that are protected.
   * `undefined` when all are kept.
   */
  surplus(policy: RetentionPolicy): Promise<TracePlace | undefined>;
  /**
   * Deletes the oldest traces up to a place. A trace is protected while it is pinned, has an assessment, is in a row of an
   * evaluation, or is the source of a dataset record. Traces that were found to be so are not looked at again.
   */
  prune(query: PruneQuery): Promise<PrunedTraces>;
  /** Pins a trace, or takes the pin away. @throws RivuletError `not_found` */
  setPinned(key: { readonly id: string; readonly pinned: boolean }): Promise<Trace>;
  /** What the store remembers of its retention. */
  retention(): Promise<RetentionNotes>;
  /** Remembers one of these, in place of what was remembered before. */
  noteRetention(notes: RetentionNotes): Promise<void>;
  /** Remembers a notice, unless one of the same policy is remembered. Returns whether it is new. */
  tellRetention(notice: RetentionNotice): Promise<boolean>;
  /**
   * Marks open spans without an owning engine `abandoned` if they started before `before`. (Spans of an engine are
   * marked when it is gone.) Their end is the last time anything in their trace was written.
   *
   * @returns the ids of their traces
   */
  closeAbandoned(query: { readonly before: number }): Promise<readonly string[]>;
}

/** Names in use by some traces: each list is sorted, and has at most 1,000. */
export interface TraceKeys {
  /** Tag keys. */
  readonly tags: readonly string[];
  /** Names of feedback. */
  readonly feedback: readonly string[];
  /** Names of expectations. */
  readonly expectations: readonly string[];
  /** Models that spans called; the first 200 characters of each. */
  readonly models: readonly string[];
  /** Names of spans of the type `tool`; the first 200 characters of each. */
  readonly tools: readonly string[];
}

/** Selects traces and how they are grouped. */
export interface TraceAggregateQuery extends CountQuery {
  /** Grouping fields; empty for a single group. */
  readonly groupBy: readonly TraceGroup[];
  /** Length of a time bucket in whole milliseconds. @default one bucket for all time */
  readonly bucketMs?: number;
  /** Also sums up the feedback of each group. @default false */
  readonly withFeedback?: boolean;
}

/** Selects traces whose failures are grouped. */
export interface ErrorGroupQuery extends CountQuery {
  /** Most groups to return. */
  readonly limit: number;
}

/** Selects the traces to delete. */
export interface DeleteFoundQuery extends CountQuery {
  /** Most traces to delete, 1 to 1000. */
  readonly limit: number;
  /** The newest trace to delete. @default no bound */
  readonly upTo?: TracePlace;
  /**
   * Also removes dataset records made from these traces, from every version. Of records that are then gone entirely, the
   * evaluation rows are removed too, with their traces, whose ids are returned as well.
   *
   * @default false
   */
  readonly withDatasetRecords?: boolean;
}

/** Position of a trace in time, made unique by its id. */
export interface TracePlace {
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  /** Id of the trace. */
  readonly id: string;
}

/** Which traces one step of retention deletes. */
export interface PruneQuery {
  /** The newest trace to delete. */
  readonly upTo: TracePlace;
  /** Most traces to look at, 1 to 1000. */
  readonly limit: number;
  /** Also deletes protected traces. @default false */
  readonly includeProtected?: boolean;
}

/** What a step of retention did. */
export interface PrunedTraces {
  /** Ids of the deleted traces. */
  readonly deleted: readonly string[];
  /** How many were found to be protected. */
  readonly held: number;
  /** Whether no more are left up to the place. */
  readonly isDone: boolean;
}

/** What a store remembers of its retention: it belongs to the installation, and backups leave it out. */
export interface RetentionNotes {
  /** The notice that was given before anything is deleted by default. */
  readonly told?: RetentionNotice;
  /** When a client last said itself how long this store keeps traces, in milliseconds since the epoch. */
  readonly givenAt?: number;
  /** The last time that traces were deleted. */
  readonly last?: RetentionRound;
  /** Where the clock was when traces were last looked at for their age. */
  readonly clock?: RetentionClock;
}

/** Where a clock was. Milliseconds since the epoch. */
export interface RetentionClock {
  readonly at: number;
  /** Since when it has gone on from where it was before; absent when it was never known to do otherwise. */
  readonly steadySince?: number;
}

/** A notice of what will be deleted by default. */
export interface RetentionNotice {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The policy as a text; another one is told anew. */
  readonly policy: string;
}

/** Traces that were deleted together. */
export interface RetentionRound {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How many traces. */
  readonly deleted: number;
  /** Which bounds they were beyond. */
  readonly because: readonly RetentionBound[];
}

/** A bound of a retention. */
export type RetentionBound = "age" | "count" | "size";

/** Which traces are kept. Absent fields set no bound. */
export interface RetentionPolicy {
  /** Traces that started before this are removed; milliseconds since the epoch. */
  readonly before?: number;
  /** Number of traces to keep. */
  readonly maxCount?: number;
  /** Bytes of traces with their indexes, as stored; the number to remove is estimated from their average size. */
  readonly maxBytes?: number;
}

/** Access and change events of each operation. */
export const traceOperations: Operations<TraceStore> = {
  get: read,
  listSpans: read,
  loadSpans: read,
  getSpan: read,
  listAttachments: read,
  findAttachment: read,
  search: search,
  count: search,
  aggregate: search,
  groupErrors: search,
  keys: search,
  values: search,
  update: write(ENTITIES.trace),
  updateMany: writeMany(ENTITIES.trace),
  delete: write(ENTITIES.trace),
  deleteFound: writeReturned(ENTITIES.trace),
  countUnindexed: read,
  surplus: search,
  prune: {
    access: "write",
    change: (_, result) => {
      const { deleted } = result as PrunedTraces;
      return deleted.length === 0 ? undefined : { entity: "trace", ids: deleted };
    },
  },
  setPinned: write(ENTITIES.trace),
  retention: read,
  noteRetention: quiet,
  tellRetention: quiet,
  closeAbandoned: writeReturned(ENTITIES.trace),
};
