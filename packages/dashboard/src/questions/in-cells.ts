import type { Assessment, ChildMetric, MetricSeries, MetricSummary } from "@rivulet/core";
import { batched } from "../api/batched.ts";
import { rivulet } from "../api/client.ts";
import type { Question } from "../api/query-client.ts";
import { allOf, quote } from "../search/filter-text.ts";
import { counted, type ListQuery } from "./list-query.ts";

/** Points of a curve that is as wide as a cell. */
const POINTS = 40;

const loadAssessments = batched(async (traceIds) => {
  const found = await rivulet.traces.listAssessments({ traceIds });
  const byTrace = new Map<string, Assessment[]>();
  for (const assessment of found) {
    const ofTrace = byTrace.get(assessment.traceId) ?? [];
    byTrace.set(assessment.traceId, [...ofTrace, assessment]);
  }
  return byTrace;
});

/** What was said of a trace; one request for all rows that come into view together. */
export function askRowAssessments(traceId: string): Question<readonly Assessment[]> {
  return {
    queryKey: ["assessment", null, "row", traceId],
    queryFn: async () => (await loadAssessments(traceId)) ?? [],
  };
}

const loadNested = batched(async (wanted) => {
  const byQuery = new Map<string, string[]>();
  for (const one of wanted) {
    const [query, id] = JSON.parse(one) as [query: string, runId: string];
    byQuery.set(query, [...(byQuery.get(query) ?? []), id]);
  }
  const answers = [...byQuery].map(async ([text, ids]) => {
    const { filter = "", ...query } = JSON.parse(text) as ReturnType<typeof counted>;
    const nested = `parentRunId IN (${ids.map(quote).join(", ")})`;
    const found = await rivulet.runs.values({
      ...query,
      field: "parentRunId",
      filter: allOf(filter, nested),
      limit: ids.length,
    });
    return found.map(({ value, count }) => [JSON.stringify([text, value]), count] as const);
  });
  return new Map((await Promise.all(answers)).flat());
});

/** How many runs are nested in one; one request for all rows that come into view together. */
export function askRowNested(runId: string, query: ListQuery = {}): Question<number> {
  const wanted = JSON.stringify([JSON.stringify(counted(query)), runId]);
  return {
    queryKey: ["run", null, "row nested", wanted],
    queryFn: async () => (await loadNested(wanted)) ?? 0,
  };
}

/** How many of them a list finds; nothing to ask for where it looks for nothing. */
export function askRowNestedFound(
  runId: string,
  { filter = "", text = "", lifecycle }: ListQuery,
): Question<number> | undefined {
  if (filter === "" && text === "") return undefined;
  return askRowNested(runId, { filter, text, lifecycle });
}

const loadChildren = batched(async (wanted) => {
  const pairs = wanted.map((text) => JSON.parse(text) as [runId: string, key: string]);
  const summaries = await rivulet.runs.childSummaries({
    runIds: [...new Set(pairs.map(([runId]) => runId))],
    metrics: [...new Set(pairs.map(([, key]) => key))],
  });
  return new Map(
    summaries.flatMap(({ runId, metrics }) =>
      metrics.map((metric) => [JSON.stringify([runId, metric.key]), metric] as const),
    ),
  );
});

/** What the runs nested in one have come to in a metric; one request for all rows that come into view together. */
export function askRowChildren(runId: string, key: string): Question<ChildMetric | null> {
  return {
    queryKey: ["run", null, "row children", runId, key],
    queryFn: async () => (await loadChildren(JSON.stringify([runId, key]))) ?? null,
  };
}

const loadSummaries = batched(async (wanted) => {
  const pairs = wanted.map((text) => JSON.parse(text) as [runId: string, key: string]);
  const summaries = await rivulet.runs.metricSummaries({
    runIds: [...new Set(pairs.map(([runId]) => runId))],
    keys: [...new Set(pairs.map(([, key]) => key))],
  });
  return new Map(summaries.map((one) => [JSON.stringify([one.runId, one.key]), one]));
});

/** What a metric of a run has come to; one request for all rows that come into view together. */
export function askRowSummary(runId: string, key: string): Question<MetricSummary | null> {
  return {
    queryKey: ["run", runId, "row summary", key],
    queryFn: async () => (await loadSummaries(JSON.stringify([runId, key]))) ?? null,
  };
}

const loadCurves = batched(async (wanted) => {
  const pairs = wanted.map((text) => JSON.parse(text) as [runId: string, key: string]);
  const series = await rivulet.runs.metricSeries({
    runIds: [...new Set(pairs.map(([runId]) => runId))],
    keys: [...new Set(pairs.map(([, key]) => key))],
    maxPoints: POINTS,
  });
  return new Map(series.map((one) => [JSON.stringify([one.runId, one.key]), one]));
});

/** The curve of a metric, as small as a cell; one request for all rows that come into view together. */
export function askRowCurve(runId: string, key: string): Question<MetricSeries | null> {
  return {
    queryKey: ["run", runId, "row curve", key],
    queryFn: async () => (await loadCurves(JSON.stringify([runId, key]))) ?? null,
  };
}
