import { randomBytes, randomInt } from "node:crypto";
import type { Insert, Row, Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { number, placeholders, text, toMillis } from "../values.ts";
import { type CountedAt, sliceOf, slicesOf } from "./slice.ts";

/** Marks are random numbers. */
const MARKS = 2 ** 48 - 1;
/** Each thread that writes has rows of its own, so that none waits for another's transaction. */
const WRITER = randomBytes(8).toString("hex");

const NOTE: Insert = {
  table: "stale_rollups",
  columns: ["experiment_id", "slice_us", "writer", "noted_us", "mark"],
  conflict: { key: ["slice_us", "experiment_id", "writer"], update: ["noted_us", "mark"] },
};

/**
 * Notes that the sums of the slices of these traces are no longer right, in the transaction that changes them: where
 * they count now, and where they counted before. Until the slices are summed up again, they are counted from the rows.
 */
export async function noteStale(sql: Sql, traces: Iterable<CountedAt>): Promise<void> {
  if (!sql.dialect.rollsUp) return;
  const noted = [WRITER, Date.now() * 1_000, randomInt(MARKS)];
  await sql.insert(
    NOTE,
    slicesOf(traces).map((slice) => [...slice, ...noted]),
  );
}

/** The same for traces that change where they are, or are about to be deleted. */
export async function noteStaleOf(sql: Sql, traceIds: readonly string[]): Promise<void> {
  if (!sql.dialect.rollsUp) return;
  const rows = await inChunks(traceIds, (part) =>
    sql.all(`SELECT experiment_id, start_us FROM traces WHERE id IN (${placeholders(part)})`, part),
  );
  const counted = rows.map((row) => ({
    experimentId: text(row, "experiment_id"),
    startTime: toMillis(number(row, "start_us")),
  }));
  await noteStale(sql, counted);
}

/** The same for all traces, when nothing is summed up. */
export async function noteAllStale(sql: Sql): Promise<void> {
  if (!sql.dialect.rollsUp) return;
  await sql.run(
    `INSERT INTO stale_rollups (slice_us, experiment_id, writer, noted_us, mark)
     SELECT n.slice_us, n.experiment_id, '', 0, 0
     FROM (SELECT DISTINCT ${sliceOf("t.start_us")} AS slice_us, t.experiment_id FROM traces t WHERE t.start_us >= 0) n
     WHERE NOT EXISTS (SELECT 1 FROM stale_rollups s
       WHERE s.slice_us = n.slice_us AND s.experiment_id = n.experiment_id AND s.writer = '')`,
  );
}

/** A slice of an experiment whose sums are not right. */
export interface StaleSlice {
  readonly experimentId: string;
  readonly sliceUs: number;
  /** When it was noted last, in microseconds. */
  readonly notedUs: number;
  /** What identifies the changes up to now. */
  readonly marks: string;
}

/** Where a walk through the stale slices is. */
export type StalePlace = Pick<StaleSlice, "experimentId" | "sliceUs">;

/** Most rows read at once. */
const MOST_ROWS = 256;
const COLUMNS = "slice_us, experiment_id, writer, noted_us, mark";

/** Some of the stale slices behind a place, in their order; none at the end. */
export async function listStale(sql: Sql, after: StalePlace): Promise<readonly StaleSlice[]> {
  const rows = await sql.all(
    `SELECT ${COLUMNS} FROM stale_rollups WHERE (slice_us, experiment_id) > (?, ?)
     ORDER BY slice_us, experiment_id, writer LIMIT ${MOST_ROWS}`,
    [after.sliceUs, after.experimentId],
  );
  const slices = toSlices(rows);
  // The last one may have more rows.
  return rows.length < MOST_ROWS || slices.length === 1 ? slices : slices.slice(0, -1);
}

/** Those of the slices that nobody has changed since. They are locked until the transaction ends. */
export async function lockUnchanged(
  sql: Sql,
  slices: readonly StaleSlice[],
): Promise<readonly StaleSlice[]> {
  const rows = await inChunks(slices, (part) =>
    sql.all(
      `SELECT ${COLUMNS} FROM stale_rollups
       WHERE (slice_us, experiment_id) IN (VALUES ${part.map(() => "(CAST(? AS BIGINT), ?)").join(", ")})
       ORDER BY slice_us, experiment_id, writer ${sql.dialect.forUpdate}`,
      part.flatMap(({ sliceUs, experimentId }) => [sliceUs, experimentId]),
    ),
  );
  const now = new Map(toSlices(rows).map((slice) => [keyOf(slice), slice.marks]));
  return slices.filter((slice) => now.get(keyOf(slice)) === slice.marks);
}

/** Their sums are right again. */
export async function forgetStale(sql: Sql, { sliceUs, experimentId }: StalePlace): Promise<void> {
  await sql.run("DELETE FROM stale_rollups WHERE slice_us = ? AND experiment_id = ?", [
    sliceUs,
    experimentId,
  ]);
}

function toSlices(rows: readonly Row[]): readonly StaleSlice[] {
  const parts = Map.groupBy(
    rows,
    (row) => `${number(row, "slice_us")} ${text(row, "experiment_id")}`,
  );
  return [...parts.values()].flatMap(([first, ...others]): StaleSlice[] => {
    if (first === undefined) return [];
    const all = [first, ...others];
    return [
      {
        experimentId: text(first, "experiment_id"),
        sliceUs: number(first, "slice_us"),
        notedUs: Math.max(...all.map((row) => number(row, "noted_us"))),
        marks: all.map((row) => `${text(row, "writer")}:${text(row, "mark")}`).join(" "),
      },
    ];
  });
}

function keyOf({ sliceUs, experimentId }: StalePlace): string {
  return `${sliceUs} ${experimentId}`;
}
