import { messageOf, RivuletError } from "@rivulet/domain";
import type { RecordBatch } from "../../port/backend.ts";
import type { JournalRecord, MetricsWrite, SpanRecord } from "../../port/records.ts";
import type { Row, Sql } from "../database.ts";
import { insertMetrics } from "../entities/metric-writer.ts";
import { insertModelMetrics, type MeasuredPoint } from "../entities/model-metric-writer.ts";
import { joinOwners } from "../entities/run-owners.ts";
import { inChunks } from "../in-chunks.ts";
import { attempt } from "../savepoint.ts";
import { number, placeholders, text } from "../values.ts";
import { TraceRace, writeSpans } from "./span-writer.ts";

/** What records changed, and why some were refused. */
export interface WrittenRecords {
  readonly traceIds: readonly string[];
  readonly runIds: readonly string[];
  /** Logged models with new metrics. */
  readonly modelIds: readonly string[];
  /** Experiments that were created because spans name them. */
  readonly experimentIds: readonly string[];
  /** The reason for each record that is lost. */
  readonly refused: readonly RivuletError[];
}

const NOTHING: WrittenRecords = {
  traceIds: [],
  runIds: [],
  modelIds: [],
  experimentIds: [],
  refused: [],
};

/**
 * Writes records of a journal inside a transaction. A record that the database refuses is left out and costs
 * no other: the batch is halved until it is found.
 *
 * @throws RivuletError when the reason is not in the records: the database is locked, full or damaged
 */
export async function writeRecords(
  sql: Sql,
  { records, owner }: Pick<RecordBatch, "records" | "owner">,
): Promise<WrittenRecords> {
  if (records.length === 0) return NOTHING;
  return attempt(
    sql,
    () => writeAll(sql, records, owner),
    async (error) => {
      if (error instanceof TraceRace) return writeRecords(sql, { records, owner });
      if (records.length === 1) return { ...NOTHING, refused: [refusal(error)] };
      const middle = Math.ceil(records.length / 2);
      const first = await writeRecords(sql, { records: records.slice(0, middle), owner });
      const second = await writeRecords(sql, { records: records.slice(middle), owner });
      return {
        traceIds: [...new Set([...first.traceIds, ...second.traceIds])],
        runIds: [...new Set([...first.runIds, ...second.runIds])],
        modelIds: [...new Set([...first.modelIds, ...second.modelIds])],
        experimentIds: [...first.experimentIds, ...second.experimentIds],
        refused: [...first.refused, ...second.refused],
      };
    },
  );
}

async function writeAll(
  sql: Sql,
  records: readonly JournalRecord[],
  owner: string,
): Promise<WrittenRecords> {
  const spans = spansOf(records);
  const metrics = records.flatMap((record) => (record.kind === "metrics" ? [record.metrics] : []));
  const written = spans.length === 0 ? NOTHING : await writeSpans(sql, spans, owner);
  const measured = await writeMetrics(sql, metrics, owner);
  const refused = [...written.refused, ...measured.refused];
  return { ...NOTHING, ...written, ...measured, refused };
}

/** The spans among records. */
export function spansOf(records: readonly JournalRecord[]): readonly SpanRecord[] {
  return records.flatMap((record) => (record.kind === "span" ? [record.span] : []));
}

async function writeMetrics(
  sql: Sql,
  writes: readonly MetricsWrite[],
  owner: string,
): Promise<Pick<WrittenRecords, "runIds" | "modelIds" | "refused">> {
  const byRun = Map.groupBy(writes, ({ runId }) => runId);
  const rows = await lockRuns(sql, [...byRun.keys()]);
  const deleted = new Set(
    rows.filter((row) => text(row, "lifecycle_stage") === "deleted").map((row) => text(row, "id")),
  );
  const written = rows.filter((row) => !deleted.has(text(row, "id")));
  await joinOwners(sql, owner, written);
  const owners = new Map(
    written.map((row) => [
      text(row, "id"),
      { run: number(row, "inner_id"), experimentId: text(row, "experiment_id") },
    ]),
  );
  const refused: RivuletError[] = [];
  const measured: MetricsWrite[] = [];
  for (const [runId, own] of byRun) {
    const run = owners.get(runId);
    if (run === undefined) {
      refused.push(...own.map(() => droppedMetrics(runId, deleted.has(runId))));
    } else {
      const points = own.flatMap((write) => write.points);
      await insertMetrics(sql, run, points);
      measured.push(...own.filter(({ model }) => model !== undefined));
    }
  }
  const models = await insertModelMetrics(sql, measured.flatMap(measuredPoints));
  return {
    runIds: [...owners.keys()],
    modelIds: models.modelIds,
    refused: [...refused, ...models.refused],
  };
}

function measuredPoints({ runId, points, model }: MetricsWrite): readonly MeasuredPoint[] {
  return points.map((point) => ({ ...point, runId, ...(model === undefined ? {} : { model }) }));
}

function droppedMetrics(runId: string, isDeleted: boolean): RivuletError {
  const details = { details: { runId } };
  return isDeleted
    ? new RivuletError("conflict", `Metrics were dropped: run "${runId}" is deleted.`, details)
    : new RivuletError("not_found", `Metrics were dropped: no run has the id "${runId}".`, details);
}

/** The runs that exist, locked until the transaction ends. */
function lockRuns(sql: Sql, ids: readonly string[]): Promise<readonly Row[]> {
  return inChunks(ids, (part) =>
    sql.all(
      `SELECT id, inner_id, status, experiment_id, lifecycle_stage FROM runs WHERE id IN (${placeholders(part)}) ORDER BY id ${sql.dialect.forUpdate}`,
      part,
    ),
  );
}

function refusal(cause: unknown): RivuletError {
  return new RivuletError(
    "internal",
    `A record was dropped because the database refused it: ${messageOf(cause)}`,
    {
      cause,
    },
  );
}
