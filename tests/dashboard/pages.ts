import type { Seeded } from "./seed.ts";

/** A page of the dashboard: its route, and what a reader must find on it. */
export interface PageCase {
  readonly name: string;
  readonly route: (ids: Seeded) => string;
  readonly title: string;
  /** Texts that show that the data has arrived. */
  readonly texts: readonly string[];
}

const run = (ids: Seeded): string => `#/experiments/${ids.experimentId}/runs/${ids.runId}`;

/** Every page. */
export const PAGES: readonly PageCase[] = [
  {
    name: "experiments",
    route: () => "#/experiments",
    title: "Experiments",
    texts: ["Iris classifiers", "botany", "Default"],
  },
  {
    name: "runs",
    route: (ids) => `#/experiments/${ids.experimentId}`,
    title: "Runs",
    texts: ["decision tree", "logistic regression", "accuracy", "0.975", "newton"],
  },
  {
    name: "run",
    route: run,
    title: "decision tree",
    texts: ["accuracy", "loss", "solver", "newton", "anna", "iris v2"],
  },
  {
    name: "artifacts",
    route: (ids) => `${run(ids)}?tab=artifacts`,
    title: "decision tree",
    texts: ["confusion-matrix.json", "versicolor", "46", "94 %", "notes.txt"],
  },
  {
    name: "artifact in a frame",
    route: (ids) => `${run(ids)}?tab=artifacts&artifact=report.html`,
    title: "decision tree",
    texts: ["report.html"],
  },
  {
    name: "metrics of a run",
    route: (ids) => `${run(ids)}?tab=values`,
    title: "decision tree",
    texts: ["accuracy", "0.975", "Points"],
  },
  {
    name: "nested runs",
    route: (ids) => `${run(ids)}?tab=nested`,
    title: "decision tree",
    texts: ["decision tree, fold 1"],
  },
  {
    name: "run comparison",
    route: (ids) => `#/compare-runs?runs=${ids.runId},${ids.otherRunId}`,
    title: "Compare runs",
    texts: ["decision tree", "logistic regression", "accuracy", "loss"],
  },
  ...[
    ["values", ["depth", "Only differences", "Baseline"]],
    ["sweep", ["Ranked by loss", "Narrow by sliders", "decision tree"]],
    ["scatter", ["X axis", "Y axis", "loss against"]],
  ].map(([view, texts]) => ({
    name: `run comparison, ${view}`,
    route: (ids: Seeded) => `#/compare-runs?runs=${ids.runId},${ids.otherRunId}&view=${view}`,
    title: "Compare runs",
    texts: texts as readonly string[],
  })),
  {
    name: "traces",
    route: () => "#/traces",
    title: "Traces",
    texts: ["flower agent", "broken agent", "session-7", "$0.0031"],
  },
  {
    name: "trace",
    route: (ids) => `#/traces/${ids.traceId}`,
    title: "flower agent",
    texts: ["chat gpt-4o-mini", "predict_species", "Iris virginica", "botanist v1", "session-7"],
  },
  {
    name: "trace with an error",
    route: (ids) => `#/traces/${ids.failedTraceId}`,
    title: "broken agent",
    texts: ["The tool failed", "predict_species"],
  },
  {
    name: "trace comparison",
    route: (ids) => `#/compare-traces?a=${ids.traceId}&b=${ids.failedTraceId}`,
    title: "Compare traces",
    texts: ["flower agent", "broken agent", "predict_species", "Open in A"],
  },
  {
    name: "overview",
    route: () => "#/overview",
    title: "Overview",
    texts: ["Error rate", "50 %", "$0.0062", "gpt-4o-mini", "Without evaluations"],
  },
  {
    name: "overview of quality",
    route: () => "#/overview?tab=quality",
    title: "Overview",
    texts: ["Latest evaluations", "one word", "Verdict against one word"],
  },
  {
    name: "overview of tools",
    route: () => "#/overview?tab=tools",
    title: "Overview",
    texts: ["predict_species", "50 %"],
  },
  {
    name: "sessions",
    route: () => "#/sessions",
    title: "Sessions",
    texts: ["session-7"],
  },
  {
    name: "session",
    route: () => "#/sessions/session-7",
    title: "session-7",
    texts: [
      "Turns",
      "What has petals 5.1 cm long?",
      "Iris virginica",
      "The tool failed",
      "$0.0031",
    ],
  },
  {
    name: "users",
    route: () => "#/users",
    title: "Users",
    texts: ["ben"],
  },
  {
    name: "user",
    route: () => "#/users/ben",
    title: "ben",
    texts: ["Sessions", "50 %", "First seen"],
  },
  {
    name: "prompts",
    route: () => "#/prompts",
    title: "Prompts",
    texts: ["botanist", "production", "→ v1", "staging"],
  },
  {
    name: "prompt",
    route: () => "#/prompts/botanist",
    title: "botanist",
    texts: ["Whole sentences", "First wording", "{{question}}", "Aliases"],
  },
  {
    name: "prompt difference",
    route: () => "#/prompts/botanist?version=2&against=1",
    title: "botanist",
    texts: ["word", "short sentence"],
  },
  {
    name: "models",
    route: () => "#/models",
    title: "Models",
    texts: ["iris", "Names an iris by its leaves.", "→ v2"],
  },
  {
    name: "model",
    route: () => "#/models/iris",
    title: "iris",
    texts: ["v1", "v2", "Deeper tree", "0.975"],
  },
  {
    name: "model version",
    route: () => "#/models/iris/versions/2",
    title: "iris v2",
    texts: ["decision tree", "accuracy", "0.975", "iris@production"],
  },
  {
    name: "datasets",
    route: () => "#/datasets",
    title: "Datasets",
    texts: ["flower questions", "What users asked."],
  },
  {
    name: "dataset",
    route: () => "#/datasets/flower%20questions",
    title: "flower questions",
    texts: ["What has petals 0.25 cm long?", "setosa"],
  },
  {
    name: "evaluations",
    route: () => "#/evaluations",
    title: "Evaluations",
    texts: ["one word", "sentence", "correct", "flower questions v1"],
  },
  {
    name: "evaluation",
    route: (ids) => `#/evaluations/${ids.baselineId}`,
    title: "one word",
    texts: ["95 % interval", "correct", "The model is away"],
  },
  {
    name: "evaluation comparison",
    route: (ids) => `#/evaluations/compare?baseline=${ids.baselineId}&candidate=${ids.candidateId}`,
    title: "Compare evaluations",
    texts: ["Verdict", "correct", "Better", "The model is away"],
  },
  {
    name: "settings",
    route: () => "#/settings",
    title: "Settings",
    texts: ["Time zone", "Europe/Berlin", "Compact", "1,234.5"],
  },
  {
    name: "webhooks",
    route: () => "#/webhooks",
    title: "Webhooks",
    texts: ["No webhooks yet."],
  },
  {
    name: "store",
    route: () => "#/store",
    title: "Store",
    texts: ["memory:", "How long traces are kept", "Waiting", "Model versions"],
  },
];
