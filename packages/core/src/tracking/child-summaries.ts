import type { ChildMetric, ChildSummary, Experiment } from "@rivulet/domain";
import type { Store } from "@rivulet/store";
import { noneOf } from "../reference.ts";
import type { ChildSummariesQuery } from "./run-queries.ts";

/** Most metrics of one summary, when they are not named. */
const MOST_METRICS = 100;

/**
 * The children of some runs, in the order of the runs. The metrics are by default those that the experiments of the runs
 * declare.
 *
 * @throws RivuletError `not_found` with the ids that are missing
 */
export async function loadChildSummaries(
  { experiments, runs }: Pick<Store, "experiments" | "runs">,
  { runIds, metrics }: ChildSummariesQuery,
): Promise<readonly ChildSummary[]> {
  const byId = new Map((await runs.getMany(runIds)).map((run) => [run.id, run]));
  const missing = runIds.filter((id) => !byId.has(id));
  if (missing.length > 0) throw noneOf("run", missing);
  const ids = [...new Set([...byId.values()].map(({ experimentId }) => experimentId))];
  const known = new Map((await experiments.getMany(ids)).map((one) => [one.id, one]));
  const keys = metrics ?? declaredIn([...known.values()]);
  const found = await runs.childSummaries({ runIds: [...new Set(runIds)], metrics: keys });
  const summaries = new Map(found.map((summary) => [summary.runId, summary]));
  return runIds.map((runId) => {
    const summary = summaries.get(runId) ?? { runId, count: 0, statuses: {}, metrics: [] };
    const experiment = known.get(byId.get(runId)?.experimentId ?? "");
    return { ...summary, metrics: inOrder(summary.metrics, keys, experiment) };
  });
}

function declaredIn(experiments: readonly Experiment[]): readonly string[] {
  const keys = experiments.flatMap(({ metrics }) => Object.keys(metrics));
  return [...new Set(keys)].sort().slice(0, MOST_METRICS);
}

function inOrder(
  metrics: readonly ChildMetric[],
  keys: readonly string[],
  experiment: Experiment | undefined,
): readonly ChildMetric[] {
  const byKey = new Map(metrics.map((metric) => [metric.key, metric]));
  return keys.flatMap((key) => {
    const metric = byKey.get(key);
    return metric === undefined ? [] : [withBest(metric, experiment)];
  });
}

function withBest(metric: ChildMetric, experiment: Experiment | undefined): ChildMetric {
  const declared = experiment?.metrics ?? {};
  const better = Object.hasOwn(declared, metric.key) ? declared[metric.key]?.better : undefined;
  if (better === undefined) return metric;
  const best = better === "higher" ? metric.greatest : metric.least;
  return { ...metric, better, ...(best === undefined ? {} : { best }) };
}
