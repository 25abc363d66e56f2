import type { RivuletError } from "@rivulet/domain";
import type { SpanRecord } from "../../port/records.ts";
import type { Row, Sql } from "../database.ts";
import { beat } from "../entities/run-owners.ts";
import { inChunks } from "../in-chunks.ts";
import { noteStale } from "../rollups/stale-slices.ts";
import { INSERT_TAG, KEEP_TAG } from "../tags.ts";
import { placeholders, text } from "../values.ts";
import { saveAttachments } from "./attachments.ts";
import { leaveOutDeleted } from "./deleted-experiments.ts";
import { saveBlobs } from "./message-blobs.ts";
import { resolveExperiments } from "./named-experiments.ts";
import { noteOpenSpans } from "./open-spans.ts";
import { keyOf, mergeBatch, sumUp, type TagWord } from "./span-batch.ts";
import { type KnownSpan, storedSpan } from "./span-merge.ts";
import { spanRows, spanValues } from "./span-rows.ts";
import { spanTimes } from "./spans-of-trace.ts";
import { noteErrors } from "./trace-errors.ts";
import { noteParts } from "./trace-parts.ts";
import { emptySummary, type TraceSummary, traceRows } from "./trace-summary.ts";
import { markUncounted } from "./uncounted-usage.ts";

/** What writing spans has changed. */
export interface WrittenSpans {
  readonly traceIds: readonly string[];
  /** Experiments that were created because spans name them. */
  readonly experimentIds: readonly string[];
  /** Why spans were not written. */
  readonly refused: readonly RivuletError[];
}

/** Another process created a trace at the same time: roll back and write once more. */
export class TraceRace extends Error {}

/**
 * Writes spans and the summaries of their traces, inside a transaction, with a number of statements that does
 * not depend on how many spans there are. A span that is there is merged with what is said of it now, and
 * counted once.
 *
 * @throws TraceRace
 */
export async function writeSpans(
  sql: Sql,
  named: readonly SpanRecord[],
  owner: string,
): Promise<WrittenSpans> {
  const { records: resolved, made } = await resolveExperiments(sql, named);
  const taken = await takeTraces(sql, resolved);
  const all = new Map([...taken.known, ...taken.fresh]);
  const { records, refused } = await leaveOutDeleted(sql, resolved, all);
  const isWritten = new Set(records.map(({ traceId }) => traceId));
  const [known, fresh] = [only(taken.known, isWritten), only(taken.fresh, isWritten)];
  const spans = await loadStored(sql, records, known);
  const summaries = new Map([...known, ...fresh]);
  const countedBefore = [...known.values()].map(({ experimentId, startTime }) => ({
    experimentId,
    startTime,
  }));
  const batch = mergeBatch(records, { summaries, spans });
  const before = new Map([...spans, ...(await markUncounted(sql, batch.spans, known))]);
  sumUp(batch.spans, { summaries, spans: before });
  // From here on this transaction holds the traces: spans need no locks of their own.
  const added = await sql.insert(traceRows.keep, [...fresh.values()].map(traceRows.values));
  if (added < fresh.size) throw new TraceRace();
  await sql.insert(traceRows.upsert, [...known.values()].map(traceRows.values));
  await saveBlobs(sql, batch.blobs);
  await saveAttachments(sql, records);
  const merged = [...batch.spans.values()];
  await sql.insert(
    spanRows.upsert,
    merged.map(({ fields, body, json }) => spanValues(fields, json ?? JSON.stringify(body))),
  );
  await writeTags(sql, batch.tags);
  await noteParts(sql, records, merged);
  await noteErrors(sql, merged, before);
  const begun = await noteOpenSpans(sql, { owner, spans: merged, before });
  if (begun > 0) await beat(sql, owner);
  await noteStale(sql, [...countedBefore, ...summaries.values()]);
  return { traceIds: [...summaries.keys()], experimentIds: made, refused };
}

function only<T>(traces: ReadonlyMap<string, T>, ids: ReadonlySet<string>): ReadonlyMap<string, T> {
  return new Map([...traces].filter(([id]) => ids.has(id)));
}

interface TakenTraces {
  /** The existing ones, with their rows locked. */
  readonly known: ReadonlyMap<string, TraceSummary>;
  readonly fresh: ReadonlyMap<string, TraceSummary>;
}

/** The traces of a batch in the order of their ids, so that all transactions lock them in the same order. */
async function takeTraces(sql: Sql, records: readonly SpanRecord[]): Promise<TakenTraces> {
  const first = new Map<string, SpanRecord>();
  for (const record of records) {
    if (!first.has(record.traceId)) first.set(record.traceId, record);
  }
  const rows = await lockTraces(sql, [...first.keys()].sort());
  const known = new Map(rows.map((row) => [text(row, "id"), traceRows.whole(row)]));
  const fresh = [...first.values()].filter(({ traceId }) => !known.has(traceId));
  fresh.sort((a, b) => (a.traceId < b.traceId ? -1 : 1));
  return {
    known,
    fresh: new Map(fresh.map((record) => [record.traceId, emptySummary(record)])),
  };
}

function lockTraces(sql: Sql, ids: readonly string[]): Promise<readonly Row[]> {
  return inChunks(ids, (part) =>
    sql.all(
      `SELECT * FROM traces WHERE id IN (${placeholders(part)}) ORDER BY id ${sql.dialect.forUpdate}`,
      part,
    ),
  );
}

/** Key of a span → what is stored of it. */
async function loadStored(
  sql: Sql,
  records: readonly SpanRecord[],
  known: TakenTraces["known"],
): Promise<ReadonlyMap<string, KnownSpan>> {
  const ofKnown = records.filter(({ traceId }) => known.has(traceId));
  const keys = new Map(ofKnown.map((record) => [keyOf(record), [record.traceId, record.id]]));
  const times = spanTimes([...known.values()]);
  const rows = await inChunks([...keys.values()], (part) =>
    sql.all(
      `SELECT * FROM spans WHERE (trace_id, id) IN (VALUES ${part.map(() => "(?, ?)").join(", ")})
       AND start_us BETWEEN ? AND ?`,
      [...part.flat(), ...times],
    ),
  );
  return new Map(rows.map(storedSpan).map((span) => [keyOf(span.fields), span]));
}

/** Optional facts come first and give way to existing ones; of the others the last one wins. */
async function writeTags(sql: Sql, words: readonly TagWord[]): Promise<void> {
  const rowsOf = (some: readonly TagWord[]): readonly (readonly string[])[] =>
    some.map(({ traceId, key, value }) => ["trace", traceId, key, value]);
  await sql.insert(KEEP_TAG, rowsOf(words.filter(({ replaces }) => !replaces)));
  const replacing = words.filter(({ replaces }) => replaces);
  const last = new Map(replacing.map((word) => [`${word.traceId} ${word.key}`, word]));
  await sql.insert(INSERT_TAG, rowsOf([...last.values()]));
}
