import { randomBytes } from "node:crypto";
import type { BackgroundStep } from "../../port/backend.ts";
import type { Database, Sql } from "../database.ts";
import type { TraceWords, WordIndex } from "../dialect.ts";
import { number, placeholders, text } from "../values.ts";
import { type ReadTrace, readWords } from "./read-words.ts";
import type { WordSet } from "./word-set.ts";

/**
 * A trace that is still being written is left alone until nothing of it has come for this long, in microseconds, and
 * so much longer for each of its spans: a long one that grows slowly is not read again and again.
 */
const REST_US = 1_000_000;
const REST_OF_SPAN_US = 10_000;
/** A trace noted this much later than now, in microseconds, was noted before a clock was set back. */
const AHEAD_US = 60_000_000;
/** Index time of a trace with more words than the index accepts: a search always checks its rows. */
const NEVER = Number.MAX_SAFE_INTEGER;
/** Limits of the number of traces in a step, and of their spans. */
const TRACES = { least: 4, first: 16, most: 64 };
const MOST_SPANS = 512;
/** How long the writers' lock may be held, in milliseconds: a step that takes longer is followed by a smaller one. */
const LOCK_MS = { enough: 4, most: 8 };

/** A trace that waits to be indexed. */
interface Waiting extends ReadTrace {
  readonly mark: number;
}

/**
 * Feeds the index of words from the rows, a few traces with each call. Their texts are read before the writers' lock
 * is taken; what was changed meanwhile is left for another step. Several processes may do so at the same time.
 */
export function wordIndexer(database: Database, index: WordIndex): () => Promise<BackgroundStep> {
  // Each process starts somewhere else, so that two seldom do the same work.
  let after = randomBytes(16).toString("hex");
  let most = TRACES.first;
  return async () => {
    const { lot, isRested } = await nextLot(database, after, most);
    const last = lot.at(-1);
    if (last === undefined) return isRested ? "done" : "later";
    after = last.id;
    const sets = await readWords(database, lot);
    const took = await database.transaction((sql) => store(sql, index, { lot, sets }));
    most = nextMost(most, took);
    if (index.fold !== undefined) await database.run(index.fold);
    return "more";
  };
}

function nextMost(most: number, milliseconds: number): number {
  if (milliseconds > LOCK_MS.most) return Math.max(TRACES.least, Math.floor(most / 2));
  return milliseconds < LOCK_MS.enough ? Math.min(TRACES.most, most * 2) : most;
}

interface NextLot {
  readonly lot: readonly Waiting[];
  /** No waiting trace has rested long enough. */
  readonly isRested: boolean;
}

async function nextLot(database: Database, after: string, most: number): Promise<NextLot> {
  return database.snapshot(async (sql) => {
    const now = Date.now() * 1_000;
    const times = [now, now + AHEAD_US, NEVER];
    const behind = await readLot(sql, "u.trace_id > ?", [after, ...times, most]);
    if (behind.length > 0) return { lot: behind, isRested: true };
    const before = await readLot(sql, "u.trace_id <= ?", [after, ...times, most]);
    if (before.length > 0) return { lot: before, isRested: true };
    const [young] = await sql.all("SELECT 1 FROM unindexed WHERE noted_us < ? LIMIT 1", [NEVER]);
    return { lot: [], isRested: young === undefined };
  });
}

async function readLot(
  sql: Sql,
  where: string,
  values: readonly (string | number)[],
): Promise<readonly Waiting[]> {
  const rows = await sql.all(
    `SELECT u.trace_id, u.mark, t.first_span_us, t.last_span_us, t.span_count
     FROM unindexed u CROSS JOIN traces t
     WHERE t.id = u.trace_id AND ${where}
       AND (u.noted_us + ${REST_US} + t.span_count * ${REST_OF_SPAN_US} <= ? OR (u.noted_us > ? AND u.noted_us < ?))
     ORDER BY u.trace_id LIMIT ?`,
    values,
  );
  let spans = 0;
  return rows.flatMap((row, place) => {
    spans += number(row, "span_count");
    if (place > 0 && spans > MOST_SPANS) return [];
    return [
      {
        id: text(row, "trace_id"),
        mark: number(row, "mark"),
        firstSpanUs: number(row, "first_span_us"),
        lastSpanUs: number(row, "last_span_us"),
      },
    ];
  });
}

interface ReadLot {
  readonly lot: readonly Waiting[];
  readonly sets: ReadonlyMap<string, WordSet>;
}

/** Indexes what is still as it was read. Returns the milliseconds it took. */
async function store(sql: Sql, index: WordIndex, { lot, sets }: ReadLot): Promise<number> {
  const rows = await sql.all(
    `SELECT trace_id FROM unindexed WHERE (trace_id, mark) IN (VALUES ${lot.map(() => "(?, ?)").join(", ")})
     ORDER BY trace_id ${sql.dialect.forUpdate}`,
    lot.flatMap(({ id, mark }) => [id, mark]),
  );
  const begun = performance.now();
  const ids = rows.map((row) => text(row, "trace_id"));
  const isFull = (id: string): boolean => sets.get(id)?.isFull === true;
  const full = ids.filter(isFull);
  if (full.length > 0) {
    await sql.run(`UPDATE unindexed SET noted_us = ? WHERE trace_id IN (${placeholders(full)})`, [
      NEVER,
      ...full,
    ]);
    await index.remove(sql, full);
  }
  const whole = ids.filter((id) => !isFull(id));
  if (whole.length > 0) {
    await index.replace(
      sql,
      whole.map((id) => wordsIn(sets, id)),
    );
    await sql.run(`DELETE FROM unindexed WHERE trace_id IN (${placeholders(whole)})`, whole);
  }
  return performance.now() - begun;
}

function wordsIn(sets: ReadonlyMap<string, WordSet>, traceId: string): TraceWords {
  return { traceId, words: sets.get(traceId)?.words ?? new Set() };
}
