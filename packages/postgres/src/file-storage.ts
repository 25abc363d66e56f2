import type { Database, FilePart, FileStorage, Row, Sql } from "@rivulet/store/sql";
import { CHUNK_BYTES, removeFile, removeOldUploads, tableUploads, UPLOAD } from "./file-uploads.ts";

/** Chunks read by one statement. */
const CHUNKS_AT_ONCE = 4;

/** Files in the database, so that every process of an app can access them. */
export function fileTableStorage(database: Database): FileStorage {
  const { now, forUpdate } = database.dialect;
  return {
    write: (id, content) =>
      database.transaction(async (sql) => {
        // Equal ids mean equal bytes, so it suffices to record that they are needed again.
        const again = await sql.run(
          `UPDATE files SET written_us = ${now} WHERE id = ? AND size = ?`,
          [id, content.byteLength],
        );
        if (again === 0) await replace(sql, id, content);
      }),
    read: (id, sql) =>
      sql === undefined ? database.snapshot((own) => readFile(own, id)) : readFile(sql, id),
    readPart: (part, sql) =>
      sql === undefined ? database.snapshot((own) => readPart(own, part)) : readPart(sql, part),
    uploads: tableUploads(database),
    async list({ limit, pageToken = "" }) {
      const rows = await database.all(
        `SELECT id, size, (${now} - written_us) AS age_us FROM files
         WHERE id > ? AND substr(id, 1, ?) <> ? ORDER BY id LIMIT ?`,
        [pageToken, UPLOAD.length, UPLOAD, limit + 1],
      );
      const items = rows.slice(0, limit).map((row) => ({
        id: String(row["id"]),
        size: Number(row["size"]),
        ageMs: Number(row["age_us"]) / 1000,
      }));
      const last = items.at(-1);
      return rows.length > limit && last !== undefined
        ? { items, nextPageToken: last.id }
        : { items };
    },
    async hold(sql, { ids, olderThanMs = 0 }) {
      if (ids.length === 0) return [];
      const rows = await sql.all(
        `SELECT id FROM files WHERE id IN (${ids.map(() => "?").join(", ")})
         AND written_us <= ${now} - ? ORDER BY id ${forUpdate}`,
        [...ids, Math.round(olderThanMs * 1000)],
      );
      return rows.map((row) => String(row["id"]));
    },
    async remove(sql, ids) {
      for (const id of ids) await removeFile(sql, id);
    },
    removeTemporary: (olderThanMs) => removeOldUploads(database, olderThanMs),
  };
}

async function replace(sql: Sql, id: string, content: Uint8Array): Promise<void> {
  const { now } = sql.dialect;
  // The row of the file comes first, so that two writers of the same bytes wait for each other.
  await sql.run(
    `INSERT INTO files (id, size, written_us) VALUES (?, ?, ${now})
     ON CONFLICT (id) DO UPDATE SET size = excluded.size, written_us = excluded.written_us`,
    [id, content.byteLength],
  );
  await sql.run("DELETE FROM file_chunks WHERE file_id = ?", [id]);
  for (let position = 0; position * CHUNK_BYTES < content.byteLength; position += 1) {
    const from = position * CHUNK_BYTES;
    await sql.run("INSERT INTO file_chunks (file_id, position, bytes) VALUES (?, ?, ?)", [
      id,
      position,
      content.subarray(from, from + CHUNK_BYTES),
    ]);
  }
}

async function readFile(sql: Sql, id: string): Promise<Uint8Array | undefined> {
  return readPart(sql, { id, from: 0, length: Number.MAX_SAFE_INTEGER });
}

async function readPart(sql: Sql, { id, from, length }: FilePart): Promise<Uint8Array | undefined> {
  const [file] = await sql.all("SELECT size FROM files WHERE id = ?", [id]);
  if (file === undefined) return undefined;
  const content = new Uint8Array(Math.max(0, Math.min(length, Number(file["size"]) - from)));
  const end = from + content.byteLength;
  const firstChunk = Math.floor(from / CHUNK_BYTES);
  for (let first = firstChunk; first * CHUNK_BYTES < end; first += CHUNKS_AT_ONCE) {
    const chunks = await sql.all(
      "SELECT position, bytes FROM file_chunks WHERE file_id = ? AND position >= ? AND position < ?",
      [id, first, Math.min(first + CHUNKS_AT_ONCE, Math.ceil(end / CHUNK_BYTES))],
    );
    for (const chunk of chunks) put(content, from, chunk);
  }
  return content;
}

/** Puts what a chunk has of the part into it. */
function put(content: Uint8Array, from: number, { position, bytes }: Row): void {
  if (!(bytes instanceof Uint8Array)) return;
  const at = Number(position) * CHUNK_BYTES - from;
  const own = bytes.subarray(Math.max(0, -at), Math.max(0, content.byteLength - at));
  content.set(own, Math.max(0, at));
}
