import { type Artifact, RivuletError } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import type { ArtifactIndex } from "../../port/store.ts";
import type { Database } from "../database.ts";
import type { FileStorage } from "../file-storage.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { optionalText, text } from "../values.ts";
import { noRun } from "./run-rows.ts";

const rows: RecordRows<Artifact> = recordRows(PARTS.artifact);

/** The records of artifacts in SQL. Their bytes are in the storage. */
export function artifactIndex(database: Database, storage: FileStorage): ArtifactIndex {
  return {
    put: (artifact) =>
      database.transaction(async (sql) => {
        const { runId, path, fileId } = artifact;
        const [run] = await sql.all("SELECT 1 FROM runs WHERE id = ?", [runId]);
        if (run === undefined) throw noRun(runId);
        const [held] = await storage.hold(sql, { ids: [fileId] });
        if (held === undefined) throw noFile(fileId);
        const [before = {}] = await sql.all(
          `SELECT file_id FROM artifacts WHERE run_id = ? AND path = ? ${sql.dialect.forUpdate}`,
          [runId, path],
        );
        await sql.insert(rows.upsert, [rows.values(artifact)]);
        return optionalText(before, "file_id");
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
  };
}

function noFile(fileId: string): RivuletError {
  return new RivuletError(
    "conflict",
    `The file ${fileId} does not exist: write it first, or again.`,
    {
      details: { fileId },
    },
  );
}
