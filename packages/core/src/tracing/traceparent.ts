import type { SpanParent } from "./tracing.ts";

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);

/**
 * The span that a W3C `traceparent` header names, to be the `parent` of a span here; `undefined` for
 * anything that is no valid header.
 */
export function parseTraceparent(header: string | null | undefined): SpanParent | undefined {
  const match = TRACEPARENT.exec(header?.trim() ?? "");
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
