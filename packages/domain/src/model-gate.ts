import * as z from "zod";
import { type ModelStage, modelStageSchema } from "./model-stage.ts";
import { objectSchema } from "./object-schema.ts";

/** What a version of a model needs before an alias may point at it, or before it enters a stage. */
export interface ModelGate {
  /** The alias that it guards. Either this or `stage`. */
  readonly alias?: string;
  /** The stage that it guards. Either this or `alias`. */
  readonly stage?: ModelStage;
  /**
   * A filter over the version, such as `metrics.accuracy >= 0.95 AND tags.reviewed = 'yes'`; or what its evaluation must
   * say.
   */
  readonly requires: string | EvaluationRequirement;
}

/**
 * What the evaluation of a version must say. It is the evaluation whose id is in the version's tag `evaluationId`, or
 * that its run is.
 */
export interface EvaluationRequirement {
  /** Name of the score. */
  readonly score: string;
  /** The least mean. @default any */
  readonly atLeast?: number;
  /**
   * What the comparison with the evaluation of the version that is there now must come to; met where none is there.
   * `not_worse`: `better` or `noise`. @default any
   */
  readonly verdict?: "better" | "not_worse";
}

/** Whether a version meets a gate. */
export interface GateCheck {
  /** The gate. */
  readonly gate: ModelGate;
  /** Whether the version has what is required. */
  readonly passes: boolean;
  /** What is required, such as `metrics.accuracy >= 0.95`. */
  readonly required: string;
  /** What the version has of it, such as `metrics.accuracy = 0.9`. */
  readonly found: string;
}

/** Schema of {@link EvaluationRequirement}. */
export const evaluationRequirementSchema: z.ZodType<EvaluationRequirement> = objectSchema(() => ({
  score: z.string(),
  atLeast: z.number().exactOptional(),
  verdict: z.enum(["better", "not_worse"]).exactOptional(),
}));

/** Schema of {@link ModelGate}. */
export const modelGateSchema: z.ZodType<ModelGate> = objectSchema(() => ({
  alias: z.string().exactOptional(),
  stage: modelStageSchema.exactOptional(),
  requires: z.union([z.string(), evaluationRequirementSchema]),
}));

/** Schema of {@link GateCheck}. */
export const gateCheckSchema: z.ZodType<GateCheck> = objectSchema(() => ({
  gate: modelGateSchema,
  passes: z.boolean(),
  required: z.string(),
  found: z.string(),
}));
