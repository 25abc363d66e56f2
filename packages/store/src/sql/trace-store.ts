import type { Span, Trace } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { TraceStore } from "../port/store.ts";
import type { Database, Row, Sql } from "./database.ts";
import type { Dialect } from "./dialect.ts";
import { loadBlobs, releaseBlobs, unpackBody } from "./message-blobs.ts";
import { inExperiments } from "./run-rows.ts";
import { searchRows } from "./search.ts";
import { type Lookup, type SearchTable, tagLookup } from "./search-table.ts";
import { toSkeleton, toSpan, toTrace } from "./span-rows.ts";
import { deleteTags, loadTags, patchTags } from "./tags.ts";
import { number, placeholders, text, toMicros } from "./values.ts";

function assessed(kind: string, { json }: Dialect): Lookup {
  return {
    from: `FROM assessments v WHERE v.trace_id = t.id AND v.kind = '${kind}' AND v.name = ?`,
    value: { type: "json", expression: json.value("v.value") },
  };
}

function tableOf(dialect: Dialect): SearchTable {
  const metadata = dialect.json.members("t.metadata", "v");
  return {
    name: "traces",
    attributes,
    lookups: {
      tag: tagLookup("trace", "t.id"),
      metadata: {
        from: `FROM ${metadata.from} WHERE v.key = ?`,
        value: { type: "json", expression: metadata },
      },
      feedback: assessed("feedback", dialect),
      expectation: assessed("expectation", dialect),
    },
    defaultOrder: [
      { column: "start_us", descending: true },
      { column: "id", descending: true },
    ],
    tieBreak: [{ column: "id", descending: true }],
  };
}

const attributes: SearchTable["attributes"] = {
  id: { expression: "t.id", type: "text" },
  name: { expression: "t.name", type: "text" },
  status: { expression: "t.status", type: "text" },
  experimentId: { expression: "t.experiment_id", type: "text" },
  sessionId: { expression: "t.session_id", type: "text", nullable: true },
  userId: { expression: "t.user_id", type: "text", nullable: true },
  runId: { expression: "t.run_id", type: "text", nullable: true },
  startTime: { expression: "t.start_us", type: "time" },
  endTime: { expression: "t.end_us", type: "time", nullable: true },
  durationMs: {
    expression: "((t.end_us - t.start_us) / 1000.0)",
    type: "number",
    nullable: true,
  },
  spanCount: { expression: "t.span_count", type: "number" },
  errorCount: { expression: "t.error_count", type: "number" },
  totalTokens: { expression: "t.total_tokens", type: "number", nullable: true },
  cost: { expression: "t.cost", type: "number", nullable: true },
};

/** Traces and their spans in SQL. */
export function traceStore(database: Database): TraceStore {
  const table = tableOf(database.dialect);
  return {
    get: (id) => database.snapshot((sql) => get(sql, id)),
    async listSpans(traceId) {
      const rows = await database.all(SPANS_OF_TRACE, [traceId]);
      return rows.map(toSkeleton);
    },
    loadSpans: (traceId) =>
      database.snapshot(async (sql) =>
        withBodies(sql, traceId, await sql.all(SPANS_OF_TRACE, [traceId])),
      ),
    getSpan: ({ traceId, spanId }) =>
      database.snapshot(async (sql) => {
        const rows = await sql.all("SELECT * FROM spans WHERE trace_id = ? AND id = ?", [
          traceId,
          spanId,
        ]);
        return (await withBodies(sql, traceId, rows))[0];
      }),
    search: ({ experimentIds, ...query }) =>
      database.snapshot(async (sql) => {
        const conditions = inExperiments(experimentIds);
        const { items, ...rest } = await searchRows(sql, { table, query, conditions });
        return { items: await loadTraces(sql, items), ...rest };
      }),
    update: (patch) =>
      database.transaction(async (sql) => {
        if ((await lockTraces(sql, [patch.id])).length === 0) throw noTrace(patch.id);
        await patchTags(sql, { entity: "trace", owner: patch.id }, patch);
        const updated = await get(sql, patch.id);
        if (updated === undefined) throw noTrace(patch.id);
        return updated;
      }),
    delete: (ids) => database.transaction((sql) => deleteTraces(sql, ids)),
    closeAbandoned: ({ before }) =>
      database.transaction((sql) => closeAbandoned(sql, toMicros(before))),
  };
}

