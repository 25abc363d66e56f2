import { type JsonObject, jsonObjectSchema, LIMITS } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { Params } from "../params.ts";
import { nameSchema, optionsSchema, parseInput, readInput, refuseLonger } from "../validation.ts";
import type { RowTrial } from "./evaluate-row.ts";
import { type DataSources, type EvaluationData, loadEvaluationData } from "./evaluation-items.ts";
import type { EvaluateOptions } from "./evaluations.ts";
import { type NamedScorer, nameScorers } from "./score-name.ts";

/** What an evaluation will do; nothing is stored yet. */
export interface EvaluationPlan<Input, Output, Expected> {
  readonly name: string;
  readonly taskName: string;
  readonly data: EvaluationData<Input, Expected>;
  readonly scorers: readonly NamedScorer<Input, Output, Expected>[];
  /** Every item, once per trial. */
  readonly rowTrials: readonly RowTrial<Input, Expected>[];
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly metadata: JsonObject;
  /** Params of the run. */
  readonly params: Params;
}

type Settings = Pick<EvaluateOptions, "name" | "concurrency" | "trials" | "timeoutMs" | "metadata">;

/** Most scorers of one evaluation. */
const MAX_SCORERS = 1_000;
/** Longest delay of a timer. */
const MAX_TIMEOUT_MS = 2_147_483_647;

/** What is looked at elsewhere. */
const anything = z.unknown().optional();
const aFunction = z.custom((value) => typeof value === "function", "must be a function");

const optionsOfEvaluate: z.ZodType<Settings> = optionsSchema(() => ({
  data: anything,
  task: aFunction,
  scorers: refuseLonger(
    z.array(aFunction, "must be a list of functions"),
    MAX_SCORERS,
    `must be at most ${MAX_SCORERS} functions`,
  ),
  name: nameSchema().exactOptional(),
  experiment: anything,
  concurrency: z.int().min(1).max(1_000).exactOptional(),
  trials: z.int().min(1).max(1_000).exactOptional(),
  timeoutMs: z.number().positive().max(MAX_TIMEOUT_MS).exactOptional(),
  signal: z.custom(isSignal, "must be an AbortSignal").exactOptional(),
  metadata: jsonObjectSchema.exactOptional(),
  onProgress: aFunction.exactOptional(),
}));

/**
 * Checks everything before anything is started.
 *
 * @throws RivuletError `invalid_argument`, `not_found` for data that is not there
 */
export async function planEvaluation<Input, Output, Expected>(
  options: EvaluateOptions<Input, Output, Expected>,
  { sources, now }: { readonly sources: DataSources; readonly now: number },
): Promise<EvaluationPlan<Input, Output, Expected>> {
  const given = parseInput(optionsOfEvaluate, options, "evaluate");
  const { name, concurrency = 5, trials = 1, timeoutMs = 120_000, metadata = {} } = given;
  const scorers = readInput("evaluate.scorers", () => nameScorers(options.scorers));
  const taskName = readInput("evaluate.task", () => nameOf(options.task));
  const data = await loadEvaluationData(options.data, sources);
  return {
    concurrency,
    timeoutMs,
    metadata,
    name: name ?? `${taskName} ${timeText(now)}`,
    taskName,
    data,
    scorers,
    rowTrials: data.items.flatMap((item, position) =>
      Array.from({ length: trials }, (_, trial) => ({ item, trial, position })),
    ),
    params: describeParams(data, { trials, scorers: scorers.map((scorer) => scorer.name) }),
  };
}

/** Whoever gives one has it from another realm, or makes it: it is known by what it does. */
function isSignal(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { aborted, throwIfAborted, addEventListener } = value as Partial<AbortSignal>;
  return (
    typeof aborted === "boolean" &&
    typeof throwIfAborted === "function" &&
    typeof addEventListener === "function"
  );
}

/** A class may call itself anything. */
function nameOf({ name }: { readonly name: unknown }): string {
  return (typeof name === "string" && name !== "" ? name : "task").slice(0, LIMITS.name / 2);
}

function timeText(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replace("T", " ");
}

function describeParams(
  { items, params }: EvaluationData,
  { trials, scorers }: { readonly trials: number; readonly scorers: readonly string[] },
): Params {
  return {
    ...params,
    rows: items.length,
    trials,
    scorers: scorers.join(", ").slice(0, LIMITS.paramValue),
  };
}
