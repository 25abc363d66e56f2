import type { ActiveSpan, Rivulet } from "@rivulet/core";
import type { OtelSpan } from "../normalize/otel-span.ts";
import type { PlacedSpan } from "../record-spans.ts";
import type { SdkSpan } from "./ended-span.ts";
import { type LiveSpan, OtelActiveSpan, type Place } from "./otel-active-span.ts";

/** What is used of `trace` of `@opentelemetry/api`. */
export interface OtelTraceApi {
  /** The span that is active in OpenTelemetry's context. */
  getActiveSpan(): LiveSpan | undefined;
}

/** One tree of the spans of OpenTelemetry and of ours. */
export interface JoinedContext {
  /** A span of OpenTelemetry has started: finds its place. */
  started(span: SdkSpan): void;
  /** The span with the place that it has among ours. */
  placed(span: OtelSpan): PlacedSpan;
}

/** Spans whose place is remembered; of more the oldest are forgotten. */
const MAX_PLACES = 50_000;

/**
 * Joins the two contexts: spans of ours that start while one of OpenTelemetry is active hang under it, spans of
 * OpenTelemetry that start while one of ours is active hang under that one, and the innermost counts.
 */
export function joinContexts(
  rivulet: Rivulet,
  api: OtelTraceApi,
  experiment: string | undefined,
): JoinedContext {
  const places = new Map<string, Place>();
  const views = new WeakMap<LiveSpan, OtelActiveSpan>();

  function viewOf(span: LiveSpan): ActiveSpan | undefined {
    const known = views.get(span);
    if (known !== undefined) return known;
    // Spans of other processes, and those that nobody records, are not told to the processor.
    const place = places.get(span.spanContext().spanId);
    if (place === undefined) return undefined;
    const view = new OtelActiveSpan(span, place);
    views.set(span, view);
    return view;
  }

  const entered = rivulet.joinContext({
    current: () => api.getActiveSpan(),
    spanOf: (work) => viewOf(work as LiveSpan),
  });

  /** The span of ours that is nearer than the one that OpenTelemetry names. */
  function nearer(parentId: string | undefined): ActiveSpan | undefined {
    if (parentId === undefined) {
      // With one active it is a root because the app says so.
      return api.getActiveSpan() === undefined ? liveOf(rivulet.activeSpan()) : undefined;
    }
    const { span, within } = entered() ?? {};
    const isInside = (within as LiveSpan | undefined)?.spanContext().spanId === parentId;
    return isInside ? liveOf(span) : ownWithin(rivulet, parentId);
  }

  return {
    started(span) {
      const { traceId, spanId } = span.spanContext();
      const parentId = span.parentSpanContext?.spanId ?? span.parentSpanId;
      const above = nearer(parentId);
      const outer = parentId === undefined ? undefined : places.get(parentId);
      const place =
        above === undefined
          ? { experiment, above: undefined, traceId, ...outer, parentId }
          : {
              traceId: above.traceId,
              parentId: above.id,
              above,
              experiment: above.experimentId || experiment,
            };
      places.set(spanId, place);
      const [oldest] = places.size > MAX_PLACES ? places.keys() : [];
      if (oldest !== undefined) places.delete(oldest);
    },
    placed(span) {
      const place = places.get(span.spanId);
      if (place === undefined) return span;
      const { traceId, parentId, experiment: name } = place;
      return { ...span, traceId, parentSpanId: parentId, experiment: name };
    },
  };
}

/** The active span of ours, such as that of another library's work, if it is inside the one that is named. */
function ownWithin(rivulet: Rivulet, parentId: string): ActiveSpan | undefined {
  const active = liveOf(rivulet.activeSpan());
  if (active === undefined || active instanceof OtelActiveSpan) return undefined;
  return active.isWithin({ traceId: active.traceId, id: parentId }) ? active : undefined;
}

function liveOf(span: ActiveSpan | undefined): ActiveSpan | undefined {
  return span === undefined || span.ended ? undefined : span;
}
