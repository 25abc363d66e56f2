import type { Table } from "./table.ts";

/** Open spans and the engine that owns them: when it is gone, they are abandoned. */
const openSpans: Table = {
  name: "open_spans",
  columns: { trace_id: "text", span_id: "text", owner: "text" },
  key: ["trace_id", "span_id"],
  indexes: [{ name: "open_spans_owner", columns: ["owner"] }],
  local: true,
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

/** Tables for parts of traces, and for what is known of all of them. */
export const TRACE_TABLES: readonly Table[] = [
  openSpans,
  tracePrompts,
  traceSpanTypes,
  traceErrors,
  usageAbove,
  blobs,
  blobRefs,
  attachments,
  attachmentFiles,
  unindexed,
  traceRollups,
  staleRollups,
  retentionNotes,
];
