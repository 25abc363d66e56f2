import * as z from "zod";
import { type FailedChange, failedChangeSchema } from "./many-changed.ts";
import { objectSchema } from "./object-schema.ts";

/** What was removed for good. */
export interface Purged {
  /** How many were removed, or would be. */
  readonly count: number;
  /** Those that were to be removed and were not, with the reason: the first 1,000. */
  readonly kept: readonly FailedChange[];
}

/** What was removed for good with experiments. */
export interface PurgedExperiments extends Purged {
  /** How many of their runs, or would be. */
  readonly runs: number;
  /** How many of their traces, or would be. */
  readonly traces: number;
}

const fields = () => ({ count: z.number().int(), kept: z.array(failedChangeSchema) });

/** Schema of {@link Purged}. */
export const purgedSchema: z.ZodType<Purged> = objectSchema(fields);

/** Schema of {@link PurgedExperiments}. */
export const purgedExperimentsSchema: z.ZodType<PurgedExperiments> = objectSchema(() => ({
  ...fields(),
  runs: z.number().int(),
  traces: z.number().int(),
}));
