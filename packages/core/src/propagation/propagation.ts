import type { ActiveSpan, SpanParent, StartSpanOptions, TraceFields } from "../tracing/tracing.ts";
import type { TraceCarrier } from "./carrier.ts";
import type { TraceState } from "./tracestate.ts";

/** Carries a trace from one service to the next. */
export interface Propagation {
  /**
   * Runs `work` with these facts for the trace that is active, and for each that begins in it. With `propagate` they
   * also go to the services that are called, in the `baggage` header, `metadata` excepted.
   */
  withTrace<T>(fields: SharedTraceFields, work: () => T): T;
  /**
   * What the next service needs to go on with the trace: headers for HTTP or a queue, `_meta` for MCP. Empty when no
   * span is active. A `tracestate` that came with the trace is among them. Never throws.
   */
  traceHeaders(options?: TraceHeadersOptions): Record<string, string>;
  /**
   * Runs `work` in a span that goes on with the trace which another service began, or in a trace of its own when the
   * carrier names none; the span that is active here does not count. Session, user and tags that came along are those
   * of the trace. As `withSpan` in all else.
   *
   * @param name the span's name, or it together with how the span starts
   */
  continueTrace<T>(
    carrier: TraceCarrier,
    name: string | ContinuedSpanOptions,
    work: (span: ActiveSpan) => T,
  ): T;
  /** The `fetch` that is given, with the headers of the active trace in each request that has none yet. */
  tracedFetch<F extends FetchLike>(fetch: F, options?: TracedFetchOptions): F;
}

/** What a trace is about, and whether other services learn of it. */
export interface SharedTraceFields extends TraceFields {
  /** Whether the services that are called learn session, user and tags too. @default false */
  readonly propagate?: boolean;
  /** Which version a prompt split gives, here and in the services that are called. @default the session, else the trace */
  readonly promptKey?: string;
}

/** What holds for the code of one trace. */
export interface ActiveTrace extends SharedTraceFields {
  /** What came along with the trace and goes on with it. */
  readonly state?: TraceState | undefined;
}

/** Options of {@link Propagation.traceHeaders}. */
export interface TraceHeadersOptions {
  /** What the next service's spans hang under. @default the active span */
  readonly span?: SpanParent | undefined;
}

/** How a span starts that goes on with a trace. */
export interface ContinuedSpanOptions extends Omit<StartSpanOptions, "parent"> {
  /** The span's name. */
  readonly name: string;
  /** `false`: session, user and tags that came along are ignored, such as a stranger's. @default true */
  readonly baggage?: boolean;
}

/** Any `fetch`: that of the platform, undici's, or a wrapper of one. */
export type FetchLike = (input: never, init?: never) => Promise<unknown>;

/** Options of {@link Propagation.tracedFetch}. */
export interface TracedFetchOptions {
  /** Which addresses get the headers. @default all */
  readonly to?: (url: URL) => boolean;
}
