import type { Artifact } from "@rivulet/domain";
import type { ArtifactIndex } from "../port/store.ts";
import { noRun } from "./run-store.ts";
import type { Row, SqlConnection } from "./sql-connection.ts";
import { number, text, toMicros, toMillis } from "./values.ts";

/** What is known of artifacts, in SQL. Their bytes are elsewhere. */
export function artifactIndex(sql: SqlConnection): ArtifactIndex {
  return {
    put: (artifact) =>
      sql.transaction(async () => {
        const [run] = await sql.all("SELECT 1 FROM runs WHERE id = ?", [artifact.runId]);
        if (run === undefined) throw noRun(artifact.runId);
        await sql.run(
          `INSERT INTO artifacts VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_id, path) DO UPDATE SET
           size = excluded.size, sha256 = excluded.sha256, content_type = excluded.content_type,
           file_id = excluded.file_id, created_us = excluded.created_us`,
          [
            artifact.runId,
            artifact.path,
            artifact.size,
            artifact.sha256,
            artifact.contentType,
            artifact.fileId,
            toMicros(artifact.createdAt),
          ],
        );
      }),
    async get({ runId, path }) {
      const [row] = await sql.all("SELECT * FROM artifacts WHERE run_id = ? AND path = ?", [
        runId,
        path,
      ]);
      return row && { ...toArtifact(row), fileId: text(row, "file_id") };
    },
    async list({ runId, prefix = "" }) {
      const rows = await sql.all(
        "SELECT * FROM artifacts WHERE run_id = ? AND substr(path, 1, ?) = ? ORDER BY path",
        [runId, prefix.length, prefix],
      );
      return rows.map(toArtifact);
    },
  };
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
