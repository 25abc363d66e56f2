import type { Assessment, JsonValue, Span, SpanSkeleton, Trace } from "@rivulet/core";
import { apiUrl, at, sendJson } from "../api/http.ts";
import { ask, askPages, type PagedQuestion, type Question, refresh } from "../api/query-client.ts";

export function askTraces(query: {
  readonly filter?: string;
  readonly orderBy?: string;
  readonly experimentIds?: readonly string[];
}): PagedQuestion<Trace> {
  return askPages({ subject: "trace" }, "/traces", query);
}

export function askTrace(id: string): Question<Trace> {
  return ask({ subject: "trace", id }, at`/traces/${id}`);
}

/** Spans without their bodies. */
export function askSpans(traceId: string): Question<readonly SpanSkeleton[]> {
  return ask({ subject: "trace", id: traceId }, at`/traces/${traceId}/spans`);
}

export function askSpan(traceId: string, spanId: string): Question<Span> {
  return ask({ subject: "trace", id: traceId }, at`/traces/${traceId}/spans/${spanId}`);
}

export function askAssessments(traceId: string): Question<readonly Assessment[]> {
  return ask({ subject: "assessment" }, "/assessments", { traceIds: [traceId] });
}

/** What a person thinks of a trace. */
export interface Feedback {
  readonly traceId: string;
  readonly value: JsonValue;
  readonly rationale?: string;
  readonly sourceId?: string;
}

export async function sendFeedback({ traceId, ...feedback }: Feedback): Promise<Assessment> {
  const assessment = await sendJson<Assessment>("POST", apiUrl(at`/traces/${traceId}/feedback`), {
    source: "human",
    ...feedback,
  });
  await refresh("assessment");
  return assessment;
}

export async function deleteAssessment(id: string): Promise<void> {
  await sendJson("DELETE", apiUrl(at`/assessments/${id}`));
  await refresh("assessment");
}
