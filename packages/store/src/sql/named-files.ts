import type { Sql } from "./database.ts";
import type { FileStorage, HoldQuery } from "./file-storage.ts";
import { forgetFiles } from "./spans/attachments.ts";
import { placeholders, text } from "./values.ts";

/** Tables whose records refer to files, besides attachments. */
const OF_FILES = ["artifacts", "model_version_files"];

/** Those of them that are there: a backup may be of a store of an older schema. */
async function tablesOfFiles(sql: Sql): Promise<readonly string[]> {
  const rows = await sql.all(sql.dialect.listTables);
  const names = new Set(rows.map((row) => row["name"]));
  return OF_FILES.filter((table) => names.has(table));
}

/** Those of these files that no record refers to. */
export async function unnamedFiles(sql: Sql, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const list = placeholders(ids);
  const tables = await tablesOfFiles(sql);
  const parts = [
    ...tables.map((table) => `SELECT file_id FROM ${table} WHERE file_id IN (${list})`),
    `SELECT hash AS file_id FROM attachments WHERE hash IN (${list})`,
  ];
  const rows = await sql.all(
    parts.join(" UNION "),
    parts.flatMap(() => ids),
  );
  const named = new Set(rows.map((row) => text(row, "file_id")));
  return ids.filter((id) => !named.has(id));
}

/** A file that records refer to. */
export interface NamedFile {
  readonly id: string;
  /** What its SHA-256 is according to the record. */
  readonly sha256: string;
}

/** The files that records refer to, in order, after `after`. */
export async function namedFiles(
  sql: Sql,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly NamedFile[]> {
  const tables = await tablesOfFiles(sql);
  const parts = [
    ...tables.map((table) => `SELECT file_id, sha256 FROM ${table} WHERE file_id > ?`),
    `SELECT f.hash AS file_id, f.hash AS sha256 FROM attachment_files f WHERE f.hash > ? AND f.is_stored = 1
       AND EXISTS (SELECT 1 FROM attachments a WHERE a.hash = f.hash)`,
  ];
  const rows = await sql.all(
    `SELECT file_id, MIN(sha256) AS sha256 FROM (${parts.join(" UNION ")}) named
     GROUP BY file_id ORDER BY file_id LIMIT ?`,
    [...parts.map(() => after), limit],
  );
  return rows.map((row) => ({ id: text(row, "file_id"), sha256: text(row, "sha256") }));
}

/**
 * Deletes files that no record names, in a writing transaction. A record is written only while its file is
 * there, in a transaction of the same kind: so whichever of the two comes first, no record names a file that is
 * gone. An upload whose file was deleted under its hands is refused, and writes it again.
 *
 * @returns the ids of those that were deleted
 */
export async function deleteFiles(
  sql: Sql,
  storage: FileStorage,
  files: HoldQuery,
): Promise<readonly string[]> {
  const held = await storage.hold(sql, files);
  // Only now, so that a record written while waiting for the lock is seen.
  const unnamed = await unnamedFiles(sql, held);
  await storage.remove(sql, unnamed);
  await forgetFiles(sql, unnamed);
  return unnamed;
}
