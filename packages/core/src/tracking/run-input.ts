import {
  LIMITS,
  namedNumberSchema,
  type PageQuery,
  RivuletError,
  type RunStatus,
  runStatusSchema,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { paramsSchema, type WithTexts } from "../params.ts";
import {
  containsSchema,
  experimentIdsSchema,
  filterFieldSchema,
  lifecycleFilterSchema,
  listedFieldSchema,
  listSchema,
  mostValuesSchema,
  searchSchemaWith,
  selectionSchema,
} from "../query.ts";
import type { SystemMetricsOptions } from "../system-metrics/system-metrics.ts";
import {
  idSchema,
  listOf,
  nameSchema,
  optionsSchema,
  parseInput,
  readInput,
  tagKeysSchema,
  tagsSchema,
} from "../validation.ts";
import { measuredDatasetSchema, measuredModelSchema } from "./measured-model.ts";
import { noteSchema } from "./note.ts";
import type {
  ChildSummariesQuery,
  RunGrouping,
  RunNesting,
  RunSearch,
  RunSelection,
  RunValues,
} from "./run-queries.ts";
import type {
  CreateRunOptions,
  MetricInput,
  RunBatchInput,
  RunTagsUpdate,
  RunUpdate,
  StartRunOptions,
  WithChildren,
} from "./runs.ts";

const timeSchema = z.number().nonnegative();

const runNameSchema = nameSchema().describe("Name of the run, for people to read");

const newRunIdSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/, "must be 32 hex digits, in lower case")
  .describe("Id of the new run, 32 hex digits; default a new one");

const createRunFields = () => ({
  id: newRunIdSchema.exactOptional(),
  experiment: nameSchema(LIMITS.experimentName)
    .describe("Name of the experiment, made when it is not there; default Default")
    .exactOptional(),
  experimentId: idSchema.describe("Id of the experiment, instead of its name").exactOptional(),
  name: runNameSchema.exactOptional(),
  parentRunId: z
    .union([idSchema, z.null()], "must be text, or null for none")
    .describe("Id of the run that this one is part of; null for none")
    .exactOptional(),
  params: paramsSchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
  userId: nameSchema().describe("Who started the run").exactOptional(),
});

const BY_NAME = "The name of the run's experiment is experiment; it is made when it is not there.";

/** What those would write who come from elsewhere. */
const elsewhere = {
  experimentName: BY_NAME,
  experiment_name: BY_NAME,
  runName: "Did you mean name?",
};

/** Schema of {@link CreateRunOptions}. */
export const createRunSchema: z.ZodType<WithTexts<CreateRunOptions>> = optionsSchema(
  createRunFields,
  {
    elsewhere,
  },
);

const systemMetricsSchema: z.ZodType<SystemMetricsOptions> = optionsSchema(() => ({
  intervalMs: z.number().min(100).exactOptional(),
  gpu: z.boolean().exactOptional(),
}));

/** Schema of {@link StartRunOptions}. */
export const startRunSchema: z.ZodType<WithTexts<StartRunOptions>> = optionsSchema(
  () => ({
    ...createRunFields(),
    owned: z.boolean().exactOptional(),
    systemMetrics: z.union([z.boolean(), systemMetricsSchema]).exactOptional(),
    resume: z.enum(["never", "allow", "must"], "must be never, allow or must").exactOptional(),
  }),
  { elsewhere },
);

/** Schema of {@link RunUpdate}. */
export const runUpdateSchema: z.ZodType<WithTexts<RunUpdate>> = optionsSchema(() => ({
  name: runNameSchema.exactOptional(),
  status: runStatusSchema.describe("How the run stands").exactOptional(),
  endTime: timeSchema
    .describe("When it ended, in milliseconds since 1970; default now for a run that ends")
    .exactOptional(),
  note: noteSchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
  removeTags: tagKeysSchema.exactOptional(),
}));

/** Schema of {@link RunTagsUpdate}. */
export const runTagsSchema: z.ZodType<WithTexts<RunTagsUpdate>> = optionsSchema(() => ({
  tags: tagsSchema.exactOptional(),
  removeTags: tagKeysSchema.exactOptional(),
}));

/** Schema of the options of `resume`. */
export const resumeRunSchema: z.ZodType<{ readonly owned?: boolean }> = optionsSchema(() => ({
  owned: z.boolean().exactOptional(),
}));

/** Schema of the ids of runs. */
export const runIdsSchema: z.ZodType<readonly string[]> = listOf(idSchema, 1_000).describe(
  "Ids of the runs",
);

