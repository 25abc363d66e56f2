import { RivuletError } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import type { StoredModelFile } from "../../port/models.ts";
import type { VersionKey } from "../../port/store.ts";
import type { Row, Sql } from "../database.ts";
import type { FileStorage } from "../file-storage.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { number, optionalText, text } from "../values.ts";

const rows: RecordRows<StoredModelFile> = recordRows(PARTS.modelFile);

/** Most files of one version. */
const MOST_FILES = 10_000;

/** Where the files of a version come from. */
export interface FileSource extends VersionKey {
  /** The run and its file or folder. */
  readonly runId?: string | undefined;
  readonly artifactPath?: string | undefined;
  /** Another version, whose files it shares. */
  readonly copyOf?: VersionKey | undefined;
}

/**
 * Pins the files of a new version, so that nothing that becomes of its run changes them.
 *
 * @throws RivuletError `not_found` when there are none; `limit_exceeded`; `conflict` when the bytes of one are gone
 */
export async function pinFiles(
  sql: Sql,
  storage: FileStorage,
  { name, version, copyOf, ...artifact }: FileSource,
): Promise<void> {
  const found =
    copyOf === undefined ? await artifactFiles(sql, artifact) : await listFiles(sql, copyOf);
  if (found.length === 0 && copyOf !== undefined) return;
  if (found.length === 0) throw nothingThere(artifact);
  if (found.length > MOST_FILES) throw tooMany(found.length);
  const ids = [...new Set(found.map(({ fileId }) => fileId))];
  const held = new Set(await storage.hold(sql, { ids }));
  const gone = found.find(({ fileId }) => !held.has(fileId));
  if (gone !== undefined) throw bytesGone(gone.path);
  await sql.insert(
    rows.insert,
    found.map((file) => rows.values({ ...file, name, version })),
  );
}

/** The files of a version by path; those of its run's artifact where none are pinned. */
export async function listFiles(
  sql: Sql,
  { name, version }: VersionKey,
): Promise<readonly StoredModelFile[]> {
  const key = [name, version];
  const pinned = await sql.all(
    "SELECT * FROM model_version_files WHERE name = ? AND version = ? ORDER BY path",
    key,
  );
  if (pinned.length > 0) return pinned.map(rows.whole);
  const [row] = await sql.all(
    "SELECT run_id, artifact_path FROM model_versions WHERE name = ? AND version = ?",
    key,
  );
  if (row === undefined) return [];
  const runId = optionalText(row, "run_id");
  const artifactPath = optionalText(row, "artifact_path");
  const found = await artifactFiles(sql, { runId, artifactPath });
  return found.map((file) => ({ ...file, name, version }));
}

/** Pins the files of the versions that were registered before files were pinned. */
export async function pinStoredVersions(sql: Sql): Promise<void> {
  await sql.run(
    `INSERT INTO model_version_files (name, version, path, size, sha256, content_type, file_id)
     SELECT v.name, v.version, a.path, a.size, a.sha256, a.content_type, a.file_id
     FROM model_versions v JOIN artifacts a ON a.run_id = v.run_id AND a.path = v.artifact_path`,
  );
  // A model that is a single file has its name, without the folders above it.
  const nested = await sql.all("SELECT * FROM model_version_files WHERE path LIKE '%/%'");
  for (const row of nested) {
    const path = text(row, "path");
    await sql.run(
      "UPDATE model_version_files SET path = ? WHERE name = ? AND version = ? AND path = ?",
      [lastSegment(path), text(row, "name"), number(row, "version"), path],
    );
  }
}

/** A file of a run's artifact, by its path below that. */
type ArtifactFile = Omit<StoredModelFile, "name" | "version">;

async function artifactFiles(
  sql: Sql,
  { runId, artifactPath }: Pick<FileSource, "runId" | "artifactPath">,
): Promise<readonly ArtifactFile[]> {
  if (runId === undefined || artifactPath === undefined) return [];
  const folder = `${artifactPath}/`;
  const found = await sql.all(
    `SELECT path, size, sha256, content_type, file_id FROM artifacts
     WHERE run_id = ? AND (path = ? OR substr(path, 1, ?) = ?) ORDER BY path`,
    [runId, artifactPath, [...folder].length, folder],
  );
  const file = found.find((row) => text(row, "path") === artifactPath);
  if (file !== undefined) return [toFile(file, lastSegment(artifactPath))];
  return found.map((row) => toFile(row, text(row, "path").slice(folder.length)));
}

function toFile(row: Row, path: string): ArtifactFile {
  return {
    path,
    size: number(row, "size"),
    sha256: text(row, "sha256"),
    contentType: text(row, "content_type"),
    fileId: text(row, "file_id"),
  };
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function nothingThere({ runId = "", artifactPath = "" }: Partial<FileSource>): RivuletError {
  return new RivuletError(
    "not_found",
    `There is no artifact "${artifactPath}" of run "${runId}", neither a file nor a folder.`,
    { details: { id: artifactPath } },
  );
}

function tooMany(files: number): RivuletError {
  return new RivuletError(
    "limit_exceeded",
    `A model version has at most ${MOST_FILES} files, and there are ${files}. Pack them into one.`,
    { details: { files, limit: MOST_FILES } },
  );
}

function bytesGone(path: string): RivuletError {
  return new RivuletError(
    "conflict",
    `The bytes of ${path} are being removed: log the artifact again, then register.`,
    { details: { path } },
  );
}
