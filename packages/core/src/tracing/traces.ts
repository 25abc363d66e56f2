import type {
  Assessment,
  AssessmentSource,
  Attachment,
  ErrorGroup,
  JsonObject,
  JsonValue,
  ManyChanged,
  Page,
  SearchQuery,
  Span,
  SpanSkeleton,
  StringMap,
  Trace,
  TraceAggregate,
  TraceGroup,
  ValueCount,
} from "@rivulet/domain";
import type { TraceKeys } from "@rivulet/store";
import type { FinishedSpan, RecordReport } from "./finished-span.ts";

/** Recorded traces, and what was said of them. */
export interface Traces {
  /**
   * Takes spans that have ended elsewhere and have ids of their own, through the same policy as spans that run here:
   * mask, limits, sampling, prices and experiment. They may come late, in any order and before their parents; what is
   * said of a span again, in whole or in part, is joined with what is known of it, and counted once. All of them are
   * taken, or none. What was taken survives the process, and can be read after `flush()`; with `tailSampling`, a process
   * that is killed loses what waits for the decision.
   *
   * @throws RivuletError `invalid_argument` with the index and the field of what cannot be taken; `closed`; what
   * opening the store failed with
   */
  record(spans: readonly FinishedSpan[]): Promise<RecordReport>;
  /** @throws `not_found` */
  get(id: string): Promise<Trace>;
  /** The trace; `undefined` when there is none of this id. */
  find(id: string): Promise<Trace | undefined>;
  /** Spans without bodies, by start time. @throws `not_found` */
  listSpans(traceId: string): Promise<readonly SpanSkeleton[]>;
  /** Spans with bodies, by start time. @throws `not_found` */
  loadSpans(traceId: string): Promise<readonly Span[]>;
  /** @throws `not_found` */
  getSpan(key: { readonly traceId: string; readonly spanId: string }): Promise<Span>;
  /**
   * The images, speech, documents and other files that spans of a trace were given or made, by their hashes; a media
   * part of a message refers to one by its `hash`. @throws `not_found`
   */
  listAttachments(traceId: string): Promise<readonly Attachment[]>;
  /** One of these files with its bytes. @throws `not_found` also when the bytes are not kept, with the reason */
  getAttachment(hash: string): Promise<Attachment & { readonly content: Uint8Array }>;
  /** Default order: newest first. */
  search(
    query?: SearchQuery & { readonly experimentIds?: readonly string[] },
  ): Promise<Page<Trace>>;
  /** How many a filter finds. @throws `deadline_exceeded` when there are more than can be looked at in ten seconds */
  count(query?: TraceSelection): Promise<number>;
  /** How many traces the store's index of words does not know yet. A search by words looks at their rows. */
  countUnindexed(): Promise<number>;
  /**
   * Counts, error rates, durations, tokens and costs, by time and by group: in order of both. Grouped by `model`,
   * `tool`, `prompt` and other facts of spans, it counts the spans of the traces that the filter finds.
   *
   * @throws `deadline_exceeded` when there are more traces than can be looked at in ten seconds
   */
  aggregate(query?: TraceAggregation): Promise<readonly TraceAggregate[]>;
  /**
   * What fails: failures of spans in the traces that match, grouped by message without numbers, ids, addresses and
   * quoted texts; the most frequent first.
   *
   * @throws `deadline_exceeded` when there are more traces than can be looked at in ten seconds
   */
  groupErrors(query?: ErrorGrouping): Promise<readonly ErrorGroup[]>;
  /** Names in use, for suggestions: at most 1,000 of each kind, sorted. */
  keys(query?: { readonly experimentIds?: readonly string[] }): Promise<TraceKeys>;
  /**
   * The values of a field, with how many traces have each: the most frequent first.
   *
   * @throws RivuletError `invalid_argument` for a field that has no texts to choose from; `deadline_exceeded` when there
   * are more traces than can be looked at in ten seconds
   */
  values(query: TraceValues): Promise<readonly ValueCount[]>;
  /** Changes the tags of a trace. @throws RivuletError `not_found` */
  update(id: string, patch: TraceUpdate): Promise<Trace>;
  /** Changes the tags of up to 1,000 traces in one transaction, and says of which it could not. */
  updateMany(ids: readonly string[], patch: TraceUpdate): Promise<ManyChanged>;
  /** Keeps a trace whatever its age, until it is unpinned. Filters find it by `pinned = true`. @throws RivuletError `not_found` */
  pin(id: string): Promise<Trace>;
  /** Takes the pin away. @throws RivuletError `not_found` */
  unpin(id: string): Promise<Trace>;
  /** Returns how many there were. */
  delete(ids: readonly string[]): Promise<number>;
  /**
   * Deletes everything that a filter finds, such as all of one user or session, with spans, messages and
   * assessments, in small steps beside what is being recorded. Returns how many traces there were.
   *
   * @throws `invalid_argument` without a filter
   */
  deleteFound(query: TraceDeletion): Promise<number>;
  /**
   * Deletes the oldest traces until no more are left than this keeps, in small steps; protected ones stay, unless it
   * says otherwise. Returns how many.
   */
  prune(retention: TraceRetention): Promise<number>;
  /** What a user, judge or program thinks of the result. */
  logFeedback(feedback: AssessmentInput): Promise<Assessment>;
  /** What should have come out. */
  logExpectation(expectation: AssessmentInput): Promise<Assessment>;
  /** Assessments of these traces and their spans, oldest first. */
  listAssessments(query: { readonly traceIds: readonly string[] }): Promise<readonly Assessment[]>;
  /** Deletes one assessment. @throws RivuletError `not_found` */
  deleteAssessment(id: string): Promise<void>;
}