const metricKeySchema = nameSchema().describe("Name of the metric, such as loss");

/** Schema of {@link MetricInput}. */
const metricInputSchema: z.ZodType<MetricInput> = optionsSchema(() => ({
  key: metricKeySchema,
  value: namedNumberSchema.describe("A number, or NaN, Infinity or -Infinity as text"),
  step: z.int().describe("Step of the training; default 0").exactOptional(),
  timestamp: timeSchema.describe("Milliseconds since 1970; default now").exactOptional(),
  modelId: measuredModelSchema.exactOptional(),
  dataset: measuredDatasetSchema.exactOptional(),
}));

const runIdSchema = idSchema.describe("Id of the run");

/** Schema of {@link RunBatchInput}. */
export const runBatchSchema: z.ZodType<WithTexts<RunBatchInput>> = optionsSchema(() => ({
  runId: runIdSchema,
  metrics: listOf(
    metricInputSchema,
    LIMITS.batchMetrics,
    `at most ${LIMITS.batchMetrics} points at once`,
  )
    .describe('Points of metrics, such as {"key": "loss", "value": 0.1, "step": 3}')
    .exactOptional(),
  params: paramsSchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
}));

/** Schema of the query of `metricSeries`. */
export const metricSeriesSchema: z.ZodType<{
  readonly runIds: readonly string[];
  readonly keys: readonly string[];
  readonly maxPoints?: number;
  readonly smoothing?: number;
  readonly fromStep?: number;
  readonly toStep?: number;
}> = optionsSchema(() => ({
  runIds: listOf(idSchema, 200).describe("Ids of the runs"),
  keys: listOf(nameSchema(), 200).describe("Names of the metrics, such as loss"),
  maxPoints: z
    .int()
    .min(2)
    .max(100_000)
    .describe("Most points per curve, which keeps its extremes; default 1000")
    .exactOptional(),
  smoothing: z
    .number()
    .min(0)
    .max(0.99)
    .describe("Weight of the moving average; default 0, none")
    .exactOptional(),
  fromStep: z
    .int()
    .describe("First step of the curves; maxPoints are for the steps from here on")
    .exactOptional(),
  toStep: z.int().describe("Last step of the curves").exactOptional(),
})).refine(({ fromStep, toStep }) => !(Number(fromStep) > Number(toStep)), {
  message: "fromStep must not be above toStep",
});

/** Schema of the query of `owners`. */
export const runOwnersSchema: z.ZodType<{ readonly runIds: readonly string[] }> = optionsSchema(
  () => ({ runIds: runIdsSchema }),
);

/** Schema of the query of `metricSummaries`. */
export const metricSummariesSchema: z.ZodType<{
  readonly runIds: readonly string[];
  readonly keys?: readonly string[];
}> = optionsSchema(() => ({
  runIds: listOf(idSchema, 200).describe("Ids of the runs"),
  keys: listOf(nameSchema(), 200).describe("Names of the metrics; default all").exactOptional(),
}));

/** Schema of the query of `metricHistory`. */
export const metricHistorySchema: z.ZodType<
  PageQuery & { readonly runId: string; readonly key: string }
> = listSchema(() => ({ runId: runIdSchema, key: metricKeySchema }));

const runFilterSchema = filterFieldSchema("params.lr = '0.1' AND metrics.loss < 1");

/** Schema of the run whose children are meant. */
export const parentRunIdSchema: z.ZodType<string> = idSchema.describe("Only children of this run");
/** Schema of whether nested runs are left out. */
export const rootsOnlySchema: z.ZodType<boolean> = z
  .boolean()
  .describe("Only runs that are nested in none; default false");
/** Schema of {@link WithChildren}. */
export const withChildrenSchema: z.ZodType<WithChildren> = optionsSchema(() => ({
  withChildren: z
    .boolean()
    .describe("Also all that is nested in it, or was deleted with it; default false")
    .exactOptional(),
}));
/** Schema of the words that runs are found by. */
export const runTextSchema: z.ZodType<string> = z
  .string()
  .max(LIMITS.name, `must have at most ${LIMITS.name} characters`)
  .describe(
    "Words that the name, the note, params or tags have in them; never read as a condition",
  );

/** Schema of the query of `search`. */
export const runSearchSchema: z.ZodType<RunSearch> = searchSchemaWith(() => ({
  filter: runFilterSchema.exactOptional(),
  text: runTextSchema.exactOptional(),
  experimentIds: experimentIdsSchema.exactOptional(),
  lifecycle: lifecycleFilterSchema.exactOptional(),
  parentRunId: parentRunIdSchema.exactOptional(),
  rootsOnly: rootsOnlySchema.exactOptional(),
}));

