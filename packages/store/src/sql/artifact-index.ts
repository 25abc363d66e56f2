import { type Artifact, RivuletError } from "@rivulet/domain";
import type { ArtifactIndex } from "../port/store.ts";
import type { Database, Insert, Row } from "./database.ts";
import type { FileStorage } from "./file-storage.ts";
import { noRun } from "./run-rows.ts";
import { number, optionalText, text, toMicros, toMillis } from "./values.ts";

const INSERT: Insert = {
  table: "artifacts",
  columns: ["run_id", "path", "size", "sha256", "content_type", "file_id", "created_us"],
  conflict: {
    key: ["run_id", "path"],
    update: ["size", "sha256", "content_type", "file_id", "created_us"],
  },
};

/** What is known of artifacts, in SQL. Their bytes are in the storage. */
export function artifactIndex(database: Database, storage: FileStorage): ArtifactIndex {
  return {
    put: (artifact) =>
      database.transaction(async (sql) => {
        const [run] = await sql.all("SELECT 1 FROM runs WHERE id = ?", [artifact.runId]);
        if (run === undefined) throw noRun(artifact.runId);
        const [held] = await storage.hold(sql, { ids: [artifact.fileId] });
        if (held === undefined) throw noFile(artifact.fileId);
        const [before = {}] = await sql.all(
          `SELECT file_id FROM artifacts WHERE run_id = ? AND path = ? ${sql.dialect.forUpdate}`,
          [artifact.runId, artifact.path],
        );
        await sql.insert(INSERT, [
          [
            artifact.runId,
            artifact.path,
            artifact.size,
            artifact.sha256,
            artifact.contentType,
            artifact.fileId,
            toMicros(artifact.createdAt),
          ],
        ]);
        return optionalText(before, "file_id");
      }),
    async get({ runId, path }) {
      const [row] = await database.all("SELECT * FROM artifacts WHERE run_id = ? AND path = ?", [
        runId,
        path,
      ]);
      return row && { ...toArtifact(row), fileId: text(row, "file_id") };
    },
    async list({ runId, prefix = "" }) {
      const rows = await database.all(
        "SELECT * FROM artifacts WHERE run_id = ? AND substr(path, 1, ?) = ? ORDER BY path",
        [runId, [...prefix].length, prefix],
      );
      return rows.map(toArtifact);
    },
  };
}

function noFile(fileId: string): RivuletError {
  return new RivuletError(
    "conflict",
    `The file ${fileId} is not there: write it first, or again.`,
    {
      details: { fileId },
    },
  );
}

function toArtifact(row: Row): Artifact {
  return {
    runId: text(row, "run_id"),
    path: text(row, "path"),
    size: number(row, "size"),
    sha256: text(row, "sha256"),
    contentType: text(row, "content_type"),
    createdAt: toMillis(row["created_us"]),
  };
}
