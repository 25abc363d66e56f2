import type { Span, Trace } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { TraceStore } from "../port/store.ts";
import { sqliteDialect } from "./dialect.ts";
import { loadBlobs, releaseBlobs, unpackBody } from "./message-blobs.ts";
import { inExperiments } from "./run-store.ts";
import { searchRows } from "./search.ts";
import { type SearchTable, tagLookup } from "./search-table.ts";
import { toSkeleton, toSpan, toTrace } from "./span-rows.ts";
import type { Row, SqlConnection } from "./sql-connection.ts";
import { deleteTags, loadTags, patchTags } from "./tags.ts";
import { placeholders, text, toMicros } from "./values.ts";

const assessed = (kind: string): string =>
  `FROM assessments v WHERE v.trace_id = t.id AND v.kind = '${kind}' AND v.name = ?`;

const table: SearchTable = {
  name: "traces",
  attributes: {
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
  },
  lookups: {
    tag: tagLookup("trace", "t.id"),
    metadata: {
      from: "FROM json_each(t.metadata) v WHERE v.key = ?",
      value: sqliteDialect.jsonEachValue("v"),
      type: "json",
    },
    feedback: {
      from: assessed("feedback"),
      value: sqliteDialect.jsonValue("v.value"),
      type: "json",
    },
    expectation: {
      from: assessed("expectation"),
      value: sqliteDialect.jsonValue("v.value"),
      type: "json",
    },
  },
  defaultOrder: [
    { column: "start_us", descending: true },
    { column: "id", descending: true },
  ],
  tieBreak: [{ column: "id", descending: true }],
};

/** Traces and their spans in SQL. */
export function traceStore(sql: SqlConnection): TraceStore {
  const get = async (id: string): Promise<Trace | undefined> =>
    (await loadTraces(sql, await sql.all("SELECT * FROM traces WHERE id = ?", [id])))[0];
  return {
    get,
    async listSpans(traceId) {
      const rows = await sql.all("SELECT * FROM spans WHERE trace_id = ? ORDER BY start_us, id", [
        traceId,
      ]);
      return rows.map(toSkeleton);
    },
    async loadSpans(traceId) {
      const rows = await sql.all("SELECT * FROM spans WHERE trace_id = ? ORDER BY start_us, id", [
        traceId,
      ]);
      return withBodies(sql, traceId, rows);
    },
    async getSpan({ traceId, spanId }) {
      const rows = await sql.all("SELECT * FROM spans WHERE trace_id = ? AND id = ?", [
        traceId,
        spanId,
      ]);
      return (await withBodies(sql, traceId, rows))[0];
    },
    async search({ experimentIds, ...query }) {
      const within = inExperiments(experimentIds);
      const conditions = within.sql === "" ? [] : [within];
      const { items, ...rest } = await searchRows(sql, { table, query, conditions });
      return { items: await loadTraces(sql, items), ...rest };
    },
    update: (patch) =>
      sql.transaction(async () => {
        if ((await get(patch.id)) === undefined) throw noTrace(patch.id);
        await patchTags(sql, { entity: "trace", owner: patch.id }, patch);
        const updated = await get(patch.id);
        if (updated === undefined) throw noTrace(patch.id);
        return updated;
      }),
    delete: (ids) => sql.transaction(() => deleteTraces(sql, ids)),
    closeAbandoned: ({ before }) => sql.transaction(() => closeAbandoned(sql, toMicros(before))),
  };
}

/** No trace has this id. */
export function noTrace(id: string): RivuletError {
  return new RivuletError("not_found", `No trace has the id "${id}".`, { details: { id } });
}

async function loadTraces(sql: SqlConnection, rows: readonly Row[]): Promise<Trace[]> {
  const tags = await loadTags(
    sql,
    "trace",
    rows.map((row) => text(row, "id")),
  );
  return rows.map((row) => toTrace(row, tags.get(text(row, "id")) ?? {}));
}

async function withBodies(
  sql: SqlConnection,
  traceId: string,
  rows: readonly Row[],
): Promise<Span[]> {
  if (rows.length === 0) return [];
  const blobs = await loadBlobs(sql, traceId);
  return rows.map((row) => toSpan(row, unpackBody(text(row, "body"), blobs)));
}

async function deleteTraces(sql: SqlConnection, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const list = placeholders(ids);
  await releaseBlobs(sql, ids);
  await sql.run(`DELETE FROM spans WHERE trace_id IN (${list})`, ids);
  await sql.run(`DELETE FROM assessments WHERE trace_id IN (${list})`, ids);
  for (const owner of ids) await deleteTags(sql, { entity: "trace", owner });
  return sql.run(`DELETE FROM traces WHERE id IN (${list})`, ids);
}

async function closeAbandoned(sql: SqlConnection, beforeUs: number): Promise<number> {
  const open = await sql.all(
    `SELECT DISTINCT s.trace_id FROM spans s JOIN traces t ON t.id = s.trace_id
     WHERE s.status = 'in_progress' AND s.start_us < ? AND t.touched_us < ?`,
    [beforeUs, beforeUs],
  );
  let closed = 0;
  for (const row of open) {
    const traceId = text(row, "trace_id");
    const lastNews = "(SELECT touched_us FROM traces t WHERE t.id = ?)";
    closed += await sql.run(
      `UPDATE spans SET status = 'abandoned', end_us = MAX(start_us, ${lastNews})
       WHERE trace_id = ? AND status = 'in_progress'`,
      [traceId, traceId],
    );
    await sql.run(
      "UPDATE traces SET status = 'abandoned', end_us = MAX(start_us, touched_us) WHERE id = ? AND status = 'in_progress'",
      [traceId],
    );
  }
  return closed;
}
