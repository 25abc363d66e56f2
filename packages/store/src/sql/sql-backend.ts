import type { RivuletError } from "@rivulet/domain";
import type { Backend, BatchOutcome, RecordBatch } from "../port/backend.ts";
import type { JournalRecord } from "../port/records.ts";
import type { StoreChange } from "../port/store.ts";
import type { Database, Sql } from "./database.ts";
import type { FileStorage } from "./file-storage.ts";
import { fileStore } from "./file-store.ts";
import { watchLeftFiles } from "./left-files.ts";
import { spansOf, type WrittenRecords, writeRecords } from "./record-writer.ts";
import { moveMark, segmentMarks } from "./segment-marks.ts";
import { sqlStore } from "./sql-store.ts";
import { placeholders, text } from "./values.ts";

/** Options of {@link sqlBackend}. */
export interface SqlBackendOptions {
  /** Where the bytes of files are. */
  readonly storage: FileStorage;
  /** A writer also removes what killed uploads have left, behind the opening. */
  readonly role: "writer" | "reader";
  /** Told of failures that reach no caller. */
  readonly report?: (error: RivuletError) => void;
  /** Why the store takes no more traces; spans of those it has are still welcome. Left out: it always does. */
  readonly full?: () => RivuletError | undefined;
}

/** What the engine asks of a database, over SQL. */
export function sqlBackend(database: Database, options: SqlBackendOptions): Backend {
  const { storage, full } = options;
  const stopWatching = options.role === "writer" ? watchLeftFiles(database, options) : undefined;
  return {
    entities: sqlStore(database, storage),
    files: fileStore(database, storage),
    take: (batch) => database.transaction((sql) => take(sql, batch, full?.())),
    marks: segmentMarks(database),
    changes: { poll: async () => [] },
    owners: { beat: async () => undefined, list: async () => [], release: async () => [] },
    async checkIntegrity() {
      const problems = await database.findProblems();
      return { ok: problems.length === 0, problems };
    },
    tidy: () => database.tidy(),
    async close() {
      await stopWatching?.();
      await database.close();
    },
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
