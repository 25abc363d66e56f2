import { copyFile, digestOf, pagesOfNamed } from "../backup/copy-files.ts";
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

  const copy = async (id: string): Promise<void> => {
    const wanted = await digestOf(from, id, sql);
    if (wanted === undefined) {
      missingFiles.push(id);
      return;
    }
    const isSame = async (): Promise<boolean> =>
      (await digestOf(storage, id))?.sha256 === wanted.sha256;
    // An earlier attempt may have brought it.
    if (!(await isSame())) {
      await copyFile(sql, { id, from, to: storage });
      if (!(await isSame())) throw differs(`The file ${id}`, url);
    }
    files += 1;
    fileBytes += wanted.size;
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
