import type { Better, Condition, RunGroup } from "@rivulet/domain";
import type { StoreQuery } from "@rivulet/store";
import type { Context } from "../context.ts";
import { toCountQuery, toStorePage, toStoreQuery, toValuesQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { idSchema, parseInput } from "../validation.ts";
import { directionsOf, resolveBest } from "./best-metrics.ts";
import { loadChildSummaries } from "./child-summaries.ts";
import { compareRunsSchema, loadComparison } from "./compare-runs.ts";
import { metricExportSchema, runExportSchema } from "./export-input.ts";
import { type ExportReaders, exportMetrics, exportRuns } from "./export-runs.ts";
import {
  childSummariesSchema,
  metricHistorySchema,
  metricSeriesSchema,
  metricSummariesSchema,
  runGroupingSchema,
  runKeysSchema,
  runOwnersSchema,
  runSearchSchema,
  runSelectionSchema,
  runValuesSchema,
} from "./run-input.ts";
import type { RunNesting } from "./run-queries.ts";
import { conditionsOfWords } from "./run-words.ts";
import type { Runs } from "./runs.ts";

/** What reads runs. */
export function createQueries(
  context: Context,
): Pick<
  Runs,
  | "get"
  | "find"
  | "search"
  | "count"
  | "compare"
  | "metricHistory"
  | "metricSeries"
  | "metricSummaries"
  | "owners"
  | "keys"
  | "values"
  | "groups"
  | "childSummaries"
> {
  const { store } = context;
  const find: Runs["find"] = async (id) => (await store()).runs.get(parseInput(idSchema, id, "id"));

  return {
    find,
    get: async (id) => {
      const run = await find(id);
      if (run === undefined) throw notFound("run", id);
      return run;
    },
    search: async (query = {}) => {
      const { text, ...input } = parseInput(runSearchSchema, query, "query");
      const { experimentIds = [], lifecycle = "active" } = input;
      const asked = withWords(nested(toStoreQuery(context, "run", input), input), text);
      const opened = await store();
      return opened.runs.search(await resolveBest(opened, { ...asked, experimentIds, lifecycle }));
    },
    count: async (query = {}) => {
      const { text, ...input } = parseInput(runSelectionSchema, query, "query");
      const { experimentIds = [], lifecycle = "active" } = input;
      const asked = withWords(nested(toCountQuery(context, "run", input), input), text);
      const opened = await store();
      return opened.runs.count(await resolveBest(opened, { ...asked, experimentIds, lifecycle }));
    },
    compare: async (query) =>
      loadComparison(await store(), parseInput(compareRunsSchema, query, "query").runIds),
    metricHistory: async (query) => {
      const { runId, key, ...page } = parseInput(metricHistorySchema, query, "query");
      const { runs } = await store();
      const history = await runs.metricHistory({ runId, key, ...toStorePage(page) });
      if (history.items.length === 0 && (await runs.get(runId)) === undefined)
        throw notFound("run", runId);
      return history;
    },
    metricSeries: async (query) => {
      const input = parseInput(metricSeriesSchema, query, "query");
      return (await store()).runs.metricSeries({ maxPoints: 1000, smoothing: 0, ...input });
    },
    metricSummaries: async (query) =>
      (await store()).runs.metricSummaries(parseInput(metricSummariesSchema, query, "query")),
    owners: async (query) =>
      (await store()).runs.owners(parseInput(runOwnersSchema, query, "query")),
    keys: async (query = {}) => {
      const { experimentIds = [] } = parseInput(runKeysSchema, query, "query");
      return (await store()).runs.keys({ experimentIds });
    },
    ...createSums(context),
  };
}

/** What is said of many runs at once. */
function createSums(context: Context): Pick<Runs, "values" | "groups" | "childSummaries"> {
  const { store } = context;
  return {
    values: async (query) => {
      const { text, ...input } = parseInput(runValuesSchema, query, "query");
      const { lifecycle = "active" } = input;
      const asked = withWords(toValuesQuery(context, "run", input), text);
      const opened = await store();
      return opened.runs.values(await resolveBest(opened, { ...asked, lifecycle }));
    },
    groups: async (query) => {
      const { metrics = [], text, ...input } = parseInput(runGroupingSchema, query, "query");
      const { lifecycle = "active", experimentIds = [] } = input;
      const asked = withWords(toValuesQuery(context, "run", input), text);
      const opened = await store();
      const search = await resolveBest(opened, { ...asked, metrics, lifecycle });
      const directions = await directionsOf(opened, experimentIds, metrics);
      return (await opened.runs.groups(search)).map((group) => withBest(group, directions));
    },
    childSummaries: async (query) =>
      loadChildSummaries(await store(), parseInput(childSummariesSchema, query, "query")),
  };
}

/** A query with one condition more for each thing that is said of nesting. */
function nested<Q extends Pick<StoreQuery, "where">>(
  query: Q,
  { parentRunId, rootsOnly = false }: RunNesting,
): Q {
  const field = { kind: "attribute", key: "parentRunId" } as const;
  const children = { field, operator: "=", value: parentRunId ?? "" } as const;
  const where = [
    ...query.where,
    ...(parentRunId === undefined ? [] : [children]),
    ...(rootsOnly ? [{ field, operator: "IS NULL" } as const] : []),
  ];
  return { ...query, where };
}

/** What writes runs as files. */
export function createExports(readers: ExportReaders): Pick<Runs, "export" | "exportMetrics"> {
  return {
    export: async (query) => exportRuns(readers, parseInput(runExportSchema, query, "query")),
    exportMetrics: async (query) =>
      exportMetrics(readers, parseInput(metricExportSchema, query, "query")),
  };
}

function withWords<T extends { readonly where: readonly Condition[] }>(
  query: T,
  text: string | undefined,
): T {
  return { ...query, where: [...query.where, ...conditionsOfWords(text)] };
}

function withBest(group: RunGroup, directions: ReadonlyMap<string, Better>): RunGroup {
  const metrics = Object.entries(group.metrics).map(([key, metric]) => {
    const better = directions.get(key);
    if (better === undefined) return [key, metric];
    return [key, { ...metric, best: better === "higher" ? metric.max : metric.min }];
  });
  return { ...group, metrics: Object.fromEntries(metrics) };
}
