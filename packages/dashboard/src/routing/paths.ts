import { at } from "./at.ts";

/** Where everything is; the paths of experiments and runs are MLflow's, so that links of its clients fit. */
export const paths = {
  experiments: "#/experiments",
  experiment: (id: string): string => `#${at`/experiments/${id}`}`,
  run: (run: { readonly experimentId: string; readonly id: string }): string =>
    `#${at`/experiments/${run.experimentId}/runs/${run.id}`}`,
  compareRuns: (ids: readonly string[]): string => `#/compare-runs?runs=${ids.join(",")}`,
  traces: (query: { readonly filter?: string; readonly experiment?: string } = {}): string => {
    const search = new URLSearchParams({ ...query }).toString();
    return `#/traces${search === "" ? "" : `?${search}`}`;
  },
  trace: (id: string, spanId?: string): string =>
    `#${at`/traces/${id}`}${spanId === undefined ? "" : `?span=${spanId}`}`,
  prompts: "#/prompts",
  prompt: (name: string, version?: number): string =>
    `#${at`/prompts/${name}`}${version === undefined ? "" : `?version=${version}`}`,
  models: "#/models",
  model: (name: string): string => `#${at`/models/${name}`}`,
  modelVersion: (name: string, version: number): string =>
    `#${at`/models/${name}/versions/${version}`}`,
  datasets: "#/datasets",
  dataset: (name: string, version?: number): string =>
    `#${at`/datasets/${name}`}${version === undefined ? "" : `?version=${version}`}`,
  evaluations: "#/evaluations",
  evaluation: (id: string): string => `#${at`/evaluations/${id}`}`,
  compareEvaluations: (baseline: string, candidate: string): string =>
    `#/evaluations/compare?baseline=${baseline}&candidate=${candidate}`,
} as const;
