import type { Table } from "../table.ts";

const experiments: Table = {
  name: "experiments",
  columns: {
    id: "text",
    name: "text",
    lifecycle: "text",
    created_us: "integer",
    updated_us: "integer",
  },
  key: ["id"],
  indexes: [
    { name: "experiments_name", columns: ["name"], unique: true },
    { name: "experiments_created", columns: ["created_us DESC", "id DESC"] },
  ],
};

const tags: Table = {
  name: "tags",
  columns: { entity: "text", owner: "text", key: "text", value: "text" },
  key: ["entity", "owner", "key"],
  indexes: [{ name: "tags_value", columns: ["entity", "key", "value", "owner"] }],
  narrow: true,
};

const runs: Table = {
  name: "runs",
  columns: {
    id: "text",
    experiment_id: "text",
    name: "text",
    status: "text",
    status_message: "text?",
    start_us: "integer",
    end_us: "integer?",
    parent_run_id: "text?",
    user_id: "text?",
    lifecycle: "text",
  },
  key: ["id"],
  indexes: [
    { name: "runs_experiment", columns: ["experiment_id", "start_us DESC", "id DESC"] },
    { name: "runs_start", columns: ["start_us DESC", "id DESC"] },
    { name: "runs_parent", columns: ["parent_run_id"], where: "parent_run_id IS NOT NULL" },
  ],
};

const runParams: Table = {
  name: "run_params",
  columns: { run_id: "text", key: "text", value: "text", experiment_id: "text" },
  key: ["run_id", "key"],
  indexes: [{ name: "run_params_value", columns: ["experiment_id", "key", "value", "run_id"] }],
  narrow: true,
};

const latestMetrics: Table = {
  name: "latest_metrics",
  columns: {
    run_id: "text",
    key: "text",
    value: "real",
    step: "integer",
    ts_us: "integer",
    experiment_id: "text",
  },
  key: ["run_id", "key"],
  indexes: [
    { name: "latest_metrics_value", columns: ["experiment_id", "key", "value DESC", "run_id"] },
  ],
  narrow: true,
};

const metricSeries: Table = {
  name: "metric_series",
  columns: { run_id: "text", key: "text", id: "integer" },
  key: ["run_id", "key"],
  indexes: [{ name: "metric_series_id", columns: ["id"], unique: true }],
  narrow: true,
};

const metricPoints: Table = {
  name: "metric_points",
  columns: { series: "integer", step: "integer", ts_us: "integer", value: "real" },
  key: ["series", "step", "ts_us", "value"],
  narrow: true,
};

const artifacts: Table = {
  name: "artifacts",
  columns: {
    run_id: "text",
    path: "text",
    size: "integer",
    sha256: "text",
    content_type: "text",
    file_id: "text",
    created_us: "integer",
  },
  key: ["run_id", "path"],
  indexes: [{ name: "artifacts_file", columns: ["file_id"] }],
};

/** Engines that watch over runs, and when each was last heard of. */
const owners: Table = {
  name: "owners",
  columns: { id: "text", seen_us: "integer" },
  key: ["id"],
  local: true,
  narrow: true,
};

const runOwners: Table = {
  name: "run_owners",
  columns: {
    run_id: "text",
    owner: "text",
    /** When the owner was found to be gone. What it writes afterwards brings the run back. */
    gone_us: "integer?",
  },
  key: ["run_id", "owner"],
  indexes: [{ name: "run_owners_owner", columns: ["owner"] }],
  narrow: true,
};

/** Experiments, runs and what is logged of them. */
export const trackingTables: readonly Table[] = [
  experiments,
  tags,
  runs,
  runParams,
  latestMetrics,
  metricSeries,
  metricPoints,
  artifacts,
  owners,
  runOwners,
];
