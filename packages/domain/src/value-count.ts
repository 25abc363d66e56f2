import * as z from "zod";
import { objectSchema } from "./object-schema.ts";

/** A value of a field, and how many have it. */
export interface ValueCount {
  /** As filters take it: `tags.team = 'value'`. */
  readonly value: string;
  /** How many traces, or runs, have it. */
  readonly count: number;
}

/** Schema of {@link ValueCount}. */
export const valueCountSchema: z.ZodType<ValueCount> = objectSchema(() => ({
  value: z.string(),
  count: z.number().int(),
}));
