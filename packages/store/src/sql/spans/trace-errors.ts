import { errorPattern } from "@rivulet/domain";
import type { Insert, Row, Sql } from "../database.ts";
import { LIMIT, optionalText, placeholders, text, toMillis } from "../values.ts";
import { type ErrorPreview, type Failure, fingerprintOf, noteError } from "./error-preview.ts";
import { keyOf } from "./span-batch.ts";
import type { KnownSpan } from "./span-merge.ts";
import { spansOfTrace } from "./spans-of-trace.ts";

const KEEP: Insert = {
  table: "trace_errors",
  columns: ["trace_id", "fingerprint"],
  conflict: { key: [], update: [] },
};
/** Traces whose failures are read at once. */
const AT_ONCE = 1_000;
/** Longest message that is read. */
const LONGEST_MESSAGE = 2_000;

/**
 * Records the failures of spans, inside the transaction that writes them. `before` is what was stored of them: where a
 * failure is not what it was, those of the whole trace are read again.
 */
export async function noteErrors(
  sql: Sql,
  spans: readonly KnownSpan[],
  before: ReadonlyMap<string, KnownSpan>,
): Promise<void> {
  const altered = spans.filter(({ fields }) =>
    isAltered(fields, before.get(keyOf(fields))?.fields),
  );
  const failed = spans.filter(({ fields }) => fields.status === "error");
  await keep(
    sql,
    failed.map(({ fields }) => [fields.traceId, fields.statusMessage ?? ""]),
  );
  await readAgain(sql, [...new Set(altered.map(({ fields }) => fields.traceId))].sort());
}

function isAltered(after: Failure, before: Failure | undefined): boolean {
  if (before?.status !== "error") return false;
  return (["status", "statusMessage", "parentId"] as const).some(
    (field) => after[field] !== before[field],
  );
}

/** Records the failures of traces that were stored before this was done. */
export async function noteStoredErrors(sql: Sql): Promise<void> {
  let last = "";
  for (;;) {
    const rows = await sql.all(
      `SELECT id FROM traces WHERE error_count > 0 AND id > ? ORDER BY id ${LIMIT}`,
      [last, AT_ONCE],
    );
    const ids = rows.map((row) => text(row, "id"));
    await readAgain(sql, ids);
    last = ids.at(-1) ?? "";
    if (ids.length < AT_ONCE) return;
  }
}

async function readAgain(sql: Sql, traceIds: readonly string[]): Promise<void> {
  if (traceIds.length === 0) return;
  const list = placeholders(traceIds);
  await sql.run(`DELETE FROM trace_errors WHERE trace_id IN (${list})`, traceIds);
  const rows = await sql.all(
    `SELECT s.trace_id, s.id, s.parent_id, s.start_us, substr(s.status_message, 1, ${LONGEST_MESSAGE}) AS message
     FROM traces t JOIN spans s ON ${spansOfTrace("s", "t")} AND s.status = 'error' WHERE t.id IN (${list})`,
    traceIds,
  );
  await keep(
    sql,
    rows.map((row) => [text(row, "trace_id"), text(row, "message")]),
  );
  const failures = Map.groupBy(rows, (row) => text(row, "trace_id"));
  for (const id of traceIds) {
    const { errorPreview, errorSource } = previewOf(failures.get(id) ?? []);
    await sql.run("UPDATE traces SET error_preview = ?, error_source = ? WHERE id = ?", [
      errorPreview ?? null,
      errorSource ?? null,
      id,
    ]);
  }
}

function previewOf(rows: readonly Row[]): ErrorPreview {
  const preview: ErrorPreview = { errorPreview: undefined, errorSource: undefined };
  for (const row of rows) {
    const parentId = optionalText(row, "parent_id");
    noteError(preview, {
      id: text(row, "id"),
      ...(parentId === undefined ? {} : { parentId }),
      startTime: toMillis(row["start_us"]),
      status: "error",
      statusMessage: text(row, "message"),
    });
  }
  return preview;
}

async function keep(
  sql: Sql,
  failures: readonly (readonly [traceId: string, message: string])[],
): Promise<void> {
  const rows = failures.map(([traceId, message]) => [
    traceId,
    fingerprintOf(errorPattern(message)),
  ]);
  await sql.insert(KEEP, [...new Map(rows.map((row) => [row.join(" "), row])).values()]);
}
