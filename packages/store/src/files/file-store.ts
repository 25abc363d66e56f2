import type { FileStore } from "../port/files.ts";
import type { FileStorage, Statements } from "../sql/file-storage.ts";
import { deleteFiles } from "./delete-files.ts";

/** Runs work in a writing transaction of the store. */
export type Transaction = <T>(work: (sql: Statements) => Promise<T>) => Promise<T>;

/** The files of a storage, and of the database that knows which of them are named. */
export function fileStore(storage: FileStorage, transaction: Transaction): FileStore {
  return Object.freeze<FileStore>({
    write: ({ id, content }) => storage.write(id, content),
    read: storage.read,
    delete: (ids) => transaction((sql) => deleteFiles(sql, storage, { ids })),
    list: storage.list,
  });
}
