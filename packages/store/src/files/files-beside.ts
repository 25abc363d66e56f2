import type { FileStore } from "../port/files.ts";
import type { FileStorage } from "../sql/file-storage.ts";

/** The files beside a store, accessed from the app's thread so that their bytes need not cross to a worker. */
export function filesBeside({
  write,
  read,
  readPart,
  list,
  uploads,
}: FileStorage): Omit<FileStore, "delete"> {
  return {
    write: ({ id, content }) => write(id, content),
    read: (id) => read(id),
    readPart: (part) => readPart(part),
    list,
    ...uploads,
  };
}