/** Schema of the query of `count`. */
export const runSelectionSchema: z.ZodType<RunSelection & RunNesting> = selectionSchema(() => ({
  filter: runFilterSchema.exactOptional(),
  text: runTextSchema.exactOptional(),
  experimentIds: experimentIdsSchema.exactOptional(),
  lifecycle: lifecycleFilterSchema.exactOptional(),
  parentRunId: parentRunIdSchema.exactOptional(),
  rootsOnly: rootsOnlySchema.exactOptional(),
}));

/** Schema of the query of `keys`. */
export const runKeysSchema: z.ZodType<{ readonly experimentIds?: readonly string[] }> =
  selectionSchema(() => ({ experimentIds: experimentIdsSchema.exactOptional() }));

/** Schema of {@link RunValues}. */
export const runValuesSchema: z.ZodType<RunValues> = selectionSchema(() => ({
  filter: runFilterSchema.exactOptional(),
  text: runTextSchema.exactOptional(),
  experimentIds: experimentIdsSchema.exactOptional(),
  lifecycle: lifecycleFilterSchema.exactOptional(),
  field: listedFieldSchema("name, status, userId, params.lr or tags.team"),
  contains: containsSchema.exactOptional(),
  limit: mostValuesSchema.exactOptional(),
}));

/** Schema of {@link RunGrouping}. */
export const runGroupingSchema: z.ZodType<RunGrouping> = selectionSchema(() => ({
  filter: runFilterSchema.exactOptional(),
  text: runTextSchema.exactOptional(),
  experimentIds: experimentIdsSchema.exactOptional(),
  lifecycle: lifecycleFilterSchema.exactOptional(),
  field: listedFieldSchema("params.lr, tags.team, status or parentRunId"),
  metrics: listOf(nameSchema(), 100)
    .describe("Metrics that are summed up in each group; default none")
    .exactOptional(),
  limit: mostValuesSchema.exactOptional(),
}));

/** Schema of {@link ChildSummariesQuery}. */
export const childSummariesSchema: z.ZodType<ChildSummariesQuery> = optionsSchema(() => ({
  runIds: listOf(idSchema, 1_000, "at most 1000 runs").describe("Ids of the runs whose children"),
  metrics: listOf(nameSchema(), 100, "at most 100 metrics")
    .describe("Metrics to sum up; default those that the experiments of the runs declare")
    .exactOptional(),
}));

/** Statuses a run ends with. */
export const endStatusSchema: z.ZodType<Exclude<RunStatus, "running" | "scheduled">> = z.enum([
  "finished",
  "failed",
  "killed",
]);

const metricKey = nameSchema();

/** What is wrong with the key of a metric; `undefined` if nothing is. */
export function metricKeyProblem(key: unknown): string | undefined {
  if (typeof key !== "string") return "must be text";
  return metricKey.safeParse(key).error?.issues[0]?.message;
}

/** Checks a batch. @throws RivuletError `invalid_argument` naming the field, or the metric's key */
export function parseRunBatch(batch: RunBatchInput): WithTexts<RunBatchInput> {
  return parseInput(
    runBatchSchema,
    readInput("batch", () => withNamedNumbers(batch)),
    "batch",
  );
}

/** Values that are no finite numbers by their names, as the schema takes them; each point is checked by its key first. */
function withNamedNumbers(batch: RunBatchInput): unknown {
  const metrics: unknown = batch?.metrics;
  if (!Array.isArray(metrics) || metrics.length > LIMITS.batchMetrics) return batch;
  const named = metrics.map((point) => {
    if (typeof point?.value !== "number") return point;
    checkPoint(point);
    return Number.isFinite(point.value) ? point : { ...point, value: String(point.value) };
  });
  return { ...batch, metrics: named };
}

function checkPoint({ key, step = 0 }: { readonly key: unknown; readonly step?: unknown }): void {
  const problem = metricKeyProblem(key);
  if (problem !== undefined) throw badMetric(key, `its key ${problem}`);
  if (!Number.isSafeInteger(step))
    throw badMetric(key, `step ${shown(step)} is not a whole number`);
}

function badMetric(key: unknown, problem: string): RivuletError {
  const field = shown(key);
  return new RivuletError("invalid_argument", `Metric "${field}": ${problem}.`, {
    details: { field },
  });
}

/** What was given, for a message: there are objects that have no text. */
export function shown(value: unknown): string {
  try {
    return String(value).slice(0, 100);
  } catch {
    return typeof value;
  }
}
