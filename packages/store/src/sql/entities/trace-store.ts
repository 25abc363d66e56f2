import type { Span, Trace } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import { ENTITIES, PARTS } from "@rivulet/domain/entities";
import type { FileStore } from "../../port/files.ts";
import type { TraceStore } from "../../port/store.ts";
import type { PrunedTraces, PruneQuery } from "../../port/traces.ts";
import { countFound } from "../aggregates/count.ts";
import { groupErrors } from "../aggregates/error-groups.ts";
import { aggregateTraces } from "../aggregates/trace-aggregates.ts";
import { listKeys } from "../aggregates/trace-keys.ts";
import { valuesInUse } from "../aggregates/values-in-use.ts";
import type { Database, Row, Sql } from "../database.ts";
import { changeMany } from "../kit/change-many.ts";
import { columnOf } from "../kit/declared-table.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { noteStaleOf } from "../rollups/stale-slices.ts";
import { findAttachment, listAttachments, releaseAttachments } from "../spans/attachments.ts";
import { loadBlobs, releaseBlobs, unpackBody } from "../spans/message-blobs.ts";
import { abandonUnowned } from "../spans/open-spans.ts";
import { toSkeleton, toSpan, toTrace } from "../spans/span-rows.ts";
import { spanTimes } from "../spans/spans-of-trace.ts";
import { deleteParts } from "../spans/trace-parts.ts";
import { traceRows } from "../spans/trace-summary.ts";
import { deleteTags } from "../tags.ts";
import { number, placeholders, text, toMicros } from "../values.ts";
import { countUnindexed, forgetWords } from "../words/unindexed.ts";
import { eraseRecords } from "./erase-records.ts";
import { holdProtected } from "./held-traces.ts";
import { readNotes, writeNotes, writeNotice } from "./retention-notes.ts";
import { traceBytes } from "./trace-bytes.ts";
import { findSurplus, oldestFound, oldestPrunable } from "./trace-retention.ts";

/** Traces deleted by one statement. */
const AT_ONCE = 1_000;

const SKELETON_COLUMNS = Object.keys(PARTS.span.columns)
  .map((field) => columnOf(PARTS.span, field))
  .join(", ");

const rows: EntityRows<Trace> = entityRows(ENTITIES.trace, { shape: toTrace });

/** Traces and their spans in SQL. */
export function traceStore(database: Database, deleteFiles: FileStore["delete"]): TraceStore {
  const measure = traceBytes();
  return {
    get: (id) => database.snapshot((sql) => rows.find(sql, [id])),
    async listSpans(traceId) {
      const rows = await database.snapshot((sql) => readSpans(sql, { traceId, skeletons: true }));
      return rows.map(toSkeleton);
    },
    loadSpans: (traceId) =>
      database.snapshot(async (sql) => withBodies(sql, traceId, await readSpans(sql, { traceId }))),
    getSpan: ({ traceId, spanId }) =>
      database.snapshot(async (sql) => {
        const rows = await readSpans(sql, { traceId, spanId });
        return (await withBodies(sql, traceId, rows))[0];
      }),
    search: ({ experimentIds, ...query }) => rows.search(database, { query, experimentIds }),
    count: ({ experimentIds, ...query }) =>
      countFound(database, { entity: ENTITIES.trace, query, experimentIds }),
    aggregate: (query) => aggregateTraces(database, query),
    groupErrors: (query) => groupErrors(database, query),
    keys: ({ experimentIds }) => database.snapshot((sql) => listKeys(sql, experimentIds)),
    values: (query) => valuesInUse(database, { entity: ENTITIES.trace }, query),
    update: ({ id, tags, removeTags }) =>
      database.transaction((sql) => rows.patch(sql, [id], { tags, removeTags })),
    updateMany: ({ ids, ...patch }) =>
      database.transaction((sql) => changeMany(ids, (id) => rows.patch(sql, [id], patch))),
    listAttachments: (traceId) => database.snapshot((sql) => listAttachments(sql, traceId)),
    findAttachment: (hash) => database.snapshot((sql) => findAttachment(sql, hash)),
    async delete(ids) {
      const freed = new Set<string>();
      const count = await database.transaction((sql) => deleteTraces(sql, ids, freed));
      await deleteFiles([...freed]);
      return count;
    },
    async deleteFound({ withDatasetRecords = false, ...query }) {
      const ids = await oldestFound(database, query);
      const freed = new Set<string>();
      const deleted = await database.transaction(async (sql) => {
        const evaluated = withDatasetRecords ? await eraseRecords(sql, ids) : [];
        const all = [...new Set([...ids, ...evaluated])];
        for (let start = 0; start < all.length; start += AT_ONCE) {
          await deleteTraces(sql, all.slice(start, start + AT_ONCE), freed);
        }
        return all;
      });
      await deleteFiles([...freed]);
      return deleted;
    },
    countUnindexed: () => database.snapshot(countUnindexed),
    surplus: (policy) => database.snapshot((sql) => findSurplus(sql, policy, measure)),
    prune: (query) => pruneStep(database, deleteFiles, query),
    setPinned: (key) => database.transaction((sql) => setPinned(sql, key)),
    retention: () => database.snapshot(readNotes),
    noteRetention: (notes) => database.transaction((sql) => writeNotes(sql, notes)),
    tellRetention: (notice) => database.transaction((sql) => writeNotice(sql, notice)),
    closeAbandoned: ({ before }) =>
      database.transaction((sql) => closeAbandoned(sql, toMicros(before))),
  };
}

