import { RivuletError } from "@rivulet/domain";
import type { SpanRecord } from "../../port/records.ts";
import type { Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { placeholders, text } from "../values.ts";
import type { TraceSummary } from "./trace-summary.ts";

/** Spans that are written, and why others are not. */
export interface TakenSpans {
  readonly records: readonly SpanRecord[];
  readonly refused: readonly RivuletError[];
}

/** Leaves out the spans of traces in experiments that are deleted: they take no writes. */
export async function leaveOutDeleted(
  sql: Sql,
  records: readonly SpanRecord[],
  summaries: ReadonlyMap<string, Pick<TraceSummary, "experimentId">>,
): Promise<TakenSpans> {
  const experimentOf = ({ traceId, experimentId }: SpanRecord): string =>
    summaries.get(traceId)?.experimentId ?? experimentId;
  const deleted = await deletedOf(sql, [...new Set(records.map(experimentOf))]);
  if (deleted.size === 0) return { records, refused: [] };
  const refused = records.flatMap((record) => {
    const id = experimentOf(record);
    const name = deleted.get(id);
    return name === undefined ? [] : [droppedSpan(id, name)];
  });
  return { records: records.filter((record) => !deleted.has(experimentOf(record))), refused };
}

/** Id → name of those that are deleted. */
async function deletedOf(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await inChunks(ids, (part) =>
    sql.all(
      `SELECT id, name FROM experiments WHERE id IN (${placeholders(part)}) AND lifecycle_stage = 'deleted'`,
      part,
    ),
  );
  return new Map(rows.map((row) => [text(row, "id"), text(row, "name")]));
}

function droppedSpan(experimentId: string, name: string): RivuletError {
  return new RivuletError(
    "conflict",
    `Spans were dropped: experiment "${name}" (${experimentId}) is deleted. Restore it, or trace to another.`,
    { details: { experimentId } },
  );
}
