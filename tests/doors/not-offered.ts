import type { OperationId } from "@rivulet/core";

const REMOVES = "It removes what no tool can bring back.";
const CURATED = "People decide it, in the dashboard, in code or on the command line.";
const FOR_CODE = "It is a step of recording; log_run does it whole.";
const FOUND = "search_experiments gives the same.";
const FOR_CHARTS =
  "It is for charts and lists; the search tools and get_overview answer the question.";

const OF_DASHBOARD = "It is how people have arranged a list of the dashboard.";
const OF_USERS = "aggregate_traces by userId gives the same.";

/** Operations that no tool offers, and why. Each of the others is offered by a tool. */
export const NOT_OFFERED: Readonly<Partial<Record<OperationId, string>>> = {
  "experiments.create": CURATED,
  "experiments.get": FOUND,
  "experiments.find": FOUND,
  "experiments.ensure": FOR_CODE,
  "experiments.update": CURATED,
  "experiments.delete": CURATED,
  "experiments.restore": CURATED,
  "artifacts.listFolder": "list_artifacts gives the same, with the whole paths.",
  "artifacts.delete": REMOVES,
  "runs.count": FOR_CHARTS,
  "runs.compare": "compare_runs gives the same of a few runs, which is what fits.",
  "runs.childSummaries": FOR_CHARTS,
  "runs.keys": FOR_CHARTS,
  "runs.values": FOR_CHARTS,
  "runs.groups": FOR_CHARTS,
  "runs.metricHistory":
    "get_metric_history gives the curve thinned out, which all points would not fit.",
  "runs.delete": CURATED,
  "runs.restore": CURATED,
  "runs.updateMany": CURATED,
  "runs.deleteMany": CURATED,
  "runs.restoreMany": CURATED,
  "models.create": CURATED,
  "models.update": CURATED,
  "models.delete": REMOVES,
  "models.register": "It publishes what a run has made, which code does.",
  "models.getVersion": "search_model_versions gives the same.",
  "models.updateVersion": CURATED,
  "models.deleteVersion": REMOVES,
  "models.deleteAlias": REMOVES,
  "prompts.getEntry": "search_prompts gives the same.",
  "prompts.listVersions": "get_prompt gives each version, and the prompt's resource the newest.",
  "prompts.update": CURATED,
  "prompts.delete": REMOVES,
  "prompts.setSplit": CURATED,
  "prompts.deleteAlias": REMOVES,
  "traces.listAttachments": "get_span shows where a file stands; its bytes are not for a text.",
  "traces.count": FOR_CHARTS,
  "traces.countUnindexed": FOR_CHARTS,
  "traces.keys": FOR_CHARTS,
  "traces.values": FOR_CHARTS,
  "traces.loadSpans": "All bodies of a trace do not fit an answer; get_span gives one.",
  "traces.update": CURATED,
  "traces.updateMany": CURATED,
  "traces.pin": CURATED,
  "traces.unpin": CURATED,
  "traces.delete": REMOVES,
  "traces.deleteFound": REMOVES,
  "traces.prune": REMOVES,
  "traces.logExpectation": "What is right is for people to say; log_feedback gives an opinion.",
  "traces.deleteAssessment": REMOVES,
  "users.get": OF_USERS,
  "users.search": OF_USERS,
  "datasets.create": CURATED,
  "datasets.get": "search_datasets gives the same.",
  "datasets.update": CURATED,
  "datasets.delete": REMOVES,
  "datasets.addRecords": CURATED,
  "datasets.addTraces": CURATED,
  "datasets.deleteRecords": CURATED,
  "evaluations.getRow": "get_evaluation_rows gives the same.",
  "views.create": OF_DASHBOARD,
  "views.get": OF_DASHBOARD,
  "views.search": OF_DASHBOARD,
  "views.update": OF_DASHBOARD,
  "views.delete": OF_DASHBOARD,
  "evaluations.get": "search_evaluations gives the same.",
};