interface SpansQuery {
  readonly traceId: string;
  /** Only this span. @default all */
  readonly spanId?: string;
  /** Omits the bodies, which may be megabytes. @default false */
  readonly skeletons?: boolean;
}

/** The spans of a trace, or one of them, by start time. */
async function readSpans(
  sql: Sql,
  { traceId, spanId, skeletons = false }: SpansQuery,
): Promise<readonly Row[]> {
  const [trace] = await sql.all("SELECT first_span_us, last_span_us FROM traces WHERE id = ?", [
    traceId,
  ]);
  if (trace === undefined) return [];
  // Times as values, not from a join, so that the database can skip other partitions.
  return sql.all(
    `SELECT ${skeletons ? SKELETON_COLUMNS : "*"} FROM spans WHERE trace_id = ? AND start_us BETWEEN ? AND ?
     ${spanId === undefined ? "" : "AND id = ?"} ORDER BY start_us, id`,
    [traceId, ...spanTimes([traceRows.whole(trace)]), ...(spanId === undefined ? [] : [spanId])],
  );
}

async function pruneStep(
  database: Database,
  deleteFiles: FileStore["delete"],
  { includeProtected = false, ...query }: PruneQuery,
): Promise<PrunedTraces> {
  const ids = await database.snapshot((sql) => oldestPrunable(sql, { ...query, includeProtected }));
  const freed = new Set<string>();
  const { deleted, held } = await database.transaction(async (sql) => {
    const kept = new Set(includeProtected ? [] : await holdProtected(sql, ids));
    const rest = ids.filter((id) => !kept.has(id));
    await deleteTraces(sql, rest, freed);
    return { deleted: rest, held: kept.size };
  });
  await deleteFiles([...freed]);
  return { deleted, held, isDone: ids.length < query.limit };
}

async function setPinned(
  sql: Sql,
  { id, pinned }: { readonly id: string; readonly pinned: boolean },
): Promise<Trace> {
  await rows.hold(sql, [id]);
  // What else protects it is found when it is looked at again.
  await sql.run("UPDATE traces SET pinned = ?, held = NULL WHERE id = ?", [
    pinned ? "true" : null,
    id,
  ]);
  return rows.get(sql, [id]);
}

/** The error for an unknown trace. */
export function noTrace(id: string): RivuletError {
  return new RivuletError("not_found", `No trace has the id "${id}".`, { details: { id } });
}

/** Those of the traces that exist, locked until the transaction ends. */
async function lockTraces(sql: Sql, ids: readonly string[]): Promise<readonly Row[]> {
  if (ids.length === 0) return [];
  return sql.all(
    `SELECT id, touched_us, first_span_us, last_span_us FROM traces WHERE id IN (${placeholders(ids)}) ORDER BY id ${sql.dialect.forUpdate}`,
    ids,
  );
}

async function withBodies(sql: Sql, traceId: string, rows: readonly Row[]): Promise<Span[]> {
  if (rows.length === 0) return [];
  const blobs = await loadBlobs(sql, traceId);
  return rows.map((row) => toSpan(row, unpackBody(text(row, "body"), blobs)));
}

/** @param freed takes the files that are to be deleted once the transaction is committed */
async function deleteTraces(
  sql: Sql,
  wanted: readonly string[],
  freed: Set<string>,
): Promise<number> {
  const traces = await lockTraces(sql, wanted);
  const ids = traces.map((row) => text(row, "id"));
  if (ids.length === 0) return 0;
  const list = placeholders(ids);
  await noteStaleOf(sql, ids);
  await releaseBlobs(sql, ids);
  for (const hash of await releaseAttachments(sql, ids)) freed.add(hash);
  await sql.run(`DELETE FROM spans WHERE trace_id IN (${list}) AND start_us BETWEEN ? AND ?`, [
    ...ids,
    ...spanTimes(traces.map(traceRows.whole)),
  ]);
  await sql.run(`DELETE FROM open_spans WHERE trace_id IN (${list})`, ids);
  await sql.run(`DELETE FROM assessments WHERE trace_id IN (${list})`, ids);
  await deleteTags(sql, "trace", ids);
  await deleteParts(sql, ids);
  await forgetWords(sql, ids);
  return sql.run(`DELETE FROM traces WHERE id IN (${list})`, ids);
}

/** Open spans of an engine end with it, no matter how old they are. */
const UNOWNED = `NOT EXISTS
  (SELECT 1 FROM open_spans o WHERE o.trace_id = s.trace_id AND o.span_id = s.id)`;

async function closeAbandoned(sql: Sql, beforeUs: number): Promise<readonly string[]> {
  const open = await sql.all(
    `SELECT DISTINCT s.trace_id FROM spans s JOIN traces t ON t.id = s.trace_id
     WHERE s.status = 'in_progress' AND s.start_us < ? AND t.touched_us < ? AND ${UNOWNED}`,
    [beforeUs, beforeUs],
  );
  const locked = await lockTraces(
    sql,
    open.map((row) => text(row, "trace_id")),
  );
  // Others may have been written to before they were locked.
  const abandoned = locked
    .filter((trace) => number(trace, "touched_us") < beforeUs)
    .map((trace) => text(trace, "id"));
  for (const id of abandoned) await abandonUnowned(sql, id);
  return abandoned;
}
