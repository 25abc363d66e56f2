import { type Artifact, RivuletError } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import type { ArtifactIndex, ArtifactToPut } from "../../port/store.ts";
import type { Database, Sql } from "../database.ts";
import type { FileStorage } from "../file-storage.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { optionalText, placeholders, text } from "../values.ts";
import { BELOW, below, listFolder } from "./artifact-folders.ts";
import { writableRun } from "./run-rows.ts";

const rows: RecordRows<Artifact> = recordRows(PARTS.artifact);

/** The records of artifacts in SQL. Their bytes are in the storage. */
export function artifactIndex(database: Database, storage: FileStorage): ArtifactIndex {
  return {
    put: (artifact) => database.transaction((sql) => put(sql, storage, artifact)),
    delete: ({ runId, path }) =>
      database.transaction(async (sql) => {
        await writableRun(sql, runId);
        const values = [runId, path, ...below(path)];
        const where = `WHERE run_id = ? AND (path = ? OR ${BELOW})`;
        const found = await sql.all(`SELECT DISTINCT file_id FROM artifacts ${where}`, values);
        const count = await sql.run(`DELETE FROM artifacts ${where}`, values);
        return { count, fileIds: found.map((row) => text(row, "file_id")) };
      }),
    async get({ runId, path }) {
      const [row] = await database.all("SELECT * FROM artifacts WHERE run_id = ? AND path = ?", [
        runId,
        path,
      ]);
      return row && { ...rows.record(row), fileId: text(row, "file_id") };
    },
    async list({ runId, prefix = "" }) {
      const found = await database.all(
        "SELECT * FROM artifacts WHERE run_id = ? AND substr(path, 1, ?) = ? ORDER BY path",
        [runId, [...prefix].length, prefix],
      );
      return found.map(rows.record);
    },
    listFolder: (query) => listFolder(database, query),
  };
}

async function put(
  sql: Sql,
  storage: FileStorage,
  { replaces, ...artifact }: ArtifactToPut,
): Promise<string | undefined> {
  const { runId, path, fileId } = artifact;
  await writableRun(sql, runId);
  const [held] = await storage.hold(sql, { ids: [fileId] });
  if (held === undefined) throw noFile(fileId);
  const [before = {}] = await sql.all(
    `SELECT file_id FROM artifacts WHERE run_id = ? AND path = ? ${sql.dialect.forUpdate}`,
    [runId, path],
  );
  const replaced = optionalText(before, "file_id");
  if (replaces !== undefined && (replaced ?? null) !== replaces) throw replacedMeanwhile(path);
  if (replaced === undefined) await refuseClash(sql, artifact);
  await sql.insert(rows.upsert, [rows.values(artifact)]);
  return replaced;
}

/** What is a file in one place and a folder in another could not be downloaded. */
async function refuseClash(sql: Sql, { runId, path }: Artifact): Promise<void> {
  const segments = path.split("/");
  const folders = segments.slice(1).map((_, at) => segments.slice(0, at + 1).join("/"));
  const among = folders.length === 0 ? "" : `path IN (${placeholders(folders)}) OR `;
  const [clash] = await sql.all(
    `SELECT path FROM artifacts WHERE run_id = ? AND (${among}${BELOW}) LIMIT 1`,
    [runId, ...folders, ...below(path)],
  );
  if (clash === undefined) return;
  const other = text(clash, "path");
  const what = other.startsWith(`${path}/`)
    ? `it is a folder, which has ${other}`
    : `${other} is a file and no folder`;
  throw new RivuletError(
    "conflict",
    `The artifact ${path} of run ${runId} cannot be stored: ${what}. Use another path, or delete that first.`,
    { details: { runId, path, other } },
  );
}

function noFile(fileId: string): RivuletError {
  return new RivuletError(
    "conflict",
    `The file ${fileId} does not exist: write it first, or again.`,
    { details: { fileId } },
  );
}

function replacedMeanwhile(path: string): RivuletError {
  const message = `The artifact ${path} was replaced meanwhile: read it again, then write it.`;
  return new RivuletError("conflict", message, { details: { path, replaced: true } });
}
