import type { FinishedSpan, FinishedSpanEvent, JsonObject, TokenUsage } from "@rivulet/core";
import type { Body } from "./convention.ts";
import { conversationOf, type Side } from "./conversation.ts";
import type { OtelEvent, OtelSpan } from "./otel-span.ts";
import { SpanReader } from "./span-reader.ts";

const KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const;
const SERVER = 2;
const CONSUMER = 5;
const ERROR = 2;
/** What exceptions are called by which somebody stops the work. */
const ABORTS = /(?:^|\.)(?:AbortError|CancelledError|CanceledError|APIUserAbortError)$/;

/**
 * A span of OpenTelemetry as one of ours: what any convention says in its attributes becomes type, messages, model,
 * usage, cost, session, user, tags and the like. What no convention knows stays in the attributes. Never throws.
 */
export function normalizeSpan(span: OtelSpan): FinishedSpan {
  const reader = new SpanReader(span);
  const name = reader.first("name") ?? span.name;
  const facts = defined({
    parentId: parentOf(span),
    type: reader.type,
    input: bodyOf(reader, "input"),
    output: bodyOf(reader, "output"),
    ...modelOf(reader),
    cost: costOf(reader),
    firstTokenTime: firstTokenOf(reader),
    prompts: reader.first("prompts"),
    ...traceOf(reader),
    ...outcomeOf(reader),
  });
  return {
    traceId: span.traceId,
    id: span.spanId,
    name,
    ...timesOf(span),
    ...facts,
    attributes: attributesOf(reader, name),
    events: eventsOf(reader.otherEvents()),
  };
}

/** A span that names itself as the one above it is a root. */
function parentOf({ spanId, parentSpanId }: OtelSpan): string | undefined {
  if (parentSpanId === undefined || parentSpanId === "" || /^0+$/.test(parentSpanId))
    return undefined;
  return parentSpanId === spanId ? undefined : parentSpanId;
}

/** A time that is missing is the other one. */
function timesOf({ startTime, endTime }: OtelSpan): Pick<FinishedSpan, "startTime" | "endTime"> {
  return {
    startTime: millisecondsOf(startTime || endTime),
    endTime: millisecondsOf(endTime || startTime),
  };
}

/** To the microsecond, which is as exact as times are kept. */
function millisecondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000n) / 1_000;
}

function bodyOf(reader: SpanReader, side: "input" | "output"): unknown {
  const speaker: Side = side === "input" ? "user" : "assistant";
  const isModel = reader.type === "chat_model" || reader.type === "llm";
  const body = readBody(reader.first(side), isModel, speaker);
  const tools = isModel && side === "input" ? reader.first("tools") : undefined;
  if (body === undefined) return tools === undefined ? undefined : { tools };
  if (!("messages" in body)) return body.value;
  const { messages, others } = body;
  return tools === undefined ? { ...others, messages } : { ...others, messages, tools };
}

function readBody(body: Body | undefined, isModel: boolean, speaker: Side): Body | undefined {
  if (body === undefined || "messages" in body || !isModel) return body;
  return conversationOf(body.value, speaker) ?? body;
}

function modelOf(reader: SpanReader): Pick<FinishedSpan, "model" | "provider" | "usage"> {
  const { response, request } = reader.joined("model") ?? {};
  return defined({
    model: response ?? request,
    provider: reader.first("provider")?.toLowerCase(),
    usage: usageOf(reader),
  });
}

/** Embeddings have no output: all of it was read. */
function usageOf(reader: SpanReader): TokenUsage | undefined {
  const usage = reader.joined("usage");
  const isTotal = usage?.inputTokens === undefined && usage?.outputTokens === undefined;
  if (reader.type !== "embedding" || !isTotal || usage?.totalTokens === undefined) return usage;
  return { inputTokens: usage.totalTokens, ...usage };
}

/** More than any call costs: such a span would be refused as a whole. */
const MAX_COST = 1_000_000_000;

