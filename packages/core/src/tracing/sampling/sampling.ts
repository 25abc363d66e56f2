import { LRUCache } from "lru-cache";
import type { Context } from "../../context.ts";
import type { TracingOptions } from "../tracing-options.ts";
import { createHeadSampler, type TraceBeginning } from "./head-sampler.ts";
import { createLeftOutTraces } from "./left-out.ts";
import type { SamplingStats } from "./sampling-options.ts";
import { directSink, type SpanSink } from "./span-sink.ts";
import { TailSampler } from "./tail-sampler.ts";

/** Decides which traces of a client are recorded, and which of these are kept. */
export interface Sampling {
  /** Where records of spans go. */
  readonly sink: SpanSink;
  /** Whether a trace is recorded that begins here. */
  isSampled(trace: TraceBeginning): boolean;
  /** Whether a trace is recorded whose spans come from elsewhere: as its spans here were, if there are some. */
  isTaken(traceId: string): boolean;
  /** The service that began a trace records it. */
  follow(traceId: string): void;
  /** The service that began a trace does not record it. */
  leaveOut(traceId: string): void;
  /** Whether the trace is known to have been left out. */
  isLeftOut(traceId: string): boolean;
  stats(): SamplingStats;
}

/** Most recorded traces that are remembered, so that spans from elsewhere join them. */
const MAX_REMEMBERED = 10_000;

type SamplingContext = Pick<Context, "journal" | "store" | "now" | "reportError">;

/** Makes the {@link Sampling} of a client. */
export function createSampling(
  context: SamplingContext,
  options: TracingOptions & { readonly abandonAfterMs: number },
): Sampling {
  const { tailSampling, sampleBy, abandonAfterMs } = options;
  const leftOut = createLeftOutTraces();
  const isDrawn = createHeadSampler(options);
  const sink =
    tailSampling === undefined
      ? directSink(context.journal)
      : new TailSampler({ ...context, options: tailSampling, sampleBy, leftOut, abandonAfterMs });
  const recorded = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  const areAllRecorded = options.sampleRate === undefined || options.sampleRate === 1;
  let unsampledTraces = 0;

  function leaveOut(traceId: string): void {
    if (leftOut.note(traceId)) unsampledTraces += 1;
  }

  function follow(traceId: string): void {
    if (!areAllRecorded) recorded.set(traceId, true);
  }

  function isSampled(trace: TraceBeginning): boolean {
    const isSampled = isDrawn(trace);
    if (isSampled) follow(trace.traceId);
    else leaveOut(trace.traceId);
    return isSampled;
  }

  return Object.freeze<Sampling>({
    sink,
    isSampled,
    isTaken: (traceId) =>
      recorded.has(traceId) || (!leftOut.has(traceId) && isSampled({ traceId })),
    follow,
    leaveOut,
    isLeftOut: leftOut.has,
    stats: () => ({ unsampledTraces, ...sink.stats() }),
  });
}
