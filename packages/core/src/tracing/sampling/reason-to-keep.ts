import type { TracingOptions } from "../tracing-options.ts";
import { isDrawn } from "./draw.ts";
import { drawnId } from "./head-sampler.ts";
import { createNamePattern } from "./name-pattern.ts";
import type { KeepReason, TailSamplingOptions } from "./sampling-options.ts";
import type { UndecidedTrace } from "./undecided-trace.ts";

/** Why a trace is kept, by what is known of it. */
export interface ReasonsToKeep {
  /** A reason that no later news can take away; `undefined` as long as there is none. */
  certain(trace: UndecidedTrace): KeepReason | undefined;
  /** The reason once the trace is over; `undefined`: it is dropped. */
  final(trace: UndecidedTrace): KeepReason | undefined;
  /** Whether feedback of this value is a reason. */
  isLow(value: unknown): boolean;
}

/** Makes the {@link ReasonsToKeep} that the options say. */
export function createReasonsToKeep(
  { errors = true, slowerThanMs, scoresBelow, names = [], rate = 0 }: TailSamplingOptions,
  sampleBy: TracingOptions["sampleBy"],
): ReasonsToKeep {
  const patterns = names.map(createNamePattern);

  function certain(trace: UndecidedTrace): KeepReason | undefined {
    if (trace.runId !== undefined) return "run";
    if (errors && trace.hasFailed) return "error";
    if (trace.hasLowScore) return "score";
    return trace.isAbandoned ? "undecided" : undefined;
  }

  function atEnd(trace: UndecidedTrace): KeepReason | undefined {
    const { name, durationMs } = trace;
    if (durationMs === undefined) return "undecided";
    if (slowerThanMs !== undefined && durationMs > slowerThanMs) return "slow";
    if (name !== undefined && patterns.some((fits) => fits(name))) return "name";
    return isDrawn(drawnId(trace, sampleBy), rate) ? "rate" : undefined;
  }

  return {
    certain,
    final: (trace) => certain(trace) ?? atEnd(trace),
    isLow(value) {
      const isScore = typeof value === "number" || typeof value === "boolean";
      return isScore && scoresBelow !== undefined && Number(value) < scoresBelow;
    },
  };
}
