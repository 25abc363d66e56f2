import type { Context } from "../context.ts";
import type { ActiveSpan, SpanParent, Tracing } from "../tracing/tracing.ts";
import { formatBaggage, parseBaggage } from "./baggage.ts";
import { readCarrier, type TraceCarrier } from "./carrier.ts";
import { joinTraceFields } from "./join-trace-fields.ts";
import type {
  ActiveTrace,
  ContinuedSpanOptions,
  FetchLike,
  Propagation,
  SharedTraceFields,
  TracedFetchOptions,
  TraceHeadersOptions,
} from "./propagation.ts";
import { formatTraceparent, parseTraceparent } from "./traceparent.ts";
import { readTraceState, type TraceState } from "./tracestate.ts";

/** What {@link createPropagation} uses of the client. */
export type PropagationContext = Pick<Context, "activeTrace" | "reportError">;

/** For options that cannot be read. */
const UNNAMED: ContinuedSpanOptions = { name: "unnamed" };

/** Propagation for a client's tracing. */
export function createPropagation(context: PropagationContext, tracing: Tracing): Propagation {
  const { activeTrace, reportError } = context;

  /** What `read` gives; where what the app gave cannot be read, that is reported, and `otherwise` stands in for it. */
  function attempt<T>(read: () => T, otherwise: T): T {
    try {
      return read();
    } catch (error) {
      reportError(error);
      return otherwise;
    }
  }

  function withTrace<T>(given: SharedTraceFields, work: () => T): T {
    const fields = attempt<SharedTraceFields>(() => ({ ...given }), {});
    const { propagate, promptKey, ...said } = fields;
    tracing.activeSpan()?.setTrace(said);
    const outer = activeTrace.getStore();
    return activeTrace.run(
      attempt(() => joinTraceFields(outer, fields), outer ?? {}),
      work,
    );
  }

  function traceHeaders(given: TraceHeadersOptions = {}): Record<string, string> {
    const { span } = attempt<TraceHeadersOptions>(() => ({ ...given }), {});
    const above = span ?? tracing.activeSpan();
    const shared = activeTrace.getStore();
    const baggage =
      shared?.propagate === true ? attempt(() => formatBaggage(shared), undefined) : undefined;
    return {
      ...(above === undefined || isNowhere(above) ? {} : spanHeaders(above, shared?.state)),
      ...(baggage === undefined ? {} : { baggage }),
    };
  }

  function continueTrace<T>(
    carrier: TraceCarrier,
    name: string | ContinuedSpanOptions,
    work: (span: ActiveSpan) => T,
  ): T {
    const read = attempt(() => (typeof name === "string" ? { name } : { ...name }), UNNAMED);
    const { name: spanName, baggage = true, ...options } = read;
    const parent = parentIn(carrier, tracing.activeSpan());
    const came = baggage ? parseBaggage(readCarrier(carrier, "baggage")) : {};
    const state = parent && stateOf(carrier, parent.traceId, activeTrace.getStore());
    const shared = cameAlong(came, state);
    // What the caller of an in-process service says of its own traces is not said of this one.
    return activeTrace.run(shared, () => tracing.withSpan(spanName, work, { ...options, parent }));
  }

  return {
    withTrace,
    traceHeaders,
    continueTrace,
    tracedFetch(fetch, given = {}) {
      const options = attempt<TracedFetchOptions>(() => ({ ...given }), {});
      return traceFetch(fetch, { ...options, traceHeaders, reportError });
    },
  };
}

/** The ids of a client whose tracing is off. */
function isNowhere({ traceId }: SpanParent): boolean {
  return /^0*$/.test(traceId);
}

function spanHeaders(span: SpanParent, state: TraceState | undefined): Record<string, string> {
  const traceparent = formatTraceparent(span);
  return state?.traceId === span.traceId
    ? { traceparent, tracestate: state.header }
    : { traceparent };
}

/** What other vendors say of the trace: in the carrier, or, where it names a trace of this process, around the call. */
function stateOf(
  carrier: TraceCarrier,
  traceId: string,
  around: ActiveTrace | undefined,
): TraceState | undefined {
  const header = readTraceState(readCarrier(carrier, "tracestate"));
  if (header !== undefined) return { traceId, header };
  return around?.state?.traceId === traceId ? around.state : undefined;
}

/** What came goes on. */
function cameAlong(fields: SharedTraceFields, state: TraceState | null | undefined): ActiveTrace {
  const isEmpty = Object.keys(fields).length === 0;
  return { ...(isEmpty ? {} : { ...fields, propagate: true }), ...(state && { state }) };
}

/** The span that the carrier names: this process's own, where the caller is in it. */
function parentIn(carrier: TraceCarrier, active: ActiveSpan | undefined): SpanParent | null {
  const parent = parseTraceparent(readCarrier(carrier, "traceparent"));
  if (parent === undefined) return null;
  const isActive = parent.id === active?.id && parent.traceId === active.traceId;
  return isActive ? active : parent;
}

interface FetchParts extends TracedFetchOptions {
  readonly traceHeaders: () => Readonly<Record<string, string>>;
  readonly reportError: (error: unknown) => void;
}

type GivenHeaders = ConstructorParameters<typeof Headers>[0];
type PlainFetch = (
  input: string | URL | { readonly url: string; readonly headers?: GivenHeaders },
  init?: { readonly headers?: GivenHeaders },
) => Promise<unknown>;

function traceFetch<F extends FetchLike>(fetch: F, parts: FetchParts): F {
  const call = fetch as unknown as PlainFetch;
  const traced: PlainFetch = (input, init) => {
    const headers = headersFor(input, init, parts);
    return headers === undefined ? call(input, init) : call(input, { ...init, headers });
  };
  return traced as unknown as F;
}

/** `undefined` when nothing is to be added. Never throws: the request is made in any case. */
function headersFor(
  input: Parameters<PlainFetch>[0],
  init: Parameters<PlainFetch>[1],
  { to, traceHeaders, reportError }: FetchParts,
): Headers | undefined {
  try {
    const request = typeof input === "string" || input instanceof URL ? undefined : input;
    if (to?.(new URL(request?.url ?? String(input))) === false) return undefined;
    const added = Object.entries(traceHeaders());
    const headers = new Headers(init?.headers ?? request?.headers);
    if (added.length === 0 || headers.has("traceparent")) return undefined;
    for (const [name, value] of added) append(headers, name, value);
    return headers;
  } catch (error) {
    reportError(error);
    return undefined;
  }
}

/** Baggage of the app's own stays. */
function append(headers: Headers, name: string, value: string): void {
  if (name === "baggage") headers.append(name, value);
  else headers.set(name, value);
}
