import { RivuletError } from "@rivulet/client";
import type {
  Assessment,
  JsonValue,
  Page,
  Span,
  SpanSkeleton,
  StringMap,
  Trace,
  TraceKeys,
} from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import {
  ask,
  askPages,
  type PagedQuestion,
  type Question,
  refresh,
  refreshLists,
} from "../api/query-client.ts";
import { quote } from "../search/filter-text.ts";
import { counted, type ListQuery, searched } from "./list-query.ts";

export function askTraces(query: ListQuery): PagedQuestion<Trace> {
  return askPages({ subject: "trace" }, "traces.search", searched(query));
}

/** How many traces a filter finds. */
export function askTraceCount({ filter, experimentIds }: ListQuery): Question<number> {
  return ask({ subject: "trace" }, "traces.count", counted({ filter, experimentIds }));
}

/** The last trace of the same name that began before this one, in its experiment. */
export function askPrevious({ name, startTime, experimentId }: Trace): Question<Page<Trace>> {
  const filter = `name = ${quote(name)} AND startTime < ${startTime}`;
  return ask({ subject: "trace" }, "traces.search", {
    filter,
    experimentIds: [experimentId],
    limit: 1,
  });
}

export function askTrace(id: string): Question<Trace> {
  return ask({ subject: "trace", id }, "traces.get", id);
}

/** Spans without their bodies. */
export function askSpans(traceId: string): Question<readonly SpanSkeleton[]> {
  return ask({ subject: "trace", id: traceId }, "traces.listSpans", traceId);
}

/** Spans with their inputs, outputs, attributes and events. */
export function askSpansWithContents(traceId: string): Question<readonly Span[]> {
  return ask({ subject: "trace", id: traceId }, "traces.loadSpans", traceId);
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

/** What a person thinks of a trace or a span, or what should have come out of it. */
export interface Annotation extends Feedback {
  readonly kind: Assessment["kind"];
  readonly spanId?: string;
  readonly name?: string;
}

export async function annotate({ kind, ...said }: Annotation): Promise<Assessment> {
  const { traces } = rivulet;
  const input = { source: "human", ...said } as const;
  const assessment = await (kind === "feedback"
    ? traces.logFeedback(input)
    : traces.logExpectation(input));
  await refresh("assessment");
  return assessment;
}

/** Names that feedback and expectations have. */
export function askAssessmentNames(): Question<TraceKeys> {
  return ask({ subject: "assessment" }, "traces.keys", {});
}

export async function deleteAssessment(id: string): Promise<void> {
  await rivulet.traces.deleteAssessment(id);
  await refresh("assessment");
}

/** The tags that a trace has by now. */
export async function loadTraceTags(id: string): Promise<StringMap> {
  return (await rivulet.traces.get(id)).tags;
}

/**
 * Gives a trace other tags: only what differs is written.
 *
 * @throws RivuletError `conflict` when a tag that is to be changed is no longer what it was before
 */
export async function tagTrace(id: string, before: StringMap, after: StringMap): Promise<void> {
  const tags = Object.entries(after).filter(([key, value]) => before[key] !== value);
  const removeTags = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const now = await loadTraceTags(id);
  const changed = [...tags.map(([key]) => key), ...removeTags];
  if (changed.some((key) => now[key] !== before[key] && now[key] !== after[key]))
    throw new RivuletError("conflict", "Somebody has changed these tags meanwhile.");
  await rivulet.traces.update(id, { tags: Object.fromEntries(tags), removeTags });
  await refresh("trace", [id]);
}

export async function deleteTrace(id: string): Promise<void> {
  await rivulet.traces.delete([id]);
  await refreshLists("trace");
}
