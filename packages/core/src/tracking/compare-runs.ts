import {
  type Better,
  type ComparedMetric,
  type ComparedRun,
  type ComparedTexts,
  type Experiment,
  RivuletError,
  type Run,
  type RunComparison,
} from "@rivulet/domain";
import type * as z from "@rivulet/domain/zod";
import type { Store } from "@rivulet/store";
import { noneOf } from "../reference.ts";
import { idSchema, listOf, optionsSchema } from "../validation.ts";

/** Most runs of one comparison. */
const MAX_RUNS = 1_000;
/** Most values of one comparison: runs times keys. */
const MAX_VALUES = 1_000_000;

/** Schema of what `compare` takes. */
export const compareRunsSchema: z.ZodType<{ readonly runIds: readonly string[] }> = optionsSchema(
  () => ({
    runIds: listOf(idSchema, MAX_RUNS, `at most ${MAX_RUNS} runs`)
      .refine((ids) => ids.length > 0, "must name a run")
      .describe(`Ids of the runs, in the order in which to show them, up to ${MAX_RUNS}`),
  }),
);

/** Runs of a store side by side. @throws RivuletError `not_found` with the ids that are missing; `limit_exceeded` */
export async function loadComparison(
  { experiments, runs }: Pick<Store, "experiments" | "runs">,
  runIds: readonly string[],
): Promise<RunComparison> {
  const byId = new Map((await runs.getMany(runIds)).map((run) => [run.id, run]));
  const missing = [...new Set(runIds)].filter((id) => !byId.has(id));
  if (missing.length > 0) throw noneOf("run", missing);
  const ids = [...new Set([...byId.values()].map(({ experimentId }) => experimentId))];
  const found = runIds.flatMap((id) => byId.get(id) ?? []);
  return compareRuns({ runs: found, experiments: await experiments.getMany(ids) });
}

/** What is compared. */
interface RunsToCompare {
  /** In the order in which they are shown. */
  readonly runs: readonly Run[];
  /** The experiments of these runs, in any order. */
  readonly experiments: readonly Experiment[];
}

/** @throws RivuletError `limit_exceeded` when they have too many keys to fit an answer */
function compareRuns({ runs, experiments }: RunsToCompare): RunComparison {
  const byId = new Map(experiments.map((experiment) => [experiment.id, experiment]));
  const params = runs.map((run) => run.params);
  const metrics = runs.map((run) => run.metrics);
  const tags = runs.map((run) => run.tags);
  const keys = [params, metrics, tags].map(keysOf);
  checkSize(runs.length, keys);
  const [ofParams = [], ofMetrics = [], ofTags = []] = keys;
  return {
    runs: runs.map((run) => comparedRun(run, byId.get(run.experimentId))),
    params: ofParams.map((key) => compareTexts(key, params)),
    metrics: ofMetrics.map((key) => compareMetric(key, runs, byId)),
    tags: ofTags.map((key) => compareTexts(key, tags)),
  };
}

type Values<T> = readonly Readonly<Record<string, T>>[];

function keysOf(records: Values<string | number>): readonly string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))].sort();
}

function checkSize(runCount: number, keys: readonly (readonly string[])[]): void {
  const count = runCount * keys.reduce((sum, some) => sum + some.length, 0);
  if (count <= MAX_VALUES) return;
  throw new RivuletError(
    "limit_exceeded",
    `These ${runCount} runs have ${count / runCount} different params, metrics and tags, which makes ${count} values to compare; ${MAX_VALUES} is the most. Compare fewer runs.`,
    { details: { field: "runIds" } },
  );
}

function comparedRun(run: Run, experiment: Experiment | undefined): ComparedRun {
  const { id, experimentId, name, status, startTime, endTime, lifecycleStage } = run;
  return {
    id,
    experimentId,
    experimentName: experiment?.name ?? "",
    name,
    status,
    startTime,
    ...(endTime === undefined ? {} : { endTime }),
    lifecycleStage,
  };
}

function valuesOf<T>(key: string, records: Values<T>): (T | null)[] {
  return records.map((record) => (Object.hasOwn(record, key) ? (record[key] ?? null) : null));
}

function compareTexts(key: string, records: Values<string>): ComparedTexts {
  const values = valuesOf(key, records);
  return { key, values, differs: new Set(values).size > 1 };
}

function compareMetric(
  key: string,
  runs: readonly Run[],
  experiments: ReadonlyMap<string, Experiment>,
): ComparedMetric {
  const values = valuesOf(
    key,
    runs.map(({ metrics }) => metrics),
  );
  // A set takes NaN for the same as NaN, and 0 for the same as -0.
  const differs = new Set(values).size > 1;
  const measured = runs.filter((_, place) => values[place] !== null);
  const better = agreed(key, measured, experiments);
  if (better === undefined) return { key, values, differs, best: [] };
  return { key, values, differs, better, best: bestOf({ runs, values, better }) };
}

/** What all experiments say that say anything of this metric. */
function agreed(
  key: string,
  runs: readonly Run[],
  experiments: ReadonlyMap<string, Experiment>,
): Better | undefined {
  const ids = [...new Set(runs.map(({ experimentId }) => experimentId))];
  const said = ids.flatMap((id) => {
    const metrics = experiments.get(id)?.metrics ?? {};
    return Object.hasOwn(metrics, key) ? (metrics[key] ?? []) : [];
  });
  const [first] = said;
  return said.every(({ better }) => better === first?.better) ? first?.better : undefined;
}

function bestOf({
  runs,
  values,
  better,
}: {
  readonly runs: readonly Run[];
  readonly values: readonly (number | null)[];
  readonly better: Better;
}): readonly string[] {
  const numbers = values.filter((value) => value !== null && !Number.isNaN(value)) as number[];
  if (new Set(values.filter((value) => value !== null)).size < 2) return [];
  const best = numbers.reduce((one, other) =>
    better === "higher" ? Math.max(one, other) : Math.min(one, other),
  );
  return [...new Set(runs.filter((_, place) => values[place] === best).map(({ id }) => id))];
}
