import type { Sql } from "./database.ts";
import type { FileStorage } from "./file-storage.ts";
import { readStoreId } from "./store-id.ts";

/** Says to a storage whose files it holds: see `FileStorage.own`. */
export async function ownFiles(sql: Sql, storage: Pick<FileStorage, "own">): Promise<void> {
  await storage.own?.(await readStoreId(sql));
}
