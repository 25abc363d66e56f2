import type { StoredFile } from "../port/files.ts";
import type { FileStorage } from "../sql/file-storage.ts";

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
