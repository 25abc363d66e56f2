import type { Backup } from "../../backup/read-backup.ts";
import { checkEmpty, restoreFiles, restoreTables } from "../../backup/restore-backup.ts";
import { createFileTree, type FileTreeOptions } from "../../files/file-tree.ts";
import { openForWriting } from "../sqlite/prepare-database.ts";
import { documentOf, loadDocument } from "./project-document.ts";
import { projectFile } from "./project-file.ts";

/** Where a backup is restored to. */
export interface JsonRestore {
  /** The project file. */
  readonly path: string;
  readonly files: FileTreeOptions;
}

/** Restores a backup into a project file that is not there yet, or that holds nothing. The file is written whole. */
export async function restoreJson(backup: Backup, { path, files }: JsonRestore): Promise<void> {
  const database = await openForWriting(":memory:");
  try {
    const file = projectFile(path);
    const there = await file.read();
    if (there !== null) {
      await loadDocument(database, there, path);
      await checkEmpty(database, `json:${path}`);
    }
    await restoreTables(database, backup);
    await restoreFiles(createFileTree(files), backup);
    await file.write(await documentOf(database));
  } finally {
    await database.close();
  }
}