/** Changes to a trace. Absent fields stay as they are. */
export interface TraceUpdate {
  /** Tags to add or overwrite, up to 100. */
  readonly tags?: StringMap;
  /** Keys of tags to remove; unknown ones are ignored. */
  readonly removeTags?: readonly string[];
}

/** Some traces. */
export interface TraceSelection {
  /** All that it finds, as in `search`. @default all */
  readonly filter?: string;
  /** @default those of all experiments */
  readonly experimentIds?: readonly string[];
}

/** Which traces to delete. */
export interface TraceDeletion extends TraceSelection {
  /** Selects the traces to delete. Required, so that nothing is deleted by omission. */
  readonly filter: string;
  /**
   * Records of datasets were picked on purpose, and stay when the traces go that they were made of. With this they go
   * too, out of every version; and what evaluations hold of them, with the traces of those.
   *
   * @default false
   */
  readonly withDatasetRecords?: boolean;
}

/** Which traces are kept. What is left out sets no bound. */
export interface TraceRetention {
  /** Milliseconds since its start after which a trace goes. */
  readonly maxAgeMs?: number;
  /** The most traces. */
  readonly maxTraces?: number;
  /** The most bytes of traces in the store's database, with their indexes. What else it holds does not count. */
  readonly maxBytes?: number;
  /**
   * Also removes traces that have an assessment, are of an evaluation, are the source of a dataset record, or are pinned.
   *
   * @default false
   */
  readonly includeProtected?: boolean;
}

/** Which traces to sum up, and how. */
export interface TraceAggregation extends TraceSelection {
  /** @default one sum of all */
  readonly groupBy?: readonly TraceGroup[];
  /** Length of the time that each sum is of, in whole milliseconds. Times begin at its multiples since the epoch. @default all time */
  readonly bucketMs?: number;
  /** Also sums up the feedback of each group. @default false */
  readonly withFeedback?: boolean;
}

/** Traces whose failures are grouped. */
export interface ErrorGrouping extends TraceSelection {
  /** Most groups, 1 to 1000. @default 100 */
  readonly limit?: number;
}

/** Whose values are listed, and which. */
export interface TraceValues extends TraceSelection {
  /** A field as filters name it: `name`, `sessionId`, `prompt`, `tags.team`, `span.name`; also `model`, `provider`, `tool`. */
  readonly field: string;
  /** Only values that have this text in them, in any case; `%` and `_` are nothing special. @default all */
  readonly contains?: string;
  /** Most values, 1 to 1000. @default 100 */
  readonly limit?: number;
}

/** What somebody thinks of a trace, or of one of its spans. */
export interface AssessmentInput {
  /** The trace to assess. */
  readonly traceId: string;
  /** The span to assess. @default the whole trace */
  readonly spanId?: string;
  /** @default 'user_feedback' for feedback, 'expected' for an expectation */
  readonly name?: string;
  /** A number, boolean, label or any other JSON. */
  readonly value: JsonValue;
  /** @default 'human' */
  readonly source?: AssessmentSource;
  /** Which user, judge or scorer. */
  readonly sourceId?: string;
  /** Why, for people to read. */
  readonly rationale?: string;
  /** Free-form details. @default {} */
  readonly metadata?: JsonObject;
  /** The evaluation run that it belongs to. */
  readonly runId?: string;
}
