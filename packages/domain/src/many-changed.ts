import * as z from "zod";
import { objectSchema } from "./object-schema.ts";

/** What became of a change to many records: those that could be changed are, all at once. */
export interface ManyChanged {
  /** Ids of those that were changed, in the order in which they were given. */
  readonly changed: readonly string[];
  /** Those that were left as they are. */
  readonly failed: readonly FailedChange[];
}

/** Why one of many records was not changed. */
export interface FailedChange {
  /** Id of the record. */
  readonly id: string;
  /** As a change of it alone would have failed. */
  readonly code: "not_found" | "conflict";
  /** For people to read. */
  readonly message: string;
}

/** Schema of {@link FailedChange}. */
export const failedChangeSchema: z.ZodType<FailedChange> = objectSchema(() => ({
  id: z.string(),
  code: z.enum(["not_found", "conflict"]),
  message: z.string(),
}));

/** Schema of {@link ManyChanged}. */
export const manyChangedSchema: z.ZodType<ManyChanged> = objectSchema(() => ({
  changed: z.array(z.string()),
  failed: z.array(failedChangeSchema),
}));
