import type { Insert, Sql } from "../database.ts";
import { noteStaleOf } from "../rollups/stale-slices.ts";
import { text } from "../values.ts";
import { noteUnindexed } from "../words/unindexed.ts";
import { keyOf } from "./span-batch.ts";
import type { KnownSpan } from "./span-merge.ts";

const OPEN: Insert = {
  table: "open_spans",
  columns: ["trace_id", "span_id", "owner"],
  conflict: { key: ["trace_id", "span_id"], update: [] },
};

/** Options of {@link noteOpenSpans}. */
export interface SpansOfOwner {
  /** The engine that recorded them; empty when unknown. */
  readonly owner: string;
  /** As they are now in the store. */
  readonly spans: readonly KnownSpan[];
  /** Key of a span → what was stored of it before. */
  readonly before: ReadonlyMap<string, KnownSpan>;
}

/** Records who has which spans open, inside the transaction that writes them. Returns how many were started. */
export async function noteOpenSpans(
  sql: Sql,
  { owner, spans, before }: SpansOfOwner,
): Promise<number> {
  const isOpen = (span: KnownSpan | undefined): boolean => span?.fields.status === "in_progress";
  const wasOpen = ({ fields }: KnownSpan): boolean => isOpen(before.get(keyOf(fields)));
  const keysOf = (some: readonly KnownSpan[]): readonly string[][] =>
    some.map(({ fields }) => [fields.traceId, fields.id]);
  const ended = keysOf(spans.filter((span) => wasOpen(span) && !isOpen(span)));
  if (ended.length > 0) {
    await sql.run(
      `DELETE FROM open_spans WHERE (trace_id, span_id) IN (VALUES ${ended.map(() => "(?, ?)").join(", ")})`,
      ended.flat(),
    );
  }
  if (owner === "") return 0;
  const begun = keysOf(spans.filter((span) => isOpen(span) && !wasOpen(span)));
  return sql.insert(
    OPEN,
    begun.map((key) => [...key, owner]),
  );
}

/** When the trace of a span was last written, or the start of the span if that is later. */
const LAST_NEWS = `(SELECT CASE WHEN spans.start_us > t.touched_us THEN spans.start_us ELSE t.touched_us END
  FROM traces t WHERE t.id = spans.trace_id)`;
const OWNED = "EXISTS (SELECT 1 FROM open_spans o WHERE o.trace_id = spans.trace_id";
const GONE = "Its process ended, or its client was closed, before the span did.";
const SILENT = "No news for too long.";

/** The owner is gone: abandons its open spans. Returns the ids of their traces. */
export async function abandonSpansOf(sql: Sql, owner: string): Promise<readonly string[]> {
  const ids = "SELECT trace_id FROM open_spans WHERE owner = ?";
  const traces = await sql.all(
    `SELECT id FROM traces WHERE id IN (${ids}) ORDER BY id ${sql.dialect.forUpdate}`,
    [owner],
  );
  if (traces.length > 0) {
    await sql.run(
      `UPDATE spans SET status = 'abandoned', status_message = ?, end_us = ${LAST_NEWS}
       WHERE trace_id IN (${ids}) AND status = 'in_progress' AND ${OWNED} AND o.span_id = spans.id AND o.owner = ?)`,
      [GONE, owner, owner],
    );
    await abandonTraces(sql, `id IN (${ids})`, [owner]);
    const changed = traces.map((row) => text(row, "id"));
    await noteUnindexed(sql, changed);
    await noteStaleOf(sql, changed);
  }
  await sql.run("DELETE FROM open_spans WHERE owner = ?", [owner]);
  return traces.map((row) => text(row, "id"));
}

/** Abandons the open spans of a locked trace that have no owner. */
export async function abandonUnowned(sql: Sql, traceId: string): Promise<void> {
  await sql.run(
    `UPDATE spans SET status = 'abandoned', status_message = ?, end_us = ${LAST_NEWS}
     WHERE trace_id = ? AND status = 'in_progress' AND NOT ${OWNED} AND o.span_id = spans.id)`,
    [SILENT, traceId],
  );
  await abandonTraces(sql, "id = ?", [traceId]);
  await noteUnindexed(sql, [traceId]);
  await noteStaleOf(sql, [traceId]);
}

/** A trace ends with the last of its open spans. */
async function abandonTraces(sql: Sql, which: string, values: readonly string[]): Promise<void> {
  await sql.run(
    `UPDATE traces SET status = 'abandoned', end_us = CASE WHEN start_us > touched_us THEN start_us ELSE touched_us END
     WHERE ${which} AND status = 'in_progress'
     AND NOT EXISTS (SELECT 1 FROM spans s WHERE s.trace_id = traces.id AND s.status = 'in_progress')`,
    values,
  );
}
