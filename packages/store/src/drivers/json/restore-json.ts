import { rmdirSync } from "node:fs";
import type { Backup } from "../../backup/read-backup.ts";
import { checkEmpty, restoreFiles, restoreTables } from "../../backup/restore-backup.ts";
import type { Modes } from "../../file-modes.ts";
import { createFileTree } from "../../files/file-tree.ts";
import type { Sql } from "../../sql/database.ts";
import { openMemoryDatabase } from "../memory/memory-backend.ts";
import { markAll, pathOf, takeChanged, watchUnits } from "./changed-units.ts";
import { loadProject } from "./load-project.ts";
import { textsOf } from "./project.ts";
import { projectDisk } from "./project-disk.ts";
import { lockProject } from "./project-lock.ts";
import { placesOf } from "./project-paths.ts";
import type { Texts } from "./unit-texts.ts";

/** Where a backup is restored to. */
export interface JsonRestore {
  /** The folder of the project. */
  readonly path: string;
  /** Permissions of what is made. */
  readonly modes: Modes;
}

/** Restores a backup into a new or empty project. */
export async function restoreJson(backup: Backup, target: JsonRestore): Promise<void> {
  const lock = lockProject(target.path, target.modes.file);
  try {
    await restoreAlone(backup, target);
  } finally {
    lock.release();
    removeEmpty(placesOf(target.path).local);
    removeEmpty(target.path);
  }
}

/** What a failed restore has created for its lock. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It is not empty.
  }
}

async function restoreAlone(backup: Backup, { path, modes }: JsonRestore): Promise<void> {
  const database = await openMemoryDatabase();
  try {
    const disk = projectDisk(path, { fileMode: modes.file, readOnly: false });
    await watchUnits(database);
    const there = await disk.read();
    if (there !== undefined) {
      await loadProject(database, there.files);
      disk.accept(there);
      await checkEmpty(database, `json:${path}`);
    }
    await restoreTables(database, backup);
    await restoreFiles(
      createFileTree({ folder: placesOf(path).files, fileMode: modes.file }),
      backup,
    );
    await disk.write(await database.transaction(allTexts));
  } finally {
    await database.close();
  }
}

async function allTexts(sql: Sql): Promise<ReadonlyMap<string, Texts>> {
  await markAll(sql);
  const units = await takeChanged(sql);
  return textsOf(sql, new Map(units.map((unit) => [pathOf(unit), unit])));
}
