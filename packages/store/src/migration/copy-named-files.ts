import { hash } from "node:crypto";
import { pagesOfNamed } from "../backup/copy-files.ts";
import type { MigrationTarget } from "./fill-database.ts";
import { differs, type Migrated, type Migration } from "./migration.ts";

/** Copies the files that the records of the target refer to, and compares each with the source's. */
export async function copyNamedFiles(
  { database, storage, url }: MigrationTarget,
  { storage: from, sql, tell, check }: Migration,
): Promise<Pick<Migrated, "files" | "fileBytes" | "missingFiles">> {
  const missingFiles: string[] = [];
  let files = 0;
  let fileBytes = 0;

  const isSame = async (id: string, sha256: string): Promise<boolean> => {
    const there = await storage.read(id);
    return there !== undefined && hash("sha256", there) === sha256;
  };
  const copy = async (id: string): Promise<void> => {
    const content = await from.read(id, sql);
    if (content === undefined) {
      missingFiles.push(id);
      return;
    }
    const sha256 = hash("sha256", content);
    // An earlier attempt may have brought it.
    if (!(await isSame(id, sha256))) {
      await storage.write(id, content);
      if (!(await isSame(id, sha256))) throw differs(`The file ${id}`, url);
    }
    files += 1;
    fileBytes += content.byteLength;
    tell({ step: "files", done: files });
  };

  for await (const ids of pagesOfNamed(database)) {
    for (const id of ids) {
      check();
      await copy(id);
    }
  }
  return { files, fileBytes, missingFiles };
}
