import type { Artifact, Experiment, MetricSeries, ModelVersion, Run, RunKeys } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { ask, askPages, type PagedQuestion, type Question } from "../api/query-client.ts";
import { quote } from "../search/filter-text.ts";
import { type ListQuery, searched } from "./list-query.ts";

/** Experiments, newest first. */
export function askExperiments({ filter, orderBy }: ListQuery): PagedQuestion<Experiment> {
  const query = searched({ filter, orderBy });
  return askPages({ subject: "experiment" }, "experiments.search", query);
}

export function askExperiment(id: string): Question<Experiment> {
  return ask({ subject: "experiment", id }, "experiments.get", id);
}

export function askRuns(query: ListQuery): PagedQuestion<Run> {
  return askPages({ subject: "run" }, "runs.search", searched(query));
}

export function askRun(id: string): Question<Run> {
  return ask({ subject: "run", id }, "runs.get", id);
}

/** Runs started inside another. */
export function askNestedRuns(id: string): PagedQuestion<Run> {
  return askRuns({ filter: `parentRunId = ${quote(id)}`, orderBy: "startTime ASC" });
}

export function askRunKeys(experimentId: string): Question<RunKeys> {
  return ask({ subject: "run" }, "runs.keys", { experimentIds: [experimentId] });
}

/** Curves of runs. One answer for all charts of a page. */
export function askMetricSeries(query: {
  readonly runIds: readonly string[];
  readonly keys: readonly string[];
  readonly smoothing: number;
}): Question<readonly MetricSeries[]> {
  const [id] = query.runIds;
  const about = query.runIds.length === 1 && id !== undefined ? { id } : {};
  return ask({ subject: "run", ...about }, "runs.metricSeries", { ...query, maxPoints: 600 });
}

export function askArtifacts(runId: string): Question<readonly Artifact[]> {
  return ask({ subject: "run", id: runId }, "artifacts.list", { runId });
}

/** A file as text. */
export function askFileText(runId: string, path: string): Question<string> {
  return {
    queryKey: ["run", runId, "text", path],
    queryFn: async ({ signal }) => {
      const file = await rivulet.withSignal(signal).artifacts.get({ runId, path });
      return file.text();
    },
  };
}

/** Model versions that a run made. */
export function askVersionsOfRun(runId: string): PagedQuestion<ModelVersion> {
  const query = { filter: `runId = ${quote(runId)}` };
  return askPages({ subject: "model" }, "models.searchVersions", query);
}
