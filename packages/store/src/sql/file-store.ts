import type { FileStore } from "../port/files.ts";
import type { Database } from "./database.ts";
import type { FileStorage } from "./file-storage.ts";
import { deleteFiles } from "./named-files.ts";

/** Files of a storage, with the database that knows which of them are referred to. */
export function fileStore(database: Database, storage: FileStorage): FileStore {
  return Object.freeze<FileStore>({
    write: ({ id, content }) => storage.write(id, content),
    read: (id) => storage.read(id),
    readPart: (part) => storage.readPart(part),
    ...storage.uploads,
    delete: (ids) => database.transaction((sql) => deleteFiles(sql, storage, { ids })),
    list: (query) => storage.list(query),
  });
}
