import type { Table } from "./table.ts";

/**
 * Names of params and metrics, a number for each name in an experiment: rows of runs are many, and hold it instead
 * of both.
 */
const runKeys: Table = {
  name: "run_keys",
  columns: { id: "integer", experiment_id: "text", kind: "text", key: "text" },
  key: ["id"],
  indexes: [{ name: "run_keys_key", columns: ["experiment_id", "kind", "key"], unique: true }],
  since: 2,
  narrow: true,
};

const params: Table = {
  name: "params",
  columns: {
    run: "integer",
    key: "integer",
    value: "text",
    /** The numeric value of the text. */
    number: "real?",
  },
  key: ["run", "key"],
  indexes: [
    { name: "params_value", columns: ["key", "value", "run"], long: ["value"] },
    {
      name: "params_number",
      columns: ["key", "number", "run"],
      where: "number IS NOT NULL",
    },
  ],
  since: 2,
  narrow: true,
};

/** The latest value of each metric of a run, and all its points summed up. NaN is neither least nor greatest. */
const metrics: Table = {
  name: "metrics",
  columns: {
    run: "integer",
    key: "integer",
    value: "real",
    step: "integer",
    ts_us: "integer",
    min_value: "real?",
    max_value: "real?",
    first_value: "real?",
    first_step: "integer?",
    first_us: "integer?",
    /** How many there are. */
    points: "integer?",
  },
  key: ["run", "key"],
  // In both directions: runs with equal values follow the direction of the order.
  indexes: [
    { name: "metrics_value", columns: ["key", "value", "run"] },
    { name: "metrics_min", columns: ["key", "min_value", "run"] },
    { name: "metrics_max", columns: ["key", "max_value", "run"] },
    { name: "metrics_first", columns: ["key", "first_value", "run"] },
  ],
  since: 2,
  added: {
    min_value: 4,
    max_value: 4,
    first_value: 4,
    first_step: 4,
    first_us: 4,
    points: 4,
    metrics_min: 4,
    metrics_max: 4,
    metrics_first: 4,
  },
  narrow: true,
};

const points: Table = {
  name: "points",
  columns: { run: "integer", key: "integer", step: "integer", ts_us: "integer", value: "real" },
  key: ["run", "key", "step", "ts_us", "value"],
  since: 2,
  narrow: true,
};

/** Params of logged models. */
const modelParams: Table = {
  name: "model_params",
  columns: {
    model_id: "text",
    key: "text",
    value: "text",
    /** The numeric value of the text. */
    number: "real?",
  },
  key: ["model_id", "key"],
  since: 4,
  narrow: true,
};

/** The latest value of each metric of a logged model on each dataset, whose name and digest are empty for none. */
const modelMetrics: Table = {
  name: "model_metrics",
  columns: {
    model_id: "text",
    key: "text",
    dataset_name: "text",
    dataset_digest: "text",
    value: "real",
    step: "integer",
    ts_us: "integer",
    run_id: "text",
  },
  key: ["model_id", "key", "dataset_name", "dataset_digest"],
  since: 4,
  narrow: true,
};

const runOwners: Table = {
  name: "run_owners",
  columns: {
    run_id: "text",
    owner: "text",
    /** When the owner was found to be gone. Later writes by it reopen the run. */
    gone_us: "integer?",
  },
  key: ["run_id", "owner"],
  indexes: [{ name: "run_owners_owner", columns: ["owner"] }],
  narrow: true,
};

/** Tables for parts of runs and of logged models. */
export const RUN_TABLES: readonly Table[] = [
  runKeys,
  params,
  metrics,
  points,
  modelParams,
  modelMetrics,
  runOwners,
];
