import type { Sql } from "../database.ts";
import { number } from "../values.ts";

/**
 * Tables that have rows of traces and of nothing else. Tags are not among them, which others have as well, nor are
 * assessments, whose traces are kept.
 */
const TABLES = [
  "traces",
  "spans",
  "trace_prompts",
  "trace_span_types",
  "trace_errors",
  "usage_above",
  "blobs",
  "blob_refs",
  "attachments",
  "attachment_files",
  "open_spans",
  "unindexed",
  "trace_rollups",
  "stale_rollups",
];

/** Bytes at some time. */
interface Measured {
  readonly traces: number;
  /** Of the whole database. */
  readonly all: number;
}

/**
 * Says how many bytes traces take with their indexes, or at most take as long as that is not more than `enough`. To know
 * it, a database may have to read all of their pages: that is not done while the whole database is small enough, nor
 * while it has grown too little since the last time.
 */
export function traceBytes(): (sql: Sql, enough: number) => Promise<number> {
  let known: Measured | undefined;
  return async (sql, enough) => {
    const all = await bytes(sql, sql.dialect.usedBytes);
    if (all <= enough) return all;
    if (known !== undefined) {
      // What has gone since then may have been anything: all that comes from now on counts as traces.
      known = { traces: known.traces, all: Math.min(known.all, all) };
      const most = known.traces + all - known.all;
      if (most <= enough) return most;
    }
    const { words } = sql.dialect;
    const traces = await bytes(sql, sql.dialect.bytesOf([...TABLES, ...(words?.tables ?? [])]));
    known = { traces, all };
    return traces;
  };
}

async function bytes(sql: Sql, query: string): Promise<number> {
  const [row = {}] = await sql.all(query);
  return number(row, "bytes");
}
