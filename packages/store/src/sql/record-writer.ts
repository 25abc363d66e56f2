import { RivuletError } from "@rivulet/domain";
import type { JournalRecord, MetricsWrite, SpanRecord } from "../port/records.ts";
import type { Sql } from "./database.ts";
import { insertMetrics } from "./metric-writer.ts";
import { attempt } from "./savepoint.ts";
import { writeSpans } from "./span-writer.ts";
import { placeholders, text } from "./values.ts";

/** What records changed, and why some of them could not be taken. */
export interface WrittenRecords {
  readonly traceIds: readonly string[];
  readonly runIds: readonly string[];
  /** Why, for each record that is lost. */
  readonly refused: readonly RivuletError[];
}

const NOTHING: WrittenRecords = { traceIds: [], runIds: [], refused: [] };

/**
 * Writes records of a journal inside a transaction. A record that the database refuses is left out and costs
 * no other: the batch is halved until it is found.
 *
 * @throws RivuletError when the reason is not in the records: the database is locked, full or damaged
 */
export async function writeRecords(
  sql: Sql,
  records: readonly JournalRecord[],
): Promise<WrittenRecords> {
  if (records.length === 0) return NOTHING;
  return attempt(
    sql,
    () => writeAll(sql, records),
    async (error) => {
      if (records.length === 1) return { ...NOTHING, refused: [refusal(error)] };
      const middle = Math.ceil(records.length / 2);
      const first = await writeRecords(sql, records.slice(0, middle));
      const second = await writeRecords(sql, records.slice(middle));
      return {
        traceIds: [...new Set([...first.traceIds, ...second.traceIds])],
        runIds: [...new Set([...first.runIds, ...second.runIds])],
        refused: [...first.refused, ...second.refused],
      };
    },
  );
}

async function writeAll(sql: Sql, records: readonly JournalRecord[]): Promise<WrittenRecords> {
  const spans = spansOf(records);
  const metrics = records.flatMap((record) => (record.kind === "metrics" ? [record.metrics] : []));
  const traceIds = spans.length === 0 ? [] : await writeSpans(sql, spans);
  return { traceIds, ...(await writeMetrics(sql, metrics)) };
}

/** The spans among records. */
export function spansOf(records: readonly JournalRecord[]): readonly SpanRecord[] {
  return records.flatMap((record) => (record.kind === "span" ? [record.span] : []));
}

async function writeMetrics(
  sql: Sql,
  writes: readonly MetricsWrite[],
): Promise<Pick<WrittenRecords, "runIds" | "refused">> {
  const byRun = Map.groupBy(writes, ({ runId }) => runId);
  const runs = await lockRuns(sql, [...byRun.keys()]);
  const refused: RivuletError[] = [];
  for (const [runId, own] of byRun) {
    const experimentId = runs.get(runId);
    if (experimentId === undefined) {
      const message = `Metrics were dropped: no run has the id "${runId}".`;
      refused.push(...own.map(() => new RivuletError("not_found", message)));
    } else {
      const points = own.flatMap((write) => write.points);
      await insertMetrics(sql, { runId, experimentId }, points);
    }
  }
  return { runIds: [...runs.keys()], refused };
}

/** Run → its experiment. */
async function lockRuns(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.all(
    `SELECT id, experiment_id FROM runs WHERE id IN (${placeholders(ids)}) ORDER BY id ${sql.dialect.forUpdate}`,
    ids,
  );
  return new Map(rows.map((row) => [text(row, "id"), text(row, "experiment_id")]));
}

function refusal(cause: unknown): RivuletError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RivuletError(
    "internal",
    `A record was refused by the database and was dropped: ${reason}`,
    {
      cause,
    },
  );
}
