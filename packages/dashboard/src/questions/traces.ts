import type { Assessment, JsonValue, Span, SpanSkeleton, Trace } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { ask, askPages, type PagedQuestion, type Question, refresh } from "../api/query-client.ts";
import { type ListQuery, searched } from "./list-query.ts";

export function askTraces(query: ListQuery): PagedQuestion<Trace> {
  return askPages({ subject: "trace" }, "traces.search", searched(query));
}

export function askTrace(id: string): Question<Trace> {
  return ask({ subject: "trace", id }, "traces.get", id);
}

/** Spans without their bodies. */
export function askSpans(traceId: string): Question<readonly SpanSkeleton[]> {
  return ask({ subject: "trace", id: traceId }, "traces.listSpans", traceId);
}

export function askSpan(traceId: string, spanId: string): Question<Span> {
  return ask({ subject: "trace", id: traceId }, "traces.getSpan", { traceId, spanId });
}

export function askAssessments(traceId: string): Question<readonly Assessment[]> {
  return ask({ subject: "assessment" }, "traces.listAssessments", { traceIds: [traceId] });
}

/** What a person thinks of a trace. */
export interface Feedback {
  readonly traceId: string;
  readonly value: JsonValue;
  readonly rationale?: string;
  readonly sourceId?: string;
}

export async function sendFeedback(feedback: Feedback): Promise<Assessment> {
  const assessment = await rivulet.traces.logFeedback({ source: "human", ...feedback });
  await refresh("assessment");
  return assessment;
}

export async function deleteAssessment(id: string): Promise<void> {
  await rivulet.traces.deleteAssessment(id);
  await refresh("assessment");
}