function costOf(reader: SpanReader): number | undefined {
  const cost = reader.first("cost");
  return cost === undefined || cost < 0 || cost > MAX_COST ? undefined : cost;
}

function firstTokenOf(reader: SpanReader): number | undefined {
  const time = reader.first("firstTokenTime");
  const isKnown = time !== undefined && time >= reader.span.startTime;
  return isKnown ? millisecondsOf(time) : undefined;
}

function traceOf(
  reader: SpanReader,
): Pick<FinishedSpan, "sessionId" | "userId" | "tags" | "metadata" | "experimentId"> {
  return defined({
    sessionId: reader.first("sessionId"),
    userId: reader.first("userId"),
    tags: reader.joined("tags"),
    metadata: reader.joined("metadata") as JsonObject | undefined,
    experimentId: reader.first("experimentId"),
  });
}

function outcomeOf(reader: SpanReader): Pick<FinishedSpan, "status" | "statusMessage"> {
  const { status } = reader.span;
  const told = reader.joined("outcome");
  const exception = reader.span.events?.findLast(({ name }) => name === "exception")?.attributes;
  if (told?.status !== undefined) {
    return defined({
      status: told.status,
      statusMessage: firstText(status?.message, told.message),
    });
  }
  const isError = status?.code === ERROR || told?.isError === true;
  if (!isError) return defined({ statusMessage: told?.message });
  const type = exception?.["exception.type"];
  const isAbort = typeof type === "string" && ABORTS.test(type);
  const message = firstText(status?.message, told?.message, exception?.["exception.message"], type);
  return defined({ status: isAbort ? "cancelled" : "error", statusMessage: message });
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === "string" && value !== "");
}

function attributesOf(reader: SpanReader, name: string): Readonly<Record<string, unknown>> {
  const { span } = reader;
  const { response, request } = reader.joined("model") ?? {};
  const { settings, details } = {
    settings: reader.joined("settings"),
    details: reader.joined("details"),
  };
  const requestModel = response === undefined || response === request ? undefined : request;
  return {
    ...reader.attributes.rest(),
    ...settings,
    ...details,
    ...defined({
      requestModel,
      "otel.name": name === span.name ? undefined : span.name,
      "otel.kind": (span.kind ?? 0) > 1 ? KINDS[span.kind ?? 0] : undefined,
      "otel.scope.name": span.scope?.name || undefined,
      "otel.scope.version": span.scope?.version || undefined,
      "otel.scope.attributes": filled(span.scope?.attributes),
      "otel.links": span.links?.length ? span.links : undefined,
      "otel.trace_state": span.traceState || undefined,
      "otel.dropped_count": span.droppedCount || undefined,
      "service.name": span.resource?.["service.name"],
      "otel.resource": resourceOf(span),
    }),
  };
}

/** What is known of a service besides its name: once for each part of a trace that it has, on the span that begins it. */
function resourceOf(span: OtelSpan): object | undefined {
  const isFirst = parentOf(span) === undefined || span.kind === SERVER || span.kind === CONSUMER;
  if (!isFirst || span.resource === undefined) return undefined;
  const { "service.name": _, ...others } = span.resource;
  return Object.keys(others).length === 0 ? undefined : others;
}

function eventsOf(events: readonly OtelEvent[]): readonly FinishedSpanEvent[] {
  return events.map(({ name, time, attributes }) => ({
    name,
    timestamp: millisecondsOf(time),
    ...(attributes === undefined ? {} : { attributes }),
  }));
}

function filled<T extends object>(fields: T | undefined): T | undefined {
  return fields === undefined || Object.keys(fields).length === 0 ? undefined : fields;
}

/** The object without the fields that are `undefined`. */
function defined<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  const kept: Partial<T> = {};
  for (const name in fields) {
    if (fields[name] !== undefined) kept[name] = fields[name];
  }
  return kept as T;
}
