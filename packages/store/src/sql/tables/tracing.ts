import type { Table } from "../table.ts";

const usage = {
  input_tokens: "integer?",
  output_tokens: "integer?",
  total_tokens: "integer?",
  cache_read_tokens: "integer?",
  cache_write_tokens: "integer?",
  reasoning_tokens: "integer?",
  cost: "real?",
} as const;

const traces: Table = {
  name: "traces",
  columns: {
    id: "text",
    experiment_id: "text",
    name: "text",
    status: "text",
    start_us: "integer",
    end_us: "integer?",
    /** The span without a parent. */
    root_id: "text?",
    session_id: "text?",
    user_id: "text?",
    run_id: "text?",
    metadata: "json",
    input_preview: "text?",
    output_preview: "text?",
    span_count: "integer",
    error_count: "integer",
    ...usage,
    prompts: "json",
    /** The last time anything of it was written. */
    touched_us: "integer",
  },
  key: ["id"],
  indexes: [
    { name: "traces_experiment", columns: ["experiment_id", "start_us DESC", "id DESC"] },
    { name: "traces_start", columns: ["start_us DESC", "id DESC"] },
    {
      name: "traces_session",
      columns: ["session_id", "start_us DESC"],
      where: "session_id IS NOT NULL",
    },
    { name: "traces_run", columns: ["run_id", "start_us DESC"], where: "run_id IS NOT NULL" },
    {
      name: "traces_error",
      columns: ["experiment_id", "start_us DESC", "id DESC"],
      where: "status = 'error'",
    },
  ],
};

const spans: Table = {
  name: "spans",
  columns: {
    trace_id: "text",
    id: "text",
    parent_id: "text?",
    experiment_id: "text",
    name: "text",
    type: "text",
    status: "text",
    status_message: "text?",
    start_us: "integer",
    end_us: "integer?",
    model: "text?",
    provider: "text?",
    ...usage,
    first_token_us: "integer?",
    prompts: "json?",
    body: "json",
  },
  key: ["trace_id", "id"],
  indexes: [{ name: "spans_open", columns: ["start_us"], where: "status = 'in_progress'" }],
};

const blobs: Table = { name: "blobs", columns: { hash: "text", body: "text" }, key: ["hash"] };

const blobRefs: Table = {
  name: "blob_refs",
  columns: { trace_id: "text", hash: "text" },
  key: ["trace_id", "hash"],
  indexes: [{ name: "blob_refs_hash", columns: ["hash"] }],
  narrow: true,
};

const assessments: Table = {
  name: "assessments",
  columns: {
    id: "text",
    trace_id: "text",
    span_id: "text?",
    kind: "text",
    name: "text",
    value: "json",
    source: "text",
    source_id: "text?",
    rationale: "text?",
    error: "text?",
    metadata: "json",
    run_id: "text?",
    created_us: "integer",
  },
  key: ["id"],
  indexes: [{ name: "assessments_trace", columns: ["trace_id", "created_us", "id"] }],
};

/** Traces, spans and what is judged of them. */
export const tracingTables: readonly Table[] = [traces, spans, blobs, blobRefs, assessments];
