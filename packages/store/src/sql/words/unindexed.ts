import { randomInt } from "node:crypto";
import type { Insert, Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { number, placeholders } from "../values.ts";

/** Marks are random numbers. */
const MARKS = 2 ** 48 - 1;

const NOTE: Insert = {
  table: "unindexed",
  columns: ["trace_id", "noted_us", "mark"],
  conflict: { key: ["trace_id"], update: ["noted_us", "mark"] },
};

/**
 * Notes that the index of words does not know all texts of these traces: it is fed behind the rows, and a search
 * looks at these traces besides what it finds there. In the transaction that changes their texts.
 */
export async function noteUnindexed(sql: Sql, traceIds: readonly string[]): Promise<void> {
  if (sql.dialect.words === undefined || traceIds.length === 0) return;
  const [now, mark] = [Date.now() * 1_000, randomInt(MARKS)];
  await sql.insert(
    NOTE,
    traceIds.map((traceId) => [traceId, now, mark]),
  );
}

/** The same for all traces, when the index is empty. */
export async function noteAllUnindexed(sql: Sql): Promise<void> {
  if (sql.dialect.words === undefined) return;
  await sql.run(
    `INSERT INTO unindexed (trace_id, noted_us, mark) SELECT t.id, 0, 0 FROM traces t
     WHERE NOT EXISTS (SELECT 1 FROM unindexed u WHERE u.trace_id = t.id)`,
  );
}

/** How many traces wait to be indexed, or have more words than the index accepts. */
export async function countUnindexed(sql: Sql): Promise<number> {
  const [row = {}] = await sql.all("SELECT COUNT(*) AS count FROM unindexed");
  return number(row, "count");
}

/** Creates the full-text index in a store without one. */
export async function makeWordIndex(sql: Sql): Promise<void> {
  for (const statement of sql.dialect.words?.create ?? []) await sql.run(statement);
  await noteAllUnindexed(sql);
}

/** Removes deleted traces from the index, in the same transaction. */
export async function forgetWords(sql: Sql, traceIds: readonly string[]): Promise<void> {
  const { words } = sql.dialect;
  if (words === undefined) return;
  // The note first: whoever is indexing the trace has it locked, so all words are written when we remove them.
  await inChunks(traceIds, async (part) => {
    await sql.run(`DELETE FROM unindexed WHERE trace_id IN (${placeholders(part)})`, part);
    return [];
  });
  await words.remove(sql, traceIds);
}
