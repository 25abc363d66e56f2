import type { Assessment, ChildMetric, MetricSeries, MetricSummary } from "@rivulet/core";
import { batched } from "../api/batched.ts";
import { rivulet } from "../api/client.ts";
import type { Question } from "../api/query-client.ts";
import { quote } from "../search/filter-text.ts";

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

const loadNested = batched(async (ids) => {
  const filter = `parentRunId IN (${ids.map(quote).join(", ")})`;
  const found = await rivulet.runs.values({ field: "parentRunId", filter, limit: ids.length });
  return new Map(found.map(({ value, count }) => [value, count]));
});

/** How many runs are nested in one; one request for all rows that come into view together. */
export function askRowNested(runId: string): Question<number> {
  return {
    queryKey: ["run", null, "row nested", runId],
    queryFn: async () => (await loadNested(runId)) ?? 0,
  };
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
