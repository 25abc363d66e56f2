import { createFileTree, type FileTreeOptions } from "../../files/file-tree.ts";
import type { FileStorage } from "../../sql/file-storage.ts";

/** Files of a project. */
export interface ProjectTrees {
  /** All of them. What is written here is shared through Git, as the records are that refer to it. */
  readonly storage: FileStorage;
  /** Those that traces refer to: machine-local, like the traces. */
  readonly attachments: FileStorage;
}

/** Where they are. */
export interface ProjectTreesOptions extends Omit<FileTreeOptions, "folder"> {
  /** Folder of the files that are shared. */
  readonly filesFolder: string;
  /** Folder of those that are machine-local. */
  readonly attachmentsFolder: string;
}

/** The two trees of files of a project. */
export function projectTrees(options: ProjectTreesOptions): ProjectTrees {
  const { filesFolder, attachmentsFolder, ...tree } = options;
  const shared = createFileTree({ ...tree, folder: filesFolder });
  const local = createFileTree({ ...tree, folder: attachmentsFolder });
  const storage: FileStorage = {
    write: shared.write,
    read: async (id) => (await shared.read(id)) ?? local.read(id),
    readPart: async (part) => (await shared.readPart(part)) ?? local.readPart(part),
    uploads: shared.uploads,
    list: listBoth(shared, local),
    async hold(sql, query) {
      const held = [...(await shared.hold(sql, query)), ...(await local.hold(sql, query))];
      return query.ids.filter((id) => held.includes(id));
    },
    async remove(sql, ids) {
      await shared.remove(sql, ids);
      await local.remove(sql, ids);
    },
    removeTemporary: async (age) =>
      (await shared.removeTemporary(age)) + (await local.removeTemporary(age)),
  };
  return { storage, attachments: local };
}

/** Page tokens of the second tree. */
const SECOND = "local:";

/** The files of one tree, then those of another. */
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
