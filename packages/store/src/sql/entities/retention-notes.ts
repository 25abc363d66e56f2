import type {
  RetentionBound,
  RetentionClock,
  RetentionNotes,
  RetentionNotice,
  RetentionRound,
} from "../../port/traces.ts";
import type { Insert, Row, Sql, SqlValue } from "../database.ts";
import { text, toMicros, toMillis } from "../values.ts";

const NOTES: Insert = {
  table: "retention_notes",
  columns: ["kind", "at_us", "detail"],
  conflict: { key: ["kind"], update: ["at_us", "detail"] },
};

/** What the store remembers of its retention. */
export async function readNotes(sql: Sql): Promise<RetentionNotes> {
  const rows = await sql.all("SELECT kind, at_us, detail FROM retention_notes");
  const of = (kind: string): Row | undefined => rows.find((row) => row["kind"] === kind);
  const [told, given, last, clock] = [of("told"), of("given"), of("last"), of("clock")];
  return {
    ...(told && { told: readNotice(told) }),
    ...(given && { givenAt: toMillis(given["at_us"]) }),
    ...(last && { last: readRound(last) }),
    ...(clock && { clock: readClock(clock) }),
  };
}

/** Replaces those notes that are given. */
export async function writeNotes(
  sql: Sql,
  { told, givenAt, last, clock }: RetentionNotes,
): Promise<void> {
  const rows: (readonly SqlValue[])[] = [];
  if (told !== undefined) rows.push(noteRow("told", told.at, { policy: told.policy }));
  if (givenAt !== undefined) rows.push(noteRow("given", givenAt, {}));
  if (last !== undefined) {
    const { at, deleted, because } = last;
    rows.push(noteRow("last", at, { deleted, because }));
  }
  if (clock !== undefined) {
    const { at, ...detail } = clock;
    rows.push(noteRow("clock", at, detail));
  }
  if (rows.length > 0) await sql.insert(NOTES, rows);
}

/** Writes a notice unless one of the same policy is there. Returns whether it did. */
export async function writeNotice(sql: Sql, notice: RetentionNotice): Promise<boolean> {
  // Of several processes that start at the same time, one tells.
  const keep: Insert = { ...NOTES, conflict: { key: [], update: [] } };
  const row = noteRow("told", notice.at, { policy: notice.policy });
  if ((await sql.insert(keep, [row])) > 0) return true;
  const [kept] = await sql.all(
    `SELECT kind, at_us, detail FROM retention_notes WHERE kind = 'told' ${sql.dialect.forUpdate}`,
  );
  if (kept !== undefined && readNotice(kept).policy === notice.policy) return false;
  await sql.insert(NOTES, [row]);
  return true;
}

function noteRow(kind: string, at: number, detail: object): readonly SqlValue[] {
  return [kind, toMicros(at), JSON.stringify(detail)];
}

function readNotice(row: Row): RetentionNotice {
  const { policy } = JSON.parse(text(row, "detail")) as Pick<RetentionNotice, "policy">;
  return { at: toMillis(row["at_us"]), policy };
}

function readRound(row: Row): RetentionRound {
  const { deleted, because } = JSON.parse(text(row, "detail")) as {
    readonly deleted: number;
    readonly because: readonly RetentionBound[];
  };
  return { at: toMillis(row["at_us"]), deleted, because };
}

function readClock(row: Row): RetentionClock {
  const detail = JSON.parse(text(row, "detail")) as Omit<RetentionClock, "at">;
  return { at: toMillis(row["at_us"]), ...detail };
}
