import type {
  AttributeValue,
  OtelAttributes,
  OtelScope,
  OtelSpan,
} from "../normalize/otel-span.ts";

/** Seconds and nanoseconds since the epoch, as the SDKs of OpenTelemetry have them. */
export type HrTime = readonly [number, number] | [number, number];

/** Ids of a span, as the SDKs have them. */
export interface SdkSpanContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
}

/** What is used of a span of an SDK, of any version from 1 on. */
export interface SdkSpan {
  /** What it is called. */
  readonly name: string;
  /** 0 internal, 1 server, 2 client, 3 producer, 4 consumer: one less than in OTLP. */
  readonly kind: number;
  /** Its ids. */
  spanContext(): SdkSpanContext;
  /** The span above, from version 2 on. */
  readonly parentSpanContext?: SdkSpanContext | undefined;
  /** The span above, in version 1. */
  readonly parentSpanId?: string | undefined;
  /** When it started. */
  readonly startTime: HrTime;
  /** When it ended. */
  readonly endTime: HrTime;
  /** How it ended. */
  readonly status: SdkStatus;
  /** Details of the span. */
  readonly attributes: object;
  /** What happened inside it. */
  readonly events: readonly SdkEvent[];
  /** Spans that it follows from. */
  readonly links: readonly SdkLink[];
  /** The service that it ran in. */
  readonly resource: SdkResource;
  /** The library that made it, from version 2 on. */
  readonly instrumentationScope?: SdkScope | undefined;
  /** The library that made it, in version 1. */
  readonly instrumentationLibrary?: SdkScope | undefined;
}

/** How a span ended. */
export interface SdkStatus {
  /** 0 unset, 1 ok, 2 error. */
  readonly code: number;
  /** Why it is an error. */
  readonly message?: string | undefined;
}

/** Something that happened inside a span. */
export interface SdkEvent {
  /** What happened. */
  readonly name: string;
  /** When it happened. */
  readonly time: HrTime;
  /** Details of the event. */
  readonly attributes?: object | undefined;
}

/** A span of any trace that another one follows from. */
export interface SdkLink {
  /** Its ids. */
  readonly context: SdkSpanContext;
  /** Details of the link. */
  readonly attributes?: object | undefined;
}

/** A service. */
export interface SdkResource {
  /** Such as its name. */
  readonly attributes: object;
}

/** The library that made a span. */
export interface SdkScope {
  /** Such as `openinference.instrumentation.openai`. */
  readonly name: string;
  /** Of the library. */
  readonly version?: string | undefined;
  /** What else is known of the library. */
  readonly attributes?: object | undefined;
}

/** A span of an SDK as all others are. */
export function toOtelSpan(span: SdkSpan): OtelSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? span.parentSpanId,
    name: span.name,
    kind: span.kind + 1,
    startTime: nanosecondsOf(span.startTime),
    endTime: nanosecondsOf(span.endTime),
    attributes: attributesOf(span.attributes),
    events: span.events.map(({ name, time, attributes }) => ({
      name,
      time: nanosecondsOf(time),
      ...(isEmpty(attributes) ? {} : { attributes: attributesOf(attributes) }),
    })),
    links: span.links.map(({ context, attributes }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      ...(isEmpty(attributes) ? {} : { attributes: attributesOf(attributes) }),
    })),
    status: span.status,
    scope: scopeOf(span.instrumentationScope ?? span.instrumentationLibrary),
    resource: attributesOf(span.resource.attributes),
  };
}

function scopeOf(scope: SdkScope | undefined): OtelScope | undefined {
  if (scope === undefined || isEmpty(scope.attributes)) return scope as OtelScope | undefined;
  return { ...scope, attributes: attributesOf(scope.attributes) };
}

function nanosecondsOf([seconds, nanoseconds]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(Math.round(nanoseconds));
}

/** The SDKs let only such values in; a resource may have promises of some. */
function attributesOf(attributes: object | undefined): OtelAttributes {
  return (attributes ?? {}) as Record<string, AttributeValue>;
}

function isEmpty(attributes: object | undefined): boolean {
  return attributes === undefined || Object.keys(attributes).length === 0;
}
