import type { Table } from "./table.ts";

const tags: Table = {
  name: "tags",
  columns: { entity: "text", owner: "text", key: "text", value: "text" },
  key: ["entity", "owner", "key"],
  indexes: [{ name: "tags_value", columns: ["entity", "key", "value", "owner"], long: ["value"] }],
  narrow: true,
};

const runParams: Table = {
  name: "run_params",
  columns: {
    run_id: "text",
    key: "text",
    value: "text",
    experiment_id: "text",
    /** The number that the value reads as. */
    number: "real?",
  },
  key: ["run_id", "key"],
  indexes: [
    {
      name: "run_params_value",
      columns: ["experiment_id", "key", "value", "run_id"],
      long: ["value"],
    },
    {
      name: "run_params_number",
      columns: ["experiment_id", "key", "number", "run_id"],
      where: "number IS NOT NULL",
    },
  ],
  added: { number: 2, run_params_number: 2 },
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
    // Both ways: runs of one value stand in the order that the values have.
    { name: "latest_metrics_order", columns: ["experiment_id", "key", "value", "run_id"] },
  ],
  added: { latest_metrics_order: 2 },
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

/** Engines that own something, and when each was last heard of. */
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

/** Spans in progress, and the engine that has them open: when it is gone, they are abandoned. */
const openSpans: Table = {
  name: "open_spans",
  columns: { trace_id: "text", span_id: "text", owner: "text" },
  key: ["trace_id", "span_id"],
  indexes: [{ name: "open_spans_owner", columns: ["owner"] }],
  local: true,
  narrow: true,
};

const modelAliases: Table = {
  name: "model_aliases",
  columns: { name: "text", alias: "text", version: "integer" },
  key: ["name", "alias"],
  narrow: true,
};

const promptAliases: Table = {
  name: "prompt_aliases",
  columns: { name: "text", alias: "text", arms: "json" },
  key: ["name", "alias"],
  narrow: true,
};

/** The prompts that a trace has used. */
const tracePrompts: Table = {
  name: "trace_prompts",
  columns: { trace_id: "text", name: "text", version: "integer" },
  key: ["trace_id", "name", "version"],
  indexes: [{ name: "trace_prompts_name", columns: ["name", "version", "trace_id"] }],
  since: 2,
  narrow: true,
};

/** The types that spans of a trace have, or once had. */
const traceSpanTypes: Table = {
  name: "trace_span_types",
  columns: { trace_id: "text", type: "text" },
  key: ["trace_id", "type"],
  indexes: [{ name: "trace_span_types_type", columns: ["type", "trace_id"] }],
  since: 2,
  narrow: true,
};

const blobs: Table = { name: "blobs", columns: { hash: "text", body: "text" }, key: ["hash"] };

const blobRefs: Table = {
  name: "blob_refs",
  columns: { trace_id: "text", hash: "text" },
  key: ["trace_id", "hash"],
  indexes: [{ name: "blob_refs_hash", columns: ["hash"] }],
  narrow: true,
};

/** How far each segment of the spool was taken. */
const spool: Table = {
  name: "spool",
  columns: { segment: "text", position: "integer" },
  key: ["segment"],
  local: true,
  narrow: true,
};

/** What was changed by whom, for some minutes. */
const changes: Table = {
  name: "changes",
  columns: { at_us: "integer", id: "text", origin: "text", entity: "text", ids: "json" },
  key: ["at_us", "id"],
  local: true,
};

/** Tables that hold parts of records, and what the store needs for itself. */
export const INNER_TABLES: readonly Table[] = [
  tags,
  runParams,
  latestMetrics,
  metricSeries,
  metricPoints,
  owners,
  runOwners,
  openSpans,
  modelAliases,
  promptAliases,
  tracePrompts,
  traceSpanTypes,
  blobs,
  blobRefs,
  spool,
  changes,
];
