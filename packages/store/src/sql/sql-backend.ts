import type { RivuletError } from "@rivulet/domain";
import type { Backend, BackgroundStep, BatchOutcome, RecordBatch } from "../port/backend.ts";
import type { JournalRecord } from "../port/records.ts";
import type { StoreChange } from "../port/store.ts";
import { changeLog, changeWriter } from "./change-log.ts";
import type { Database, Sql } from "./database.ts";
import { ownerRegistry } from "./entities/owner-registry.ts";
import type { FileStorage } from "./file-storage.ts";
import { fileStore } from "./file-store.ts";
import { watchLeftFiles } from "./left-files.ts";
import { traceRollUp } from "./rollups/roll-up.ts";
import { moveMark, segmentMarks } from "./segment-marks.ts";
import { attachmentIntake } from "./spans/attachment-intake.ts";
import { spansOf, type WrittenRecords, writeRecords } from "./spans/record-writer.ts";
import { sqlStore } from "./sql-store.ts";
import { placeholders, text } from "./values.ts";
import { noteUnindexed } from "./words/unindexed.ts";
import { wordIndexer } from "./words/word-indexer.ts";

/** Options of {@link sqlBackend}. */
export interface SqlBackendOptions {
  /** Where the bytes of files are. */
  readonly storage: FileStorage;
  /** Where those are written that spans refer to; `storage` has them, too. @default storage */
  readonly attachments?: FileStorage;
  /** A writer also removes files of killed uploads, after opening. */
  readonly role: "writer" | "reader";
  /** Copies of this store elsewhere refer to the same files: what has no record here may have one there. @default false */
  readonly sharesFiles?: boolean;
  /** Writes a consistent snapshot into a new folder. */
  readonly backup: Backend["backup"];
  /** Called with failures that reach no caller. */
  readonly report?: (error: RivuletError) => void;
  /** Id of the engine. Its changes are recorded for other processes. @default there are none */
  readonly origin?: string;
  /**
   * Why the store accepts no more traces; spans of existing ones are still accepted. @default it always accepts them
   */
  readonly full?: () => RivuletError | undefined;
}

/** Implements the engine's backend on a SQL database. */
export function sqlBackend(database: Database, options: SqlBackendOptions): Backend {
  const { storage, attachments = storage, backup, origin, full, sharesFiles = false } = options;
  const changes = origin === undefined ? undefined : changeWriter({ database, origin });
  const removesLeft = options.role === "writer" && !sharesFiles;
  const stopWatching = removesLeft ? watchLeftFiles(database, options) : undefined;
  return {
    entities: sqlStore(database, { storage, changes }),
    files: fileStore(database, storage),
    async take(batch) {
      const outcome = await database.transaction(async (sql) => {
        const taken = await take(sql, batch, full?.());
        await changes?.note(sql, taken.changes);
        return taken;
      });
      await changes?.prune();
      return outcome;
    },
    takeAttachment: attachmentIntake(database, { storage: attachments }),
    marks: segmentMarks(database),
    changes: changeLog(database),
    owners: ownerRegistry(database, changes),
    async checkIntegrity() {
      const problems = await database.findProblems();
      return { ok: problems.length === 0, problems };
    },
    backup,
    async tidy() {
      await changes?.prune();
      await database.tidy();
    },
    ...backgroundOf(database),
    async close() {
      await stopWatching?.();
      await database.close();
    },
  };
}

/** The work that lags behind the rows. A step that has more to do does not keep the others waiting. */
function backgroundOf(database: Database): Pick<Backend, "backgroundStep"> {
  const { words, rollsUp } = database.dialect;
  const steps = [
    ...(words === undefined ? [] : [wordIndexer(database, words)]),
    ...(rollsUp ? [traceRollUp(database)] : []),
  ];
  if (steps.length === 0) return {};
  return {
    async backgroundStep() {
      const outcomes: BackgroundStep[] = [];
      for (const step of steps) outcomes.push(await step());
      return (["more", "later"] as const).find((outcome) => outcomes.includes(outcome)) ?? "done";
    },
  };
}

async function take(
  sql: Sql,
  { records, owner, segment }: RecordBatch,
  full: RivuletError | undefined,
): Promise<BatchOutcome> {
  const position = segment && (await moveMark(sql, segment));
  if (position !== undefined) return { position, changes: [], refused: [] };
  const wanted = full === undefined ? records : await ofKnownTraces(sql, records);
  const tooMany = full === undefined ? [] : records.slice(wanted.length).map(() => full);
  const written = await writeRecords(sql, { records: wanted, owner });
  await noteUnindexed(sql, written.traceIds);
  return { changes: changesOf(written), refused: [...tooMany, ...written.refused] };
}

/** Without the spans of traces that do not exist in the store. */
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

function changesOf({
  experimentIds,
  traceIds,
  runIds,
  modelIds,
}: WrittenRecords): readonly StoreChange[] {
  const changes: readonly StoreChange[] = [
    { entity: "experiment", ids: experimentIds },
    { entity: "trace", ids: traceIds },
    { entity: "run", ids: runIds },
    { entity: "loggedModel", ids: modelIds },
  ];
  return changes.filter(({ ids }) => ids.length > 0);
}
