import { randomBytes } from "node:crypto";
import { RivuletError } from "@rivulet/domain";
import type { Database, FileUploads, Sql } from "@rivulet/store/sql";

/** Size of every chunk of a file but its last. */
export const CHUNK_BYTES: number = 1024 * 1024;
/** How the id of a file begins that has not come to its end. */
export const UPLOAD: string = "upload:";

/** Files that come in parts: rows like those of others, whose id is set when they are complete. */
export function tableUploads(database: Database): FileUploads {
  const { now } = database.dialect;
  return {
    async begin() {
      const upload = UPLOAD + randomBytes(12).toString("hex");
      await database.run(`INSERT INTO files (id, size, written_us) VALUES (?, 0, ${now})`, [
        upload,
      ]);
      return upload;
    },
    append: ({ upload, content }) =>
      database.transaction(async (sql) => {
        const size = await lockUpload(sql, upload);
        await addBytes(sql, { id: upload, size, content });
        await sql.run(`UPDATE files SET size = ?, written_us = ${now} WHERE id = ?`, [
          size + content.byteLength,
          upload,
        ]);
      }),
    finish: ({ upload, id }) =>
      database.transaction(async (sql) => {
        const size = await lockUpload(sql, upload);
        // The row of the file comes first, so that writers and removers of the same bytes wait for each other.
        await sql.run(
          `INSERT INTO files (id, size, written_us) VALUES (?, ?, ${now})
           ON CONFLICT (id) DO UPDATE SET written_us = excluded.written_us`,
          [id, size],
        );
        const [chunk] = await sql.all("SELECT 1 FROM file_chunks WHERE file_id = ? LIMIT 1", [id]);
        // Equal ids mean equal bytes.
        if (chunk !== undefined) return removeFile(sql, upload);
        await sql.run("UPDATE file_chunks SET file_id = ? WHERE file_id = ?", [id, upload]);
        await sql.run("DELETE FROM files WHERE id = ?", [upload]);
      }),
    abandon: (upload) => database.transaction((sql) => removeFile(sql, upload)),
  };
}

/** Removes a file, or what has come of one. */
export async function removeFile(sql: Sql, id: string): Promise<void> {
  await sql.run("DELETE FROM file_chunks WHERE file_id = ?", [id]);
  await sql.run("DELETE FROM files WHERE id = ?", [id]);
}

/** Removes uploads that nobody has added to for so long. Returns how many. */
export async function removeOldUploads(database: Database, olderThanMs: number): Promise<number> {
  const { now } = database.dialect;
  return database.transaction(async (sql) => {
    const old = await sql.all(
      `SELECT id FROM files WHERE substr(id, 1, ?) = ? AND written_us <= ${now} - ? ${sql.dialect.forUpdate}`,
      [UPLOAD.length, UPLOAD, Math.round(olderThanMs * 1000)],
    );
    for (const row of old) await removeFile(sql, String(row["id"]));
    return old.length;
  });
}

/** The bytes that have come so far. @throws RivuletError `conflict` when there is no such upload */
async function lockUpload(sql: Sql, upload: string): Promise<number> {
  const [row] = upload.startsWith(UPLOAD)
    ? await sql.all(`SELECT size FROM files WHERE id = ? ${sql.dialect.forUpdate}`, [upload])
    : [];
  if (row !== undefined) return Number(row["size"]);
  const message = `The upload ${upload} does not exist (any more): begin it again.`;
  throw new RivuletError("conflict", message, { details: { upload } });
}

interface Addition {
  readonly id: string;
  /** Bytes before it. */
  readonly size: number;
  readonly content: Uint8Array;
}

/** Fills up the last chunk, then adds others. */
async function addBytes(sql: Sql, { id, size, content }: Addition): Promise<void> {
  const begun = size % CHUNK_BYTES;
  const rest = begun === 0 ? 0 : Math.min(CHUNK_BYTES - begun, content.byteLength);
  const position = Math.floor(size / CHUNK_BYTES);
  if (rest > 0) {
    await sql.run("UPDATE file_chunks SET bytes = bytes || ? WHERE file_id = ? AND position = ?", [
      content.subarray(0, rest),
      id,
      position,
    ]);
  }
  const first = Math.ceil(size / CHUNK_BYTES);
  for (let from = rest, count = 0; from < content.byteLength; from += CHUNK_BYTES, count += 1) {
    await sql.run("INSERT INTO file_chunks (file_id, position, bytes) VALUES (?, ?, ?)", [
      id,
      first + count,
      content.subarray(from, from + CHUNK_BYTES),
    ]);
  }
}
