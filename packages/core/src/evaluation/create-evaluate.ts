import type { Context } from "../context.ts";
import type { Datasets } from "../datasets/datasets.ts";
import { RivuletError } from "../errors.ts";
import type { Rivulet } from "../rivulet.ts";
import type { Traces } from "../tracing/traces.ts";
import type { Tracing } from "../tracing/tracing.ts";
import type { Experiments } from "../tracking/experiments.ts";
import type { Runs } from "../tracking/runs.ts";

/** What evaluating works with. */
export interface EvaluatePieces {
  readonly tracing: Tracing;
  readonly experiments: Experiments;
  readonly runs: Runs;
  readonly traces: Traces;
  readonly datasets: Datasets;
}

/** PLACEHOLDER until the evaluation engineer's file replaces it. */
export function createEvaluate(_context: Context, _pieces: EvaluatePieces): Rivulet["evaluate"] {
  return () => Promise.reject(new RivuletError("unsupported", "evaluate() is being written."));
}
