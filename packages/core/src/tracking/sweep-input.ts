import { LIMITS, type Run, recordSchema } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { paramSchema } from "../params.ts";
import { nameSchema, optionsSchema } from "../validation.ts";
import { isRange, type SweepRange, sizeOf, sweepRangeSchema } from "./sweep-range.ts";

/** What to try, by the name of the param: values, or ranges, `{ depth: [2, 4], lr: { distribution: "uniform", min: 0, max: 1 } }`. */
export type SweepParams = Readonly<Record<string, readonly unknown[] | SweepRange>>;

/** One of each of the values to try. */
export type SweepChoice<P extends SweepParams> = {
  readonly [K in keyof P]: P[K] extends readonly unknown[] ? P[K][number] : number;
};

/** Options of `runs.sweep`. */
export interface SweepOptions<P extends SweepParams = SweepParams> {
  /** Name of the experiment, which is created if it does not exist. @default that of the run around it, else 'Default' */
  readonly experiment?: string;
  /** Name of the parent run. @default 'sweep' */
  readonly name?: string;
  /** What is tried: up to 1,000 values for each param, or a range, which is only drawn from at random. */
  readonly params: P;
  /** Every combination, or `count` different ones drawn at random. @default 'grid' */
  readonly strategy?: "grid" | "random";
  /** How many children a random sweep has, up to 10,000. Needed there, and only there. */
  readonly count?: number;
  /** Of the draw: the same seed draws the same children. Only of a random sweep. @default one drawn, kept as a param */
  readonly seed?: number;
  /** Children that run at once, 1 to 1,000. @default 1 */
  readonly concurrency?: number;
  /** Name of the metric by whose latest value the children are judged. @default they are not */
  readonly metric?: string;
  /** Which way the metric is better, declared for the experiment. @default what it declares already */
  readonly better?: "lower" | "higher";
  /** Ends the sweep: no further child is started, and those that run are waited for. */
  readonly signal?: AbortSignal;
}

/** A run of a sweep. */
export interface SweepChild<P extends SweepParams = SweepParams, R = unknown> {
  /** As it has ended. */
  readonly run: Run;
  /** What was tried. */
  readonly params: SweepChoice<P>;
  /** `failed` when its work threw; `diverged` when its metric is NaN or infinite at its end; else as its run has ended. */
  readonly status: "finished" | "failed" | "killed" | "diverged";
  /** Latest value of the metric; absent when it has none. */
  readonly value?: number;
  /** What its work returned; absent when it threw. */
  readonly result?: R;
  /** What its work threw. */
  readonly error?: unknown;
}

/** What `runs.sweep` gives. */
export interface SweepResult<P extends SweepParams = SweepParams, R = unknown> {
  /** The run in which the children are nested; `failed` when no child has finished. */
  readonly parent: Run;
  /** In the order of the combinations, or of the draw. */
  readonly children: readonly SweepChild<P, R>[];
  /** The finished child whose value is best by the declared direction, the first of equal ones. */
  readonly best?: SweepChild<P, R>;
}

/** Options that were checked. */
export type SweepSettings = Omit<SweepOptions, "params"> & { readonly params: SweepParams };

/** Most children of a sweep. */
const MOST_CHILDREN = 10_000;

/** What a run can keep as a param. The work gets it as it was given. */
const valueSchema = z.unknown().superRefine((value, context) => {
  const problems = value === undefined ? undefined : paramSchema.safeParse(value).error;
  for (const { path, message } of problems?.issues ?? []) {
    context.addIssue({ code: "custom", path, message });
  }
});

const valuesSchema = z
  .array(
    valueSchema,
    'must be a list of values, or a range such as { distribution: "uniform", min: 0, max: 1 }',
  )
  .min(1, "has no value to try")
  .max(1_000);

/** A list or a range: which one is told by what is given, so that what is wrong is told of the right one. */
const axisSchema: z.ZodType<readonly unknown[] | SweepRange> = z
  .unknown()
  .transform((value, context): readonly unknown[] | SweepRange => {
    const schema: z.ZodType<readonly unknown[] | SweepRange> = isRange(value)
      ? sweepRangeSchema
      : valuesSchema;
    const { data, error } = schema.safeParse(value);
    for (const { path, message } of error?.issues ?? []) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
    return data ?? z.NEVER;
  });

/** Schema of {@link SweepOptions}. */
export const sweepSchema: z.ZodType<SweepSettings> = optionsSchema(() => ({
  experiment: nameSchema(LIMITS.experimentName).exactOptional(),
  name: nameSchema().exactOptional(),
  params: recordSchema(nameSchema(), axisSchema).refine(
    (params) => Object.keys(params).length > 0,
    { message: "names no param to try" },
  ),
  strategy: z.enum(["grid", "random"]).exactOptional(),
  count: z.int().min(1).max(MOST_CHILDREN).exactOptional(),
  seed: z.int().min(0).max(0xff_ff_ff_ff).exactOptional(),
  concurrency: z.int().min(1).max(1_000).exactOptional(),
  metric: nameSchema().exactOptional(),
  better: z.enum(["lower", "higher"]).exactOptional(),
  signal: z
    .custom<AbortSignal>((value) => value instanceof AbortSignal, "must be an AbortSignal")
    .exactOptional(),
})).superRefine((options, context) => {
  const refuse = (field: string, message: string): void =>
    context.addIssue({ code: "custom", path: [field], message });
  const isRandom = options.strategy === "random";
  if (isRandom && options.count === undefined) refuse("count", "is needed by a random sweep");
  if (!isRandom && options.count !== undefined) refuse("count", 'needs strategy: "random"');
  if (!isRandom && options.seed !== undefined) refuse("seed", 'needs strategy: "random"');
  if (options.better !== undefined && options.metric === undefined)
    refuse("better", "needs a metric");
  if (!isRandom) refuseRanges(options.params, refuse);
  const combinations = combinationsOf(options.params);
  const wanted = options.count ?? combinations;
  if (wanted > MOST_CHILDREN) {
    refuse(
      "params",
      `are ${combinations} combinations, more than ${MOST_CHILDREN}: draw some with strategy: "random"`,
    );
  }
  if (wanted > combinations)
    refuse("count", `is more than the ${combinations} combinations there are`);
});

function refuseRanges(params: SweepParams, refuse: (field: string, message: string) => void): void {
  const ranges = Object.entries(params).filter(([, values]) => isRange(values));
  for (const [name] of ranges) {
    refuse(`params.${name}`, 'is a range, which needs strategy: "random"');
  }
}

/** How many combinations there are. */
function combinationsOf(params: SweepParams): number {
  return Object.values(params).reduce(
    (product, values) => product * (isRange(values) ? sizeOf(values) : values.length),
    1,
  );
}
