import { copyFile, digestOf, pagesOfNamed } from "../backup/copy-files.ts";
import type { NamedFile } from "../sql/named-files.ts";
import type { MigrationTarget } from "./fill-database.ts";
import { differs, type Migrated, type Migration } from "./migration.ts";

/** Copies the files that the records of the target refer to, and compares each with the source's and with its record. */
export async function copyNamedFiles(
  { database, storage, url }: MigrationTarget,
  { storage: from, sql, tell, check }: Migration,
): Promise<Pick<Migrated, "files" | "fileBytes" | "missingFiles" | "damagedFiles">> {
  const missingFiles: string[] = [];
  const damagedFiles: string[] = [];
  let files = 0;
  let fileBytes = 0;

  const copy = async ({ id, sha256 }: NamedFile): Promise<void> => {
    const wanted = await digestOf(from, id, sql);
    if (wanted === undefined) {
      missingFiles.push(id);
      return;
    }
    if (wanted.sha256 !== sha256) damagedFiles.push(id);
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

  for await (const named of pagesOfNamed(database)) {
    for (const file of named) {
      check();
      await copy(file);
    }
  }
  return { files, fileBytes, missingFiles, damagedFiles };
}
