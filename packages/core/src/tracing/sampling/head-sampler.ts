import { hash } from "node:crypto";
import type { TracingOptions } from "../tracing-options.ts";
import { isDrawn } from "./draw.ts";
import { createNamePattern } from "./name-pattern.ts";
import type { SampleRate } from "./sampling-options.ts";

/** What is known of a trace when it begins. */
export interface TraceBeginning {
  readonly traceId: string;
  /** @default any */
  readonly name?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Traces of a run are always recorded. */
  readonly runId?: string | undefined;
}

/** Decides whether a trace is recorded. */
export type IsSampled = (trace: TraceBeginning) => boolean;

/** Makes the {@link IsSampled} of a client. */
export function createHeadSampler({
  enabled = true,
  sampleRate = 1,
  sampleBy = "trace",
}: Pick<TracingOptions, "enabled" | "sampleRate" | "sampleBy">): IsSampled {
  if (!enabled) return () => false;
  if (sampleRate === 1) return () => true;
  const rateOf = createRates(sampleRate);
  return (trace) => {
    if (trace.runId !== undefined) return true;
    const rate = rateOf(trace.name);
    return rate >= 1 || (rate > 0 && isDrawn(drawnId(trace, sampleBy), rate));
  };
}

/** What is drawn by: the id of the trace, or one that all traces of a session have. */
export function drawnId(
  { traceId, sessionId }: Pick<TraceBeginning, "traceId" | "sessionId">,
  sampleBy: TracingOptions["sampleBy"],
): string {
  const isOfSession = sampleBy === "session" && sessionId !== undefined;
  return isOfSession ? hash("sha256", sessionId, "hex") : traceId;
}

function createRates(sampleRate: SampleRate): (name: string | undefined) => number {
  if (typeof sampleRate === "number") return () => sampleRate;
  const rates = Object.entries(sampleRate).map(([pattern, rate]) => ({
    fits: createNamePattern(pattern),
    rate,
  }));
  const ofAny = sampleRate["*"] ?? 1;
  return (name) => {
    if (name === undefined) return ofAny;
    return rates.find(({ fits }) => fits(name))?.rate ?? 1;
  };
}
