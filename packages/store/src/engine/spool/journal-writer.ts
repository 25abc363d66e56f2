import { RivuletError } from "@rivulet/domain";
import type { JournalRecord } from "../../port/records.ts";
import type { StoreChange } from "../../port/store.ts";
import { insertMetrics } from "../../sql/metric-writer.ts";
import { writeSpans } from "../../sql/span-writer.ts";
import type { SqlConnection } from "../../sql/sql-connection.ts";
import { text } from "../../sql/values.ts";
import { parseLine } from "./record-line.ts";

/** What a batch of lines changed, and why some of them could not be taken. */
export interface BatchOutcome {
  readonly traceIds: readonly string[];
  readonly runIds: readonly string[];
  /** Why, for each record that is lost. */
  readonly refused: readonly RivuletError[];
}

/** Nothing came, nothing changed. */
export const EMPTY_BATCH: BatchOutcome = { traceIds: [], runIds: [], refused: [] };

/**
 * Writes lines of the journal. Call it inside a transaction. A record that the database refuses is left out
 * and costs no other: the batch is halved until it is found.
 *
 * @param full why the store takes no more traces; spans of those it has are still welcome
 * @throws RivuletError when the reason is not in the lines: the database is locked, full or damaged
 */
export async function writeLines(
  sql: SqlConnection,
  lines: readonly string[],
  full?: RivuletError,
): Promise<BatchOutcome> {
  const refused: RivuletError[] = [];
  const records = lines.flatMap((line) => readLine(line, refused));
  const wanted = full === undefined ? records : await keepKnown(sql, records);
  if (full !== undefined) refused.push(...Array(records.length - wanted.length).fill(full));
  const written = await writeWhole(sql, wanted);
  return { ...written, refused: [...refused, ...written.refused] };
}

/** What a batch tells those who watch. */
export function changesOf({ traceIds, runIds }: BatchOutcome): readonly StoreChange[] {
  const changes: StoreChange[] = [];
  if (traceIds.length > 0) changes.push({ entity: "trace", ids: traceIds });
  if (runIds.length > 0) changes.push({ entity: "run", ids: runIds });
  return changes;
}

/** Without the spans of traces that are not in the store. */
async function keepKnown(
  sql: SqlConnection,
  records: readonly JournalRecord[],
): Promise<readonly JournalRecord[]> {
  const known = new Map<string, boolean>();
  for (const record of records) {
    if (record.kind !== "span" || known.has(record.span.traceId)) continue;
    const rows = await sql.all("SELECT 1 FROM traces WHERE id = ?", [record.span.traceId]);
    known.set(record.span.traceId, rows.length > 0);
  }
  return records.filter((record) => record.kind !== "span" || known.get(record.span.traceId));
}

function readLine(line: string, refused: RivuletError[]): readonly JournalRecord[] {
  if (line === "") return [];
  try {
    return [parseLine(line)];
  } catch (error) {
    refused.push(loss("A line of the spool cannot be read", error));
    return [];
  }
}

async function writeWhole(
  sql: SqlConnection,
  records: readonly JournalRecord[],
): Promise<BatchOutcome> {
  if (records.length === 0) return EMPTY_BATCH;
  await sql.script("SAVEPOINT batch");
  try {
    const outcome = await writeRecords(sql, records);
    await sql.script("RELEASE batch");
    return outcome;
  } catch (error) {
    // Then the whole transaction is undone, and tried again later.
    if (error instanceof RivuletError) throw error;
    await sql.script("ROLLBACK TO batch");
    await sql.script("RELEASE batch");
    if (records.length === 1)
      return { ...EMPTY_BATCH, refused: [loss("A record was refused by the database", error)] };
    return writeHalves(sql, records);
  }
}

async function writeHalves(
  sql: SqlConnection,
  records: readonly JournalRecord[],
): Promise<BatchOutcome> {
  const middle = Math.ceil(records.length / 2);
  const first = await writeWhole(sql, records.slice(0, middle));
  const second = await writeWhole(sql, records.slice(middle));
  return {
    traceIds: [...new Set([...first.traceIds, ...second.traceIds])],
    runIds: [...new Set([...first.runIds, ...second.runIds])],
    refused: [...first.refused, ...second.refused],
  };
}

async function writeRecords(
  sql: SqlConnection,
  records: readonly JournalRecord[],
): Promise<BatchOutcome> {
  const spans = records.flatMap((record) => (record.kind === "span" ? [record.span] : []));
  const traceIds = spans.length === 0 ? [] : await writeSpans(sql, spans);
  const metrics = records.flatMap((record) => (record.kind === "metrics" ? [record.metrics] : []));
  const runIds: string[] = [];
  const refused: RivuletError[] = [];
  for (const [runId, own] of Map.groupBy(metrics, (write) => write.runId)) {
    const [run] = await sql.all("SELECT experiment_id FROM runs WHERE id = ?", [runId]);
    if (run === undefined) {
      const reason = new RivuletError(
        "not_found",
        `Metrics were dropped: no run has the id "${runId}".`,
      );
      refused.push(...own.map(() => reason));
      continue;
    }
    const points = own.flatMap((write) => write.points);
    await insertMetrics(sql, { runId, experimentId: text(run, "experiment_id") }, points);
    runIds.push(runId);
  }
  return { traceIds, runIds, refused };
}

function loss(what: string, cause: unknown): RivuletError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RivuletError("internal", `${what} and was dropped: ${reason}`, { cause });
}
