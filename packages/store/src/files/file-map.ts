import type { FileUploads, StoredFile } from "../port/files.ts";
import type { FileStorage } from "../sql/file-storage.ts";
import { noUpload } from "./no-upload.ts";

/** Files in memory, for a store without a disk. */
export function createFileMap(now: () => number = () => performance.now()): FileStorage {
  const files = new Map<string, { readonly content: Uint8Array; readonly writtenAt: number }>();
  const describe = (id: string): StoredFile | undefined => {
    const file = files.get(id);
    return file && { id, size: file.content.byteLength, ageMs: now() - file.writtenAt };
  };
  const describeAll = (ids: readonly string[]): readonly StoredFile[] =>
    ids.map(describe).filter((file) => file !== undefined);

  return {
    async write(id, content) {
      files.set(id, { content: Uint8Array.from(content), writtenAt: now() });
    },
    async read(id) {
      const file = files.get(id);
      return file && Uint8Array.from(file.content);
    },
    async readPart({ id, from, length }) {
      return files.get(id)?.content.slice(from, from + length);
    },
    uploads: mapUploads((id, content) => files.set(id, { content, writtenAt: now() })),
    async list({ limit, pageToken = "" }) {
      const ids = [...files.keys()].filter((id) => id > pageToken).sort();
      const page = ids.slice(0, limit);
      const items = describeAll(page);
      const last = page.at(-1);
      return last === undefined || page.length === ids.length
        ? { items }
        : { items, nextPageToken: last };
    },
    hold: async (_sql, { ids, olderThanMs = 0 }) =>
      describeAll(ids)
        .filter(({ ageMs }) => ageMs >= olderThanMs)
        .map(({ id }) => id),
    async remove(_sql, ids) {
      for (const id of ids) files.delete(id);
    },
    removeTemporary: async () => 0,
  };
}

/** Files that come in parts. Those of killed processes are gone with them. */
function mapUploads(keep: (id: string, content: Uint8Array) => void): FileUploads {
  const uploads = new Map<string, Uint8Array[]>();
  let begun = 0;
  const partsOf = (upload: string): Uint8Array[] => {
    const parts = uploads.get(upload);
    if (parts === undefined) throw noUpload(upload);
    return parts;
  };
  return {
    async begin() {
      begun += 1;
      const upload = String(begun);
      uploads.set(upload, []);
      return upload;
    },
    async append({ upload, content }) {
      partsOf(upload).push(Uint8Array.from(content));
    },
    async finish({ upload, id }) {
      const parts = partsOf(upload);
      uploads.delete(upload);
      keep(id, Buffer.concat(parts));
    },
    async abandon(upload) {
      uploads.delete(upload);
    },
  };
}
