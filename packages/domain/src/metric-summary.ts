import * as z from "zod";
import { namedNumberSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";

/** All points of a metric of a run, summed up. */
export interface MetricSummary {
  /** The run. */
  readonly runId: string;
  /** Name of the metric. */
  readonly key: string;
  /** How many different points there are. */
  readonly count: number;
  /** The value of the highest step, then of the latest timestamp, then the greatest. */
  readonly last: number;
  /** The step of that value. */
  readonly lastStep: number;
  /** When that was, in milliseconds since the epoch. */
  readonly lastTimestamp: number;
  /** The value of the lowest step, then of the earliest timestamp. */
  readonly first: number;
  /** The step of that value. */
  readonly firstStep: number;
  /** The least value; absent where all are NaN. */
  readonly min?: number;
  /** The greatest value; absent where all are NaN. */
  readonly max?: number;
  /** `min` or `max`, as the run's experiment declares the metric; absent where it does not. */
  readonly best?: number;
}

/** Schema of {@link MetricSummary}. */
export const metricSummarySchema: z.ZodType<MetricSummary> = objectSchema(() => ({
  runId: z.string(),
  key: z.string(),
  count: z.number().int(),
  last: namedNumberSchema,
  lastStep: z.number().int(),
  lastTimestamp: z.number(),
  first: namedNumberSchema,
  firstStep: z.number().int(),
  min: namedNumberSchema.exactOptional(),
  max: namedNumberSchema.exactOptional(),
  best: namedNumberSchema.exactOptional(),
}));
