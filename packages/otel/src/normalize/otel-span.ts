/** What an attribute of OpenTelemetry holds, as JavaScript has it. Whole numbers that JavaScript rounds are text. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by name. */
export type OtelAttributes = Readonly<Record<string, AttributeValue | undefined>>;

/** A span as OpenTelemetry has it, whichever way it came. */
export interface OtelSpan {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** The span above. @default it is a root */
  readonly parentSpanId?: string | undefined;
  /** What the instrumentation calls it. */
  readonly name: string;
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. @default 0 */
  readonly kind?: number | undefined;
  /** Nanoseconds since the epoch. */
  readonly startTime: bigint;
  /** Nanoseconds since the epoch. */
  readonly endTime: bigint;
  /** Details of the span. */
  readonly attributes: OtelAttributes;
  /** What happened inside it. */
  readonly events?: readonly OtelEvent[] | undefined;
  /** Spans that it follows from. */
  readonly links?: readonly OtelLink[] | undefined;
  /** How it ended. @default unset */
  readonly status?: OtelStatus | undefined;
  /** The `tracestate` header that came with the trace. */
  readonly traceState?: string | undefined;
  /** Who made it. */
  readonly scope?: OtelScope | undefined;
  /** The service that it ran in. */
  readonly resource?: OtelAttributes | undefined;
  /** Attributes, events and links that its SDK had no room for. */
  readonly droppedCount?: number | undefined;
}

/** Something that happened inside a span. */
export interface OtelEvent {
  /** What happened. */
  readonly name: string;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  /** Details of the event. */
  readonly attributes?: OtelAttributes | undefined;
}

/** A span of any trace that another one follows from. */
export interface OtelLink {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** Details of the link. */
  readonly attributes?: OtelAttributes | undefined;
}

/** How a span ended. */
export interface OtelStatus {
  /** 0 unset, 1 ok, 2 error. */
  readonly code?: number | undefined;
  /** Why it is an error. */
  readonly message?: string | undefined;
}

/** The library that made a span: its instrumentation. */
export interface OtelScope {
  /** Such as `openinference.instrumentation.openai`. */
  readonly name?: string | undefined;
  /** Of the library. */
  readonly version?: string | undefined;
  /** What else is known of the library. */
  readonly attributes?: OtelAttributes | undefined;
}
