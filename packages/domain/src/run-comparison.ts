import * as z from "zod";
import { type Better, betterSchema } from "./better.ts";
import { namedNumberSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";
import { type LifecycleStage, lifecycleStageSchema } from "./page.ts";
import { type RunStatus, runStatusSchema } from "./run.ts";

/** A run in a comparison, without its values. */
export interface ComparedRun {
  /** 32 hex digits. */
  readonly id: string;
  /** The experiment it belongs to. */
  readonly experimentId: string;
  /** That experiment's name. */
  readonly experimentName: string;
  /** For people to read. */
  readonly name: string;
  /** What it is doing, or how it ended. */
  readonly status: RunStatus;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  /** Milliseconds since the epoch; absent until it has ended. */
  readonly endTime?: number;
  /** Deleted runs are compared, too. */
  readonly lifecycleStage: LifecycleStage;
}

/** The values of one param or tag. */
export interface ComparedTexts {
  /** Name of the param or tag. */
  readonly key: string;
  /** One per run, in the order of the runs; `null` where a run has none. */
  readonly values: readonly (string | null)[];
  /** Whether not all runs have the same; to have none is different from all values. */
  readonly differs: boolean;
}

/** The latest values of one metric. */
export interface ComparedMetric {
  /** Name of the metric. */
  readonly key: string;
  /** One per run, in the order of the runs; `null` where a run has none. NaN and ±Infinity are values. */
  readonly values: readonly (number | null)[];
  /** Whether not all runs have the same; NaN is the same as NaN. */
  readonly differs: boolean;
  /** Which way it improves; absent when no experiment of these runs says so, or when two say different things. */
  readonly better?: Better;
  /** Ids of the runs with the best value; none where `better` is absent, or where all values are the same. */
  readonly best: readonly string[];
}

/** Runs side by side. Keys are sorted. */
export interface RunComparison {
  /** The runs, in the order in which they were asked for. */
  readonly runs: readonly ComparedRun[];
  /** One entry per param that any of them has. */
  readonly params: readonly ComparedTexts[];
  /** One entry per metric that any of them has. */
  readonly metrics: readonly ComparedMetric[];
  /** One entry per tag that any of them has. */
  readonly tags: readonly ComparedTexts[];
}

const comparedTextsSchema: z.ZodType<ComparedTexts> = objectSchema(() => ({
  key: z.string(),
  values: z.array(z.string().nullable()),
  differs: z.boolean(),
}));

/** Schema of {@link RunComparison}. */
export const runComparisonSchema: z.ZodType<RunComparison> = objectSchema(() => ({
  runs: z.array(
    z.object({
      id: z.string(),
      experimentId: z.string(),
      experimentName: z.string(),
      name: z.string(),
      status: runStatusSchema,
      startTime: z.number(),
      endTime: z.number().exactOptional(),
      lifecycleStage: lifecycleStageSchema,
    }),
  ),
  params: z.array(comparedTextsSchema),
  metrics: z.array(
    z.object({
      key: z.string(),
      values: z.array(namedNumberSchema.nullable()),
      differs: z.boolean(),
      better: betterSchema.exactOptional(),
      best: z.array(z.string()),
    }),
  ),
  tags: z.array(comparedTextsSchema),
}));
