import type { RivuletError } from "@rivulet/domain";
import type { Backend, BatchOutcome, RecordBatch } from "../port/backend.ts";
import type { JournalRecord } from "../port/records.ts";
import type { StoreChange } from "../port/store.ts";
import type { Database, Sql } from "./database.ts";
import type { FileStorage } from "./file-storage.ts";
import { spansOf, type WrittenRecords, writeRecords } from "./record-writer.ts";
import { moveMark, segmentMarks } from "./segment-marks.ts";
import { sqlStore } from "./sql-store.ts";
import { placeholders, text } from "./values.ts";

/** Options of {@link sqlBackend}. */
export interface SqlBackendOptions {
  /** Where the bytes of files lie. */
  readonly storage: FileStorage;
  /** Why the store takes no more traces; spans of those it has are still welcome. Left out: it always does. */
  readonly full?: () => RivuletError | undefined;
}

/** What the engine asks of a database, over SQL; but for the files, which are where the driver keeps them. */
export function sqlBackend(database: Database, options: SqlBackendOptions): Omit<Backend, "files"> {
  return {
    entities: sqlStore(database, options.storage),
    take: (batch) => database.transaction((sql) => take(sql, batch, options.full?.())),
    marks: segmentMarks(database),
    changes: { poll: async () => [] },
    owners: { beat: async () => undefined, list: async () => [], release: async () => [] },
    async checkIntegrity() {
      const problems = await database.findProblems();
      return { ok: problems.length === 0, problems };
    },
    tidy: () => database.tidy(),
    close: () => database.close(),
  };
}

async function take(
  sql: Sql,
  { records, segment }: RecordBatch,
  full: RivuletError | undefined,
): Promise<BatchOutcome> {
  const position = segment && (await moveMark(sql, segment));
  if (position !== undefined) return { position, changes: [], refused: [] };
  const wanted = full === undefined ? records : await ofKnownTraces(sql, records);
  const tooMany = full === undefined ? [] : records.slice(wanted.length).map(() => full);
  const written = await writeRecords(sql, wanted);
  return { changes: changesOf(written), refused: [...tooMany, ...written.refused] };
}

/** Without the spans of traces that are not in the store. */
async function ofKnownTraces(
  sql: Sql,
  records: readonly JournalRecord[],
): Promise<readonly JournalRecord[]> {
  const ids = [...new Set(spansOf(records).map(({ traceId }) => traceId))];
  if (ids.length === 0) return records;
  const rows = await sql.all(`SELECT id FROM traces WHERE id IN (${placeholders(ids)})`, ids);
  const known = new Set(rows.map((row) => text(row, "id")));
  return records.filter((record) => record.kind !== "span" || known.has(record.span.traceId));
}

function changesOf({ traceIds, runIds }: WrittenRecords): readonly StoreChange[] {
  const changes: StoreChange[] = [];
  if (traceIds.length > 0) changes.push({ entity: "trace", ids: traceIds });
  if (runIds.length > 0) changes.push({ entity: "run", ids: runIds });
  return changes;
}
