import type { Artifact, Experiment, MetricSeries, ModelVersion, Run, RunKeys } from "@rivulet/core";
import { apiUrl, at } from "../api/http.ts";
import { ask, askPages, type PagedQuestion, type Question } from "../api/query-client.ts";
import { quote } from "../search/filter-text.ts";

/** What a list of runs is narrowed and ordered by. */
export interface RunListQuery {
  readonly experimentIds?: readonly string[];
  readonly filter?: string;
  readonly orderBy?: string;
  readonly limit?: number;
}

/** Experiments, newest first. */
export function askExperiments(query: {
  readonly filter?: string;
  readonly orderBy?: string;
}): PagedQuestion<Experiment> {
  return askPages({ subject: "experiment" }, "/experiments", query);
}

export function askExperiment(id: string): Question<Experiment> {
  return ask({ subject: "experiment", id }, at`/experiments/${id}`);
}

export function askRuns(query: RunListQuery): PagedQuestion<Run> {
  return askPages({ subject: "run" }, "/runs", { ...query });
}

export function askRun(id: string): Question<Run> {
  return ask({ subject: "run", id }, at`/runs/${id}`);
}

/** Runs started inside another. */
export function askNestedRuns(id: string): PagedQuestion<Run> {
  return askRuns({ filter: `parentRunId = ${quote(id)}`, orderBy: "startTime ASC" });
}

export function askRunKeys(experimentId: string): Question<RunKeys> {
  return ask({ subject: "run" }, "/run-keys", { experimentIds: [experimentId] });
}

/** Curves of runs. One answer for all charts of a page. */
export function askMetricSeries(query: {
  readonly runIds: readonly string[];
  readonly keys: readonly string[];
  readonly smoothing: number;
}): Question<readonly MetricSeries[]> {
  const [id] = query.runIds;
  const about = query.runIds.length === 1 && id !== undefined ? { id } : {};
  return ask({ subject: "run", ...about }, "/metric-series", { ...query, maxPoints: 600 });
}

export function askArtifacts(runId: string): Question<readonly Artifact[]> {
  return ask({ subject: "run", id: runId }, at`/runs/${runId}/artifacts`);
}

/** Where an artifact's bytes are. */
export function artifactUrl(runId: string, path: string, isDownload = false): string {
  return apiUrl(at`/runs/${runId}/artifact`, { path, download: isDownload ? 1 : undefined });
}

/** Model versions that a run made. */
export function askVersionsOfRun(runId: string): PagedQuestion<ModelVersion> {
  return askPages({ subject: "model" }, "/model-versions", { filter: `runId = ${quote(runId)}` });
}
