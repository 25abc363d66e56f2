import type {
  Assessment,
  AssessmentSource,
  JsonObject,
  JsonValue,
  Page,
  SearchQuery,
  Span,
  SpanSkeleton,
  StringMap,
  Trace,
} from "@rivulet/domain";

/** Recorded traces, and what was said of them. */
export interface Traces {
  /** @throws `not_found` */
  get(id: string): Promise<Trace>;
  find(id: string): Promise<Trace | undefined>;
  /** Spans without bodies, by start time. */
  listSpans(traceId: string): Promise<readonly SpanSkeleton[]>;
  /** Spans with bodies, by start time. */
  loadSpans(traceId: string): Promise<readonly Span[]>;
  /** @throws `not_found` */
  getSpan(key: { readonly traceId: string; readonly spanId: string }): Promise<Span>;
  search(
    query?: SearchQuery & { readonly experimentIds?: readonly string[] },
  ): Promise<Page<Trace>>;
  update(
    id: string,
    patch: { readonly tags?: StringMap; readonly removeTags?: readonly string[] },
  ): Promise<Trace>;
  /** Returns how many there were. */
  delete(ids: readonly string[]): Promise<number>;
  /** What a user, judge or program thinks of the result. */
  logFeedback(feedback: AssessmentInput): Promise<Assessment>;
  /** What should have come out. */
  logExpectation(expectation: AssessmentInput): Promise<Assessment>;
  listAssessments(query: { readonly traceIds: readonly string[] }): Promise<readonly Assessment[]>;
  deleteAssessment(id: string): Promise<void>;
}

/** What somebody thinks of a trace, or of one of its spans. */
export interface AssessmentInput {
  readonly traceId: string;
  readonly spanId?: string;
  /** @default 'user_feedback' for feedback, 'expected' for an expectation */
  readonly name?: string;
  readonly value: JsonValue;
  /** @default 'human' */
  readonly source?: AssessmentSource;
  readonly sourceId?: string;
  readonly rationale?: string;
  readonly metadata?: JsonObject;
  readonly runId?: string;
}