const SPANS_OF_TRACE = "SELECT * FROM spans WHERE trace_id = ? ORDER BY start_us, id";

/** No trace has this id. */
export function noTrace(id: string): RivuletError {
  return new RivuletError("not_found", `No trace has the id "${id}".`, { details: { id } });
}

async function get(sql: Sql, id: string): Promise<Trace | undefined> {
  return (await loadTraces(sql, await sql.all("SELECT * FROM traces WHERE id = ?", [id])))[0];
}

/** Those of the traces that are there; nobody else changes them until the transaction ends. */
async function lockTraces(sql: Sql, ids: readonly string[]): Promise<readonly Row[]> {
  if (ids.length === 0) return [];
  return sql.all(
    `SELECT id, touched_us FROM traces WHERE id IN (${placeholders(ids)}) ORDER BY id ${sql.dialect.forUpdate}`,
    ids,
  );
}

async function loadTraces(sql: Sql, rows: readonly Row[]): Promise<Trace[]> {
  const tags = await loadTags(
    sql,
    "trace",
    rows.map((row) => text(row, "id")),
  );
  return rows.map((row) => toTrace(row, tags.get(text(row, "id")) ?? {}));
}

async function withBodies(sql: Sql, traceId: string, rows: readonly Row[]): Promise<Span[]> {
  if (rows.length === 0) return [];
  const blobs = await loadBlobs(sql, traceId);
  return rows.map((row) => toSpan(row, unpackBody(text(row, "body"), blobs)));
}

async function deleteTraces(sql: Sql, wanted: readonly string[]): Promise<number> {
  const ids = (await lockTraces(sql, wanted)).map((row) => text(row, "id"));
  if (ids.length === 0) return 0;
  const list = placeholders(ids);
  await releaseBlobs(sql, ids);
  await sql.run(`DELETE FROM spans WHERE trace_id IN (${list})`, ids);
  await sql.run(`DELETE FROM assessments WHERE trace_id IN (${list})`, ids);
  await deleteTags(sql, "trace", ids);
  return sql.run(`DELETE FROM traces WHERE id IN (${list})`, ids);
}

/** An open span ends with the last news of its trace, or where it began when that came later. */
const LAST_NEWS = "CASE WHEN start_us > ? THEN start_us ELSE ? END";

async function closeAbandoned(sql: Sql, beforeUs: number): Promise<readonly string[]> {
  const open = await sql.all(
    `SELECT DISTINCT s.trace_id FROM spans s JOIN traces t ON t.id = s.trace_id
     WHERE s.status = 'in_progress' AND s.start_us < ? AND t.touched_us < ?`,
    [beforeUs, beforeUs],
  );
  const locked = await lockTraces(
    sql,
    open.map((row) => text(row, "trace_id")),
  );
  // Something may have been written to others before their lock was had.
  const abandoned = locked.filter((trace) => number(trace, "touched_us") < beforeUs);
  for (const trace of abandoned) {
    const [id, touched] = [text(trace, "id"), number(trace, "touched_us")];
    await sql.run(
      `UPDATE spans SET status = 'abandoned', end_us = ${LAST_NEWS} WHERE trace_id = ? AND status = 'in_progress'`,
      [touched, touched, id],
    );
    await sql.run(
      `UPDATE traces SET status = 'abandoned', end_us = ${LAST_NEWS} WHERE id = ? AND status = 'in_progress'`,
      [touched, touched, id],
    );
  }
  return abandoned.map((trace) => text(trace, "id"));
}
