import type { Attachment } from "@rivulet/domain";
import type { SpanRecord } from "../../port/records.ts";
import type { Insert, Row, Sql, SqlValue } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { number, optionalNumber, optionalText, placeholders, text, toInteger } from "../values.ts";

const KEEP: Insert = {
  table: "attachments",
  columns: ["trace_id", "hash", "span_id", "size", "media_type", "name"],
  conflict: { key: [], update: [] },
};

/** Records which files the spans refer to, inside the transaction that writes them. */
export async function saveAttachments(sql: Sql, records: readonly SpanRecord[]): Promise<void> {
  const rows = new Map<string, readonly SqlValue[]>();
  for (const { traceId, id, attachments = [] } of records) {
    for (const { hash, size, mediaType, name } of attachments) {
      const key = `${traceId} ${hash}`;
      const row = [traceId, hash, id, toInteger(size), mediaType, name ?? null];
      if (!rows.has(key)) rows.set(key, row);
    }
  }
  if (rows.size === 0) return;
  const hashes = [...rows.values()].map(([, hash]) => String(hash));
  await lockFiles(sql, [...new Set(hashes)], sql.dialect.forShare);
  await sql.insert(KEEP, [...rows.values()]);
}

const SELECT = `SELECT a.trace_id, a.hash, a.span_id, a.size, a.media_type, a.name, f.is_stored
  FROM attachments a LEFT JOIN attachment_files f ON f.hash = a.hash`;

/** The files that spans of a trace refer to. */
export async function listAttachments(sql: Sql, traceId: string): Promise<readonly Attachment[]> {
  const rows = await sql.all(`${SELECT} WHERE a.trace_id = ? ORDER BY a.hash`, [traceId]);
  return rows.map(toAttachment);
}

/** What is known of a file by its hash. */
export async function findAttachment(sql: Sql, hash: string): Promise<Attachment | undefined> {
  const rows = await sql.all(`${SELECT} WHERE a.hash = ? ORDER BY a.trace_id LIMIT 1`, [hash]);
  return rows.map(toAttachment)[0];
}

function toAttachment(row: Row): Attachment {
  const name = optionalText(row, "name");
  const isStored = optionalNumber(row, "is_stored");
  return {
    traceId: text(row, "trace_id"),
    spanId: text(row, "span_id"),
    hash: text(row, "hash"),
    size: number(row, "size"),
    mediaType: text(row, "media_type"),
    ...(name === undefined ? {} : { name }),
    state: isStored === undefined ? "missing" : isStored === 1 ? "stored" : "refused",
  };
}

/**
 * Forgets which files traces refer to.
 *
 * @returns the files that no trace refers to any more: to be deleted once this is committed
 */
export async function releaseAttachments(
  sql: Sql,
  traceIds: readonly string[],
): Promise<readonly string[]> {
  const ids = placeholders(traceIds);
  const rows = await sql.all(
    `SELECT DISTINCT hash FROM attachments WHERE trace_id IN (${ids}) ORDER BY hash`,
    traceIds,
  );
  if (rows.length === 0) return [];
  await sql.run(`DELETE FROM attachments WHERE trace_id IN (${ids})`, traceIds);
  const hashes = rows.map((row) => text(row, "hash"));
  // A transaction that starts to refer to a file locks it: once we have the lock, its reference is visible.
  await lockFiles(sql, hashes, sql.dialect.forUpdate);
  return inChunks(hashes, async (part) => {
    const list = placeholders(part);
    const left = await sql.all(
      `SELECT DISTINCT hash FROM attachments WHERE hash IN (${list})`,
      part,
    );
    const used = new Set(left.map((row) => text(row, "hash")));
    const freed = part.filter((hash) => !used.has(hash));
    await forgetRefused(sql, freed);
    return freed;
  });
}

function lockFiles(sql: Sql, hashes: readonly string[], lock: string): Promise<unknown> {
  return inChunks([...hashes].sort(), (part) =>
    sql.all(
      `SELECT hash FROM attachment_files WHERE hash IN (${placeholders(part)}) ORDER BY hash ${lock}`,
      part,
    ),
  );
}

/** There is no file whose removal would take these with it. */
async function forgetRefused(sql: Sql, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return;
  await sql.run(
    `DELETE FROM attachment_files WHERE hash IN (${placeholders(hashes)}) AND is_stored = 0`,
    hashes,
  );
}

/** The files are deleted: they take no room any more. */
export async function forgetFiles(sql: Sql, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return;
  await sql.run(`DELETE FROM attachment_files WHERE hash IN (${placeholders(hashes)})`, hashes);
}
