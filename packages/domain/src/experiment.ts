import * as z from "zod";
import { type StringMap, stringMapSchema } from "./json.ts";
import { type LifecycleStage, lifecycleStageSchema } from "./page.ts";

/** A named set of runs and traces. */
export interface Experiment {
  /** Digits; `"0"` is `Default`. */
  readonly id: string;
  readonly name: string;
  readonly lifecycleStage: LifecycleStage;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: StringMap;
}

/** The experiment that is always there. */
export const DEFAULT_EXPERIMENT_ID = "0";

/** Schema of {@link Experiment}. */
export const experimentSchema: z.ZodType<Experiment> = z.object({
  id: z.string(),
  name: z.string(),
  lifecycleStage: lifecycleStageSchema,
  createdAt: z.number(),
  updatedAt: z.number(),
  tags: stringMapSchema,
});
