import * as z from "zod";
import { type Better, betterSchema } from "./better.ts";
import { namedNumberSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";
import { type RunStatus, runStatusSchema } from "./run.ts";

/** A child run with its value of a metric. */
export interface RankedChild {
  /** 32 hex digits. */
  readonly runId: string;
  /** The run's name. */
  readonly name: string;
  /** Its latest value of the metric. */
  readonly value: number;
}

/** What the children of a run have come to in one metric: by the latest value of each. */
export interface ChildMetric {
  /** Name of the metric. */
  readonly key: string;
  /** How many children count: those that have not failed and were not killed, and whose value is a finite number. */
  readonly count: number;
  /** Children that have a value, but failed or were killed. */
  readonly failed: number;
  /** Others whose value is NaN or infinite. */
  readonly diverged: number;
  /** The mean of the values that count. Absent, as the four below, when none counts. */
  readonly mean?: number;
  /** The value in the middle; of an even number, the mean of the two in the middle. */
  readonly median?: number;
  /** The child with the least value; of several, the one that started first. */
  readonly least?: RankedChild;
  /** The child with the greatest value; of several, the one that started first. */
  readonly greatest?: RankedChild;
  /** Which way the metric improves, as the experiment of the run says; absent when it does not say. */
  readonly better?: Better;
  /** The best child; absent when `better` is. */
  readonly best?: RankedChild;
}

/** The children of a run in one line: the runs that are nested in it directly, without deleted ones. */
export interface ChildSummary {
  /** The run whose children these are. */
  readonly runId: string;
  /** How many they are. */
  readonly count: number;
  /** How many of them have each status; without those that none has. */
  readonly statuses: Readonly<Partial<Record<RunStatus, number>>>;
  /** The metrics that were asked for, in that order; without those that no child has. */
  readonly metrics: readonly ChildMetric[];
}

const rankedChildSchema: z.ZodType<RankedChild> = objectSchema(() => ({
  runId: z.string(),
  name: z.string(),
  value: z.number(),
}));

const childMetricSchema: z.ZodType<ChildMetric> = objectSchema(() => ({
  key: z.string(),
  count: z.number().int(),
  failed: z.number().int(),
  diverged: z.number().int(),
  mean: namedNumberSchema.exactOptional(),
  median: namedNumberSchema.exactOptional(),
  least: rankedChildSchema.exactOptional(),
  greatest: rankedChildSchema.exactOptional(),
  better: betterSchema.exactOptional(),
  best: rankedChildSchema.exactOptional(),
}));

/** Schema of {@link ChildSummary}. */
export const childSummarySchema: z.ZodType<ChildSummary> = objectSchema(() => ({
  runId: z.string(),
  count: z.number().int(),
  statuses: z.partialRecord(runStatusSchema as z.ZodEnum, z.number().int()),
  metrics: z.array(childMetricSchema),
}));
