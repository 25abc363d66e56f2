import type { Backup } from "../../backup/read-backup.ts";
import { checkEmpty, restoreFiles, restoreTables } from "../../backup/restore-backup.ts";
import type { Modes } from "../../file-modes.ts";
import { createFileTree, type FileTreeOptions } from "../../files/file-tree.ts";
import { openMemoryDatabase } from "../memory/memory-backend.ts";
import { documentOf, loadDocument } from "./project-document.ts";
import { projectFile } from "./project-file.ts";
import { lockProject } from "./project-lock.ts";

/** Where a backup is restored to. */
export interface JsonRestore {
  /** The project file. */
  readonly path: string;
  readonly files: FileTreeOptions;
  /** Permissions of what is made. */
  readonly modes: Modes;
}

/** Restores a backup into a project file that is not there yet, or that holds nothing. The file is written whole. */
export async function restoreJson(backup: Backup, target: JsonRestore): Promise<void> {
  const lock = lockProject(target.path, target.modes.file);
  try {
    await restoreAlone(backup, target);
  } finally {
    lock.release();
  }
}

async function restoreAlone(backup: Backup, { path, files, modes }: JsonRestore): Promise<void> {
  const database = await openMemoryDatabase();
  try {
    const file = projectFile(path, modes.file);
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
