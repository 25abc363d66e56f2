import { type FilterState, filterParams } from "../lists/filter/filter-state.ts";
import { initialClauses } from "../lists/filter/without-evaluations.ts";
import { at } from "./at.ts";
import { type Scope, type ScopedPage, scopedPath } from "./scope.ts";

/** Where everything is; the paths of experiments and runs are MLflow's, so that links of its clients fit. */
export const paths = {
  store: "#/store",
  experiments: "#/experiments",
  experiment: (id: string): string => `#${at`/experiments/${id}`}`,
  aboutExperiment: (id: string): string => `#${at`/experiments/${id}/about`}`,
  run: (run: { readonly experimentId: string; readonly id: string }): string =>
    `#${at`/experiments/${run.experimentId}/runs/${run.id}`}`,
  compareRuns: (ids: readonly string[]): string => `#/compare-runs?runs=${ids.join(",")}`,
  /** A list or the overview, of one experiment or all, narrowed as its filter bar would. */
  scoped: (page: ScopedPage, scope: Scope = {}, filter: Partial<FilterState> = {}): string => {
    // A link that narrows a list says all of it: nothing is left out by itself then.
    const initially = initialClauses(page);
    const narrowed = Object.keys(filter).length === 0 ? {} : { clauses: [], ...filter };
    const params = Object.entries(filterParams(narrowed, initially)).flatMap(([name, values]) =>
      [values].flat().flatMap((value) => (value === "" ? [] : [[name, value]])),
    );
    const search = new URLSearchParams(params).toString();
    return `#${scopedPath(page, scope)}${search === "" ? "" : `?${search}`}`;
  },
  session: (id: string): string => `#${at`/sessions/${id}`}`,
  user: (id: string): string => `#${at`/users/${id}`}`,
  trace: (id: string, spanId?: string): string =>
    `#${at`/traces/${id}`}${spanId === undefined ? "" : `?span=${spanId}`}`,
  prompts: "#/prompts",
  prompt: (name: string, version?: number): string =>
    `#${at`/prompts/${name}`}${version === undefined ? "" : `?version=${version}`}`,
  compareTraces: (a: string, b: string): string => `#/compare-traces?a=${a}&b=${b}`,
  models: "#/models",
  model: (name: string): string => `#${at`/models/${name}`}`,
  modelVersion: (name: string, version: number): string =>
    `#${at`/models/${name}/versions/${version}`}`,
  loggedModel: (model: { readonly experimentId: string; readonly id: string }): string =>
    `#${at`/experiments/${model.experimentId}/models/${model.id}`}`,
  datasets: "#/datasets",
  dataset: (name: string, version?: number): string =>
    `#${at`/datasets/${name}`}${version === undefined ? "" : `?version=${version}`}`,
  webhooks: "#/webhooks",
  webhook: (id: string): string => `#${at`/webhooks/${id}`}`,
  evaluation: (id: string): string => `#${at`/evaluations/${id}`}`,
  compareEvaluations: (baseline: string, candidate: string): string =>
    `#/evaluations/compare?baseline=${baseline}&candidate=${candidate}`,
} as const;
