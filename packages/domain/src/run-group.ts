import * as z from "zod";
import { namedNumberSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";
import { recordSchema } from "./record-schema.ts";

/** The latest values of a metric in the runs of a group; those that are no finite numbers are left out. */
export interface GroupedMetric {
  /** How many runs have a value. */
  readonly count: number;
  /** The sum of the values by their count. */
  readonly mean: number;
  /** The least value. */
  readonly min: number;
  /** The greatest value. */
  readonly max: number;
  /** The least or the greatest, as the experiments that are searched declare the metric; absent where they do not. */
  readonly best?: number;
}

/** Runs that have the same value of a field. */
export interface RunGroup {
  /** As filters take it: `params.lr = 'value'`. */
  readonly value: string;
  /** How many runs have it. */
  readonly count: number;
  /** The metrics that were asked for, by their keys; without those that no run of the group has. */
  readonly metrics: Readonly<Record<string, GroupedMetric>>;
}

/** Schema of {@link RunGroup}. */
export const runGroupSchema: z.ZodType<RunGroup> = objectSchema(() => ({
  value: z.string(),
  count: z.number().int(),
  metrics: recordSchema(
    z.string(),
    z.object({
      count: z.number().int(),
      mean: namedNumberSchema,
      min: namedNumberSchema,
      max: namedNumberSchema,
      best: namedNumberSchema.exactOptional(),
    }),
  ),
}));
