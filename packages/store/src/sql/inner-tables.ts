import { STORE_ID } from "./store-id.ts";
import type { Table } from "./table.ts";
import { TABLES_OF_1 } from "./version-1.ts";

const tags: Table = {
  name: "tags",
  columns: { entity: "text", owner: "text", key: "text", value: "text" },
  key: ["entity", "owner", "key"],
  indexes: [{ name: "tags_value", columns: ["entity", "key", "value", "owner"], long: ["value"] }],
  narrow: true,
};

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

/** Engines that own something, with their last heartbeat. */
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
    /** When the owner was found to be gone. Later writes by it reopen the run. */
    gone_us: "integer?",
  },
  key: ["run_id", "owner"],
  indexes: [{ name: "run_owners_owner", columns: ["owner"] }],
  narrow: true,
};

/** Open spans and the engine that owns them: when it is gone, they are abandoned. */
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

/** The prompts used by a trace. */
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

/** The fingerprints of the failures of a trace's spans. */
const traceErrors: Table = {
  name: "trace_errors",
  columns: { trace_id: "text", fingerprint: "text" },
  key: ["trace_id", "fingerprint"],
  indexes: [{ name: "trace_errors_fingerprint", columns: ["fingerprint", "trace_id"] }],
  since: 3,
  narrow: true,
};

/**
 * Spans, stored or still to come, that have a span with usage or a fee below them, and what is right below on the way to
 * it.
 */
const usageAbove: Table = {
  name: "usage_above",
  columns: {
    trace_id: "text",
    span_id: "text",
    /** 1 if it is a fee; 0 if there is usage. A span may have rows of both. */
    fee: "integer",
    below_id: "text",
    /** 1 if it is known to be a scorer's. */
    judged: "integer",
  },
  key: ["trace_id", "span_id", "fee", "below_id"],
  since: 3,
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

/** The files that spans of a trace refer to. */
const attachments: Table = {
  name: "attachments",
  columns: {
    trace_id: "text",
    hash: "text",
    span_id: "text",
    size: "integer",
    media_type: "text",
    name: "text?",
  },
  key: ["trace_id", "hash"],
  indexes: [{ name: "attachments_hash", columns: ["hash"] }],
  since: 3,
  narrow: true,
};

/** Which of those files are stored, and which had no room. */
const attachmentFiles: Table = {
  name: "attachment_files",
  columns: { hash: "text", size: "integer", is_stored: "integer" },
  key: ["hash"],
  since: 3,
  narrow: true,
};

/** The offset up to which each segment of the spool is done. */
const spool: Table = {
  name: "spool",
  columns: { segment: "text", position: "integer" },
  key: ["segment"],
  local: true,
  narrow: true,
};

/** Recent changes and who made them, kept for some minutes. */
const changes: Table = {
  name: "changes",
  columns: { at_us: "integer", id: "text", origin: "text", entity: "text", ids: "json" },
  key: ["at_us", "id"],
  local: true,
  narrow: true,
};

/**
 * Traces that have texts which the index of words does not know yet. Since when, and a mark of the change: who has
 * indexed the trace as it was takes it out only if it still is.
 */
const unindexed: Table = {
  name: "unindexed",
  columns: { trace_id: "text", noted_us: "integer", mark: "integer" },
  key: ["trace_id"],
  since: 2,
  local: true,
  narrow: true,
};

/**
 * Traces summed up by experiment and five minutes of their start, behind their rows. `durations` has them all, or none
 * where `bins` counts them, in pairs.
 */
const traceRollups: Table = {
  name: "trace_rollups",
  columns: {
    slice_us: "integer",
    experiment_id: "text",
    traces: "integer",
    errors: "integer",
    durations: "json",
    bins: "json",
    binned_us: "integer",
    input_tokens: "integer?",
    output_tokens: "integer?",
    total_tokens: "integer?",
    cache_read_tokens: "integer?",
    cache_write_tokens: "integer?",
    cache_write1h_tokens: "integer?",
    reasoning_tokens: "integer?",
    audio_input_tokens: "integer?",
    audio_output_tokens: "integer?",
    image_input_tokens: "integer?",
    image_output_tokens: "integer?",
    cost: "real?",
  },
  key: ["slice_us", "experiment_id"],
  since: 3,
  local: true,
};

/**
 * Those of them that are not right, as traces in them have changed. Every trace is in a sum that is right or in one
 * that is here. A row for each thread that writes, with a mark of its last change: who has counted the traces anew
 * takes the rows out only if they still are as they were before.
 */
const staleRollups: Table = {
  name: "stale_rollups",
  columns: {
    slice_us: "integer",
    experiment_id: "text",
    writer: "text",
    noted_us: "integer",
    mark: "integer",
  },
  key: ["slice_us", "experiment_id", "writer"],
  since: 3,
  local: true,
  narrow: true,
};

/** What was told and done about how long traces are kept: a row for each kind of note. */
const retentionNotes: Table = {
  name: "retention_notes",
  columns: { kind: "text", at_us: "integer", detail: "json" },
  key: ["kind"],
  since: 4,
  local: true,
  narrow: true,
};

/**
 * How far a migration into this store has come: a row for each table, and one without a name for the whole. There are
 * none in a store that is not being migrated into.
 */
const migrations: Table = {
  name: "migrations",
  columns: { table_name: "text", source: "text", after: "json?", is_done: "integer" },
  key: ["table_name"],
  since: 4,
  local: true,
  narrow: true,
};

/** Tables for parts of records and for the store itself, including those of older versions. */
export const INNER_TABLES: readonly Table[] = [
  tags,
  ...TABLES_OF_1,
  runKeys,
  params,
  metrics,
  points,
  modelParams,
  modelMetrics,
  owners,
  runOwners,
  openSpans,
  modelAliases,
  promptAliases,
  tracePrompts,
  traceSpanTypes,
  traceErrors,
  usageAbove,
  blobs,
  blobRefs,
  attachments,
  attachmentFiles,
  spool,
  changes,
  STORE_ID,
  unindexed,
  traceRollups,
  staleRollups,
  retentionNotes,
  migrations,
];
