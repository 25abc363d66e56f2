import * as z from "zod";
import { type Better, betterSchema } from "./better.ts";
import { type ColumnsOf, type Entity, TAGS } from "./entity.ts";
import { type StringMap, stringMapSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";
import { type LifecycleStage, lifecycleStageSchema } from "./page.ts";
import { recordSchema } from "./record-schema.ts";

/** What an experiment says of one of its metrics. */
export interface MetricDeclaration {
  /** Which way the metric improves: up, as an accuracy, or down, as a loss. */
  readonly better: Better;
}

/** Declarations by the key of the metric. */
export type MetricDeclarations = Readonly<Record<string, MetricDeclaration>>;

/** A named collection of runs and traces. */
export interface Experiment {
  /** Digits; `"0"` is `Default`. */
  readonly id: string;
  /** Unique; up to 500 characters. */
  readonly name: string;
  /** `deleted` hides it from searches until it is restored. */
  readonly lifecycleStage: LifecycleStage;
  /** When it was deleted, in milliseconds since the epoch; absent while it is active. */
  readonly deletedAt?: number;
  /** Milliseconds since the epoch; 0 for `Default`, which nobody has made. */
  readonly createdAt: number;
  /** Milliseconds since the epoch; 0 for `Default` until it is changed. */
  readonly updatedAt: number;
  /** Free-form labels, up to 8,000 characters each. */
  readonly tags: StringMap;
  /** What is known of the metrics of its runs; of those that are not here nobody has said which way they improve. */
  readonly metrics: MetricDeclarations;
}

/** Id of the experiment `Default`, which always exists. */
export const DEFAULT_EXPERIMENT_ID = "0";

/** Schema of {@link MetricDeclarations}. */
export const metricDeclarationsSchema: z.ZodType<MetricDeclarations> = recordSchema(
  z.string(),
  objectSchema(() => ({ better: betterSchema })),
);

/** Schema of {@link Experiment}. */
export const experimentSchema: z.ZodType<Experiment> = objectSchema(() => ({
  id: z.string(),
  name: z.string(),
  lifecycleStage: lifecycleStageSchema,
  deletedAt: z.number().exactOptional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  tags: stringMapSchema,
  metrics: metricDeclarationsSchema,
}));

const columns: ColumnsOf<Experiment, "tags" | "metrics"> & { readonly metrics: "json?" } = {
  id: "text",
  name: "text",
  lifecycleStage: "text",
  deletedAt: "time?",
  createdAt: "time",
  updatedAt: "time",
  // Absent where nothing was declared.
  metrics: "json?",
};

/** How experiments are stored and searched. */
export const experimentEntity: Entity<"experiment"> = {
  name: "experiment",
  event: "experiment",
  table: "experiments",
  columns,
  key: ["id"],
  indexes: [
    { name: "experiments_name", on: ["name"], unique: true },
    { name: "experiments_created", on: ["-createdAt", "-id"] },
  ],
  added: { metrics: 3, deletedAt: 4 },
  searched: ["id", "name", "createdAt", "updatedAt"],
  order: ["-createdAt", "-id"],
  aliases: { experiment_id: "id", creation_time: "createdAt", last_update_time: "updatedAt" },
  lookups: { tag: TAGS },
  tagged: "id",
};
