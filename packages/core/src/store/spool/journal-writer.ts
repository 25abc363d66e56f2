import { insertMetrics } from "../sql/metric-writer.ts";
import { writeSpans } from "../sql/span-writer.ts";
import type { SqlConnection } from "../sql/sql-connection.ts";
import { text } from "../sql/values.ts";
import { type JournalRecord, parseLine } from "./record-line.ts";

/** What a batch of lines changed, and how many of them could not be taken. */
export interface BatchOutcome {
  readonly traceIds: readonly string[];
  readonly runIds: readonly string[];
  readonly refused: readonly string[];
}

/**
 * Writes a batch of journal lines in one transaction with `mark`, which remembers how far it went. When the
 * batch fails as a whole, each line gets a transaction of its own, so that one bad line costs no other.
 */
export async function writeLines(
  sql: SqlConnection,
  lines: readonly string[],
  mark: () => Promise<void>,
): Promise<BatchOutcome> {
  const refused: string[] = [];
  const records = lines.flatMap((line) => parseOrRefuse(line, refused));
  try {
    const written = await sql.transaction(async () => {
      const outcome = await writeRecords(sql, records);
      await mark();
      return outcome;
    });
    return { ...written, refused };
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return writeSingly(sql, records, { mark, refused });
  }
}

async function writeSingly(
  sql: SqlConnection,
  records: readonly JournalRecord[],
  { mark, refused }: { mark: () => Promise<void>; refused: string[] },
): Promise<BatchOutcome> {
  return sql.transaction(async () => {
    const traceIds = new Set<string>();
    const runIds = new Set<string>();
    for (const record of records) {
      await sql.script("SAVEPOINT record");
      try {
        const outcome = await writeRecords(sql, [record]);
        for (const id of outcome.traceIds) traceIds.add(id);
        for (const id of outcome.runIds) runIds.add(id);
      } catch (error) {
        await sql.script("ROLLBACK TO record");
        refused.push(error instanceof Error ? error.message : String(error));
      }
      await sql.script("RELEASE record");
    }
    await mark();
    return { traceIds: [...traceIds], runIds: [...runIds], refused };
  });
}

async function writeRecords(
  sql: SqlConnection,
  records: readonly JournalRecord[],
): Promise<Omit<BatchOutcome, "refused">> {
  const spans = records.flatMap((record) => (record.kind === "span" ? [record.span] : []));
  const traceIds = spans.length === 0 ? [] : await writeSpans(sql, spans);
  const points = new Map<string, (JournalRecord & { kind: "metrics" })["points"][number][]>();
  for (const record of records) {
    if (record.kind !== "metrics") continue;
    const known = points.get(record.runId) ?? [];
    points.set(record.runId, known);
    known.push(...record.points);
  }
  for (const [runId, list] of points) {
    const [run] = await sql.all("SELECT experiment_id FROM runs WHERE id = ?", [runId]);
    // A run that was deleted for good takes its points with it.
    if (run !== undefined)
      await insertMetrics(sql, { runId, experimentId: text(run, "experiment_id") }, list);
  }
  return { traceIds, runIds: [...points.keys()] };
}

function parseOrRefuse(line: string, refused: string[]): readonly JournalRecord[] {
  if (line === "") return [];
  try {
    return [parseLine(line)];
  } catch (error) {
    refused.push(`unreadable line: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** The database is busy, full or away: nothing is wrong with the lines, they stay in the spool. */
function isUnavailable(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  // SQLITE_BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, by their primary codes.
  return code !== undefined && [5, 6, 7, 8, 10, 13, 14].includes(code & 0xff);
}
