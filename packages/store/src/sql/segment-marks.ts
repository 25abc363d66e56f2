import type { RecordBatch, SegmentMarks } from "../port/backend.ts";
import type { Database, Insert, Sql } from "./database.ts";
import { number, text } from "./values.ts";

/** The byte offset up to which each segment of the spool is in the database. */
export function segmentMarks(database: Database): SegmentMarks {
  return {
    read: (segment) => readMark(database, segment),
    async remove(segment) {
      await database.run("DELETE FROM spool WHERE segment = ?", [segment]);
    },
    async list() {
      const rows = await database.all("SELECT segment FROM spool ORDER BY segment");
      return rows.map((row) => text(row, "segment"));
    },
  };
}

/** Starts a segment, unless somebody has already processed part of it. */
const BEGIN: Insert = {
  table: "spool",
  columns: ["segment", "position"],
  conflict: { key: ["segment"], update: ["position"], where: "spool.position = 0" },
};

/**
 * Moves the mark of a segment from where it must be to where it will be. Others who want to wait for the end
 * of the transaction.
 *
 * @returns where the mark is, when it is elsewhere; then it was not moved
 */
export async function moveMark(
  sql: Sql,
  { name, from, to }: NonNullable<RecordBatch["segment"]>,
): Promise<number | undefined> {
  const moved =
    from === 0
      ? await sql.insert(BEGIN, [[name, to]])
      : await sql.run("UPDATE spool SET position = ? WHERE segment = ? AND position = ?", [
          to,
          name,
          from,
        ]);
  return moved > 0 ? undefined : readMark(sql, name);
}

async function readMark(sql: Sql, segment: string): Promise<number> {
  const [row = {}] = await sql.all("SELECT position FROM spool WHERE segment = ?", [segment]);
  return number(row, "position");
}
