import type { SpanParent } from "../tracing/tracing.ts";
import { type HeadersLike, readCarrier, textOf } from "./carrier.ts";

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);

/** A header as frameworks give it: its value, or all headers. */
export type HeaderValue = string | readonly string[] | Uint8Array | HeadersLike | null | undefined;

/**
 * The span that a W3C `traceparent` header names, to be the `parent` of a span here; `undefined` for
 * anything that is no valid header. Takes the header's value, or `Headers`, in which it looks for it.
 */
export function parseTraceparent(header: HeaderValue): SpanParent | undefined {
  const text = textOf(header) ?? readCarrier(header as HeadersLike, "traceparent");
  const match = TRACEPARENT.exec(text?.trim() ?? "");
  const [, version, traceId, id, flags, rest] = match ?? [];
  if (traceId === undefined || id === undefined || flags === undefined) return undefined;
  if (traceId === NO_TRACE || id === NO_SPAN) return undefined;
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  return { traceId, id, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The W3C `traceparent` header that tells another service of this span. */
export function formatTraceparent(span: SpanParent): string {
  return `00-${span.traceId}-${span.id}-${span.sampled === false ? "00" : "01"}`;
}
