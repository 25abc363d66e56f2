import { createHash, hash } from "node:crypto";
import type { Sql } from "../sql/database.ts";
import type { FileStorage } from "../sql/file-storage.ts";
import { type NamedFile, namedFiles, unnamedFiles } from "../sql/named-files.ts";
import type { LinesFile } from "./write-lines.ts";

/** A line of `files.jsonl`. */
export interface CopiedFile {
  readonly id: string;
  readonly sha256: string;
}

/** Options of {@link copyFiles}. */
export interface CopyFiles {
  readonly from: FileStorage;
  readonly to: FileStorage;
  /** Digests of files in `to` whose id is not their digest. */
  readonly digests: Map<string, string>;
  /** Called with a line for each file that is now in `to`. */
  readonly list: LinesFile;
}

const IDS_AT_ONCE = 500;
const PART_BYTES = 1024 * 1024;

/** Files that are not as the records say. */
export interface BadFiles {
  /** Ids of those that do not exist. */
  readonly missing: readonly string[];
  /** Ids of those whose bytes are others; they are copied as they are. */
  readonly damaged: readonly string[];
}

/** Copies the files that the records of a snapshot refer to. A file that is already in `to` is not copied again. */
export async function copyFiles(
  sql: Sql,
  { from, to, digests, list }: CopyFiles,
): Promise<BadFiles> {
  const digestIn = async (id: string, isThere: boolean): Promise<string | undefined> => {
    if (isThere) return digests.get(id) ?? id;
    const sha256 = await copyFile(sql, { id, from, to });
    if (sha256 !== undefined && sha256 !== id) digests.set(id, sha256);
    return sha256;
  };
  const missing: string[] = [];
  const damaged: string[] = [];
  for await (const named of pagesOfNamed(sql)) {
    const there = new Set(await to.hold(sql, { ids: named.map(({ id }) => id) }));
    for (const { id, sha256: recorded } of named) {
      const sha256 = await digestIn(id, there.has(id));
      if (sha256 === undefined) {
        missing.push(id);
        continue;
      }
      const file: CopiedFile = { id, sha256 };
      await list.write([JSON.stringify(file)]);
      if (sha256 !== recorded) damaged.push(id);
    }
  }
  return { missing, damaged };
}

/** A file to copy, and where. */
export interface FileCopy {
  readonly id: string;
  readonly from: Pick<FileStorage, "readPart">;
  readonly to: Pick<FileStorage, "write" | "uploads">;
}

/** The SHA-256 and the size of a file; `undefined` when it does not exist. */
export async function digestOf(
  storage: Pick<FileStorage, "readPart">,
  id: string,
  sql?: Sql,
): Promise<{ readonly sha256: string; readonly size: number } | undefined> {
  const digest = createHash("sha256");
  let size = 0;
  for (;;) {
    const part = await storage.readPart({ id, from: size, length: PART_BYTES }, sql);
    if (part === undefined) return undefined;
    digest.update(part);
    size += part.byteLength;
    if (part.byteLength < PART_BYTES) return { sha256: digest.digest("hex"), size };
  }
}

/** Copies a file, a large one part by part. @returns its digest; `undefined` when it does not exist */
export async function copyFile(sql: Sql, { id, from, to }: FileCopy): Promise<string | undefined> {
  const readAt = (at: number) => from.readPart({ id, from: at, length: PART_BYTES }, sql);
  const first = await readAt(0);
  if (first === undefined) return undefined;
  if (first.byteLength < PART_BYTES) {
    await to.write(id, first);
    return hash("sha256", first);
  }
  const { begin, append, finish, abandon } = to.uploads;
  const digest = createHash("sha256");
  const upload = await begin();
  let at = 0;
  try {
    for (let content: Uint8Array | undefined = first; content?.byteLength !== 0; ) {
      if (content === undefined) return undefined;
      digest.update(content);
      await append({ upload, content });
      at += content.byteLength;
      content = await readAt(at);
    }
    await finish({ upload, id });
    return digest.digest("hex");
  } finally {
    // Nothing happens when it is finished.
    await abandon(upload);
  }
}

/** Removes copies that no record of the snapshot refers to. Returns the size of the others in bytes. */
export async function removeUnnamed(sql: Sql, copies: FileStorage): Promise<number> {
  let bytes = 0;
  let pageToken: string | undefined;
  do {
    const page = { limit: IDS_AT_ONCE, ...(pageToken === undefined ? {} : { pageToken }) };
    const { items, nextPageToken } = await copies.list(page);
    const ids = items.map(({ id }) => id);
    const unnamed = new Set(await unnamedFiles(sql, ids));
    await copies.remove(sql, [...unnamed]);
    for (const { id, size } of items) bytes += unnamed.has(id) ? 0 : size;
    pageToken = nextPageToken;
  } while (pageToken !== undefined);
  return bytes;
}

/** The files that records refer to, in batches. */
export async function* pagesOfNamed(sql: Sql): AsyncGenerator<readonly NamedFile[]> {
  let after = "";
  for (;;) {
    const files = await namedFiles(sql, { after, limit: IDS_AT_ONCE });
    yield files;
    const last = files.at(-1);
    if (last === undefined || files.length < IDS_AT_ONCE) return;
    after = last.id;
  }
}
