import type {
  Experiment,
  MetricSeries,
  MetricSummary,
  ModelVersion,
  Run,
  RunComparison,
  RunKeys,
  RunUpdate,
} from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { ask, askPages, type PagedQuestion, type Question, refresh } from "../api/query-client.ts";
import type { RowGroup } from "../lists/groups/grouping.ts";
import { allOf, field, quote } from "../search/filter-text.ts";
import { counted, type ListQuery, searched } from "./list-query.ts";

/** Experiments, newest first. */
export function askExperiments({
  experimentIds: _,
  lifecycle,
  ...query
}: ListQuery): PagedQuestion<Experiment> {
  const given = { ...searched(query), lifecycle };
  return askPages({ subject: "experiment" }, "experiments.search", given);
}

export function askExperiment(id: string): Question<Experiment> {
  return ask({ subject: "experiment", id }, "experiments.get", id);
}

export function askRuns(query: ListQuery): PagedQuestion<Run> {
  return askPages({ subject: "run" }, "runs.search", {
    ...searched(query),
    lifecycle: query.lifecycle,
  });
}

/** How many runs a filter finds. */
export function askRunCount(query: ListQuery): Question<number> {
  return ask({ subject: "run" }, "runs.count", counted(query));
}

/** Runs grouped by a field, with what the metrics in these columns have come to. */
export function askRunGroups(
  query: ListQuery,
  by: { readonly field: string; readonly metrics: readonly string[]; readonly limit: number },
): Question<readonly RowGroup[]> {
  const given = { ...counted(query), ...by };
  return {
    queryKey: ["run", null, "runs.groups", given],
    queryFn: async ({ signal }) => {
      const groups = await rivulet.withSignal(signal).runs.groups(given);
      return groups.map(({ value, count, metrics }) => {
        const numbers = Object.entries(metrics).map(([key, sum]) => [field("metrics", key), sum]);
        return { value, count, numbers: Object.fromEntries(numbers) };
      });
    },
  };
}

export function askRun(id: string): Question<Run> {
  return ask({ subject: "run", id }, "runs.get", id);
}

/** The run as it is now. @throws RivuletError `not_found` */
export function readRunAnew(id: string): Promise<Run> {
  return rivulet.runs.get(id);
}

export async function updateRun(id: string, patch: RunUpdate): Promise<void> {
  await rivulet.runs.update(id, patch);
  await refresh("run", [id]);
}

/** Most runs that the API compares. */
export const MOST_COMPARED = 1_000;

/** Runs side by side, in the order of their ids. */
export function askRunComparison(runIds: readonly string[]): Question<RunComparison> {
  return ask({ subject: "run" }, "runs.compare", { runIds });
}

/** Runs started inside another. */
export function askNestedRuns(id: string): PagedQuestion<Run> {
  return askRuns({ filter: `parentRunId = ${quote(id)}`, orderBy: "startTime ASC" });
}

/** The first runs started inside another that a list finds, in its order. */
export function askRunsBelow(
  id: string,
  { orderBy = "", limit = MOST_COMPARED, experimentIds: _, ...list }: ListQuery,
): Question<readonly Run[]> {
  const order = orderBy === "" ? {} : { orderBy: [orderBy] };
  const filter = allOf(list.filter ?? "", `parentRunId = ${quote(id)}`);
  const query = { ...counted({ ...list, filter }), limit, ...order };
  return {
    queryKey: ["run", null, "below", query],
    queryFn: async ({ signal }) => (await rivulet.withSignal(signal).runs.search(query)).items,
  };
}

/** Ids of the runs started inside another, as many as can be compared. */
export function askNestedRunIds(id: string): Question<readonly string[]> {
  return {
    queryKey: ["run", null, "nested ids", id],
    queryFn: async ({ signal }) => {
      const filter = `parentRunId = ${quote(id)}`;
      const { items } = await rivulet
        .withSignal(signal)
        .runs.search({ filter, orderBy: ["startTime ASC"], limit: MOST_COMPARED });
      return items.map((run) => run.id);
    },
  };
}

/** Keys in use in one experiment, or in all. */
export function askRunKeys(experimentId?: string): Question<RunKeys> {
  const query = experimentId === undefined ? {} : { experimentIds: [experimentId] };
  return ask({ subject: "run" }, "runs.keys", query);
}

/** Runs in one request for curves: their ids are part of its address. */
const RUNS_PER_REQUEST = 100;
/** Metrics in one request for curves. */
const KEYS_PER_REQUEST = 50;

/** Those that write to a run say every 30 seconds that they do. */
const OWNERS_EVERY_MS = 15_000;

/** What curves are asked for. */
export interface SeriesQuery {
  readonly runIds: readonly string[];
  readonly keys: readonly string[];
  readonly smoothing: number;
  /** Most points per curve, which keeps its extremes, its first and its last. */
  readonly maxPoints: number;
  /** First and last step, where a part of the curves is asked for. */
  readonly fromStep?: number;
  readonly toStep?: number;
}

/** Curves of any number of runs, in one answer. */
export function askMetricSeries(query: SeriesQuery): Question<readonly MetricSeries[]> {
  const [id = null] = query.runIds;
  return {
    queryKey: ["run", query.runIds.length === 1 ? id : null, "runs.metricSeries", query],
    queryFn: async ({ signal }) => {
      const { runs } = rivulet.withSignal(signal);
      const { runIds, keys, ...rest } = query;
      const parts = portions(runIds, RUNS_PER_REQUEST).flatMap((some) =>
        portions(keys, KEYS_PER_REQUEST).map((names) => ({ runIds: some, keys: names, ...rest })),
      );
      return (await Promise.all(parts.map((part) => runs.metricSeries(part)))).flat();
    },
  };
}

/** What some metrics of a run have come to. */
export function askMetricSummaries(
  runId: string,
  keys: readonly string[],
): Question<readonly MetricSummary[]> {
  return {
    queryKey: ["run", runId, "runs.metricSummaries", keys],
    queryFn: async ({ signal }) => {
      const { runs } = rivulet.withSignal(signal);
      const parts = portions(keys, KEYS_PER_REQUEST);
      const answers = parts.map((some) => runs.metricSummaries({ runIds: [runId], keys: some }));
      return (await Promise.all(answers)).flat();
    },
  };
}

/** How many processes write to a running run, and when one of them was last heard of. */
export interface RunOwners {
  readonly count: number;
  /** Unix milliseconds by the clock of this browser; absent where there is none. */
  readonly heardAt?: number;
}

export function askRunOwners(runId: string): Question<RunOwners> {
  return {
    queryKey: ["run", runId, "owners"],
    queryFn: async ({ signal }) => {
      const owners = await rivulet.withSignal(signal).runs.owners({ runIds: [runId] });
      const silences = owners.map(({ silentMs }) => silentMs);
      return {
        count: owners.length,
        ...(owners.length > 0 && { heardAt: Date.now() - Math.min(...silences) }),
      };
    },
    refetchInterval: OWNERS_EVERY_MS,
  };
}

function portions<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, part) => items.slice(part * size, (part + 1) * size));
}

/** Model versions that a run made. */
export function askVersionsOfRun(runId: string): PagedQuestion<ModelVersion> {
  const query = { filter: `runId = ${quote(runId)}` };
  return askPages({ subject: "model" }, "models.searchVersions", query);
}
