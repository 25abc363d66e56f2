import * as z from "zod";

/** MLflow's stages of a model version, but for `None`, which is the absence of one. */
export type ModelStage = "staging" | "production" | "archived";

/** Every {@link ModelStage}. */
export const MODEL_STAGES: readonly ModelStage[] = ["staging", "production", "archived"];

/** Schema of {@link ModelStage}. */
export const modelStageSchema: z.ZodType<ModelStage> = z.enum(
  ["staging", "production", "archived"],
  "must be staging, production or archived",
);

/**
 * Reads a stage in any case; `none` gives `null`.
 *
 * @returns `undefined` for what is no stage
 */
export function readStage(text: string): ModelStage | null | undefined {
  const word = text.toLowerCase();
  return word === "none" ? null : MODEL_STAGES.find((stage) => stage === word);
}
