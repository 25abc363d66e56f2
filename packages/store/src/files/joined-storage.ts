import type { FileStorage } from "../sql/file-storage.ts";

/** Two storages as one. What is new goes into the first; what is in the second is read, counted and removed as well. */
export function joinStorages(first: FileStorage, second: FileStorage): FileStorage {
  return {
    write: first.write,
    uploads: first.uploads,
    read: async (id, sql) => (await first.read(id, sql)) ?? second.read(id, sql),
    readPart: async (part, sql) => (await first.readPart(part, sql)) ?? second.readPart(part, sql),
    list: listBoth(first, second),
    async hold(sql, query) {
      const held = [...(await first.hold(sql, query)), ...(await second.hold(sql, query))];
      return query.ids.filter((id) => held.includes(id));
    },
    async remove(sql, ids) {
      await first.remove(sql, ids);
      await second.remove(sql, ids);
    },
    removeTemporary: async (age) =>
      (await first.removeTemporary(age)) + (await second.removeTemporary(age)),
    async own(storeId) {
      await first.own?.(storeId);
      await second.own?.(storeId);
    },
  };
}

/** Page tokens of the second storage. */
const SECOND = "local:";

/** The files of one storage, then those of another. */
function listBoth(first: FileStorage, second: FileStorage): FileStorage["list"] {
  const secondPage: FileStorage["list"] = async (query) => {
    const page = await second.list(query);
    const { nextPageToken: next } = page;
    return next === undefined ? page : { ...page, nextPageToken: SECOND + next };
  };
  return async (query) => {
    const { pageToken, limit } = query;
    if (pageToken?.startsWith(SECOND)) {
      const token = pageToken.slice(SECOND.length);
      return secondPage({ limit, ...(token === "" ? {} : { pageToken: token }) });
    }
    const page = await first.list(query);
    if (page.nextPageToken !== undefined) return page;
    if (page.items.length === 0) return secondPage({ limit });
    const { items } = await second.list({ limit: 1 });
    return items.length === 0 ? page : { ...page, nextPageToken: SECOND };
  };
}
