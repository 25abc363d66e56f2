import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Backup } from "../../backup/read-backup.ts";
import { checkEmpty, restoreFiles, restoreTables } from "../../backup/restore-backup.ts";
import type { Modes } from "../../file-modes.ts";
import { createFileTree } from "../../files/file-tree.ts";
import { OF_PROJECTS } from "../../files/files-elsewhere.ts";
import type { Sql } from "../../sql/database.ts";
import type { FileStorage } from "../../sql/file-storage.ts";
import { openMemoryDatabase } from "../memory/memory-backend.ts";
import { markAll, pathOf, takeChanged, watchUnits } from "./changed-units.ts";
import { loadProject } from "./load-project.ts";
import { textsOf } from "./project.ts";
import { projectDisk } from "./project-disk.ts";
import { makeProjectFolder } from "./project-folder.ts";
import { lockProject } from "./project-lock.ts";
import { LOCAL, MARKER, placesOf } from "./project-paths.ts";
import type { Texts } from "./unit-texts.ts";

/** Where a backup is restored to. */
export interface JsonRestore {
  /** The folder of the project. */
  readonly path: string;
  /** Permissions of what is made. */
  readonly modes: Modes;
  /** Where its files go instead of into the project. */
  readonly elsewhere?: FileStorage | undefined;
  /** Looks at the project in the folder in which it is made, before it takes its place. @throws whatever it finds wrong */
  readonly check?: (path: string) => Promise<void>;
}

/**
 * Restores a backup into a new or empty project. It is made in a folder beside it, and then put in its place: whenever
 * this is killed, the same can be begun anew.
 */
export async function restoreJson(backup: Backup, target: JsonRestore): Promise<void> {
  const { path, modes } = target;
  const lock = lockProject(path, modes.file);
  try {
    takeBack(path);
    await requireEmpty(path, modes);
    await restoreBeside(backup, target);
  } finally {
    lock.release();
    removeEmpty(placesOf(path).local);
    removeEmpty(path);
  }
}

async function restoreBeside(
  backup: Backup,
  { path, modes, elsewhere, check }: JsonRestore,
): Promise<void> {
  const beside = `${path}.restoring`;
  // An earlier restore may have been killed.
  rmSync(beside, { recursive: true, force: true });
  makeProjectFolder(beside, modes);
  try {
    await elsewhere?.own?.(OF_PROJECTS);
    await fill(backup, { path: beside, modes, elsewhere });
    await check?.(beside);
    putInPlace(beside, path);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

/** Moves what makes a project; last its marker, without which there is none. */
function putInPlace(from: string, to: string): void {
  const names = readdirSync(from).filter((name) => name !== LOCAL && name !== MARKER);
  // The lock is in it.
  const local = readdirSync(placesOf(from).local).map((name) => join(LOCAL, name));
  const moved = [...names, ...local, MARKER];
  rmSync(placesOf(to).marker, { force: true });
  writeFileSync(movingTo(to), JSON.stringify(moved));
  for (const name of moved) {
    rmSync(join(to, name), { recursive: true, force: true });
    renameSync(join(from, name), join(to, name));
  }
  rmSync(movingTo(to));
}

/** Names what is being moved, while it is. */
function movingTo(path: string): string {
  return `${path}.moving`;
}

/** Removes what a restore has moved that was killed before it came to the marker. */
function takeBack(path: string): void {
  const list = movingTo(path);
  if (!existsSync(list)) return;
  const isWhole = existsSync(placesOf(path).marker);
  for (const name of isWhole ? [] : namesIn(list)) {
    rmSync(join(path, name), { recursive: true, force: true });
  }
  rmSync(list);
}

/** Nothing was moved yet when the list is not whole. */
function namesIn(list: string): readonly string[] {
  try {
    return JSON.parse(readFileSync(list, "utf8")) as readonly string[];
  } catch {
    return [];
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

/** @throws RivuletError `already_exists` when the project holds something */
async function requireEmpty(path: string, modes: Modes): Promise<void> {
  const there = await projectDisk(path, { fileMode: modes.file, readOnly: false }).read();
  if (there === undefined) return;
  const database = await openMemoryDatabase();
  try {
    await watchUnits(database);
    await loadProject(database, there.files);
    await checkEmpty(database, `json:${path}`);
  } finally {
    await database.close();
  }
}

async function fill(backup: Backup, { path, modes, elsewhere }: JsonRestore): Promise<void> {
  const database = await openMemoryDatabase();
  try {
    const disk = projectDisk(path, { fileMode: modes.file, readOnly: false });
    await watchUnits(database);
    await restoreTables(database, backup);
    const inside = createFileTree({ folder: placesOf(path).files, fileMode: modes.file });
    await restoreFiles(elsewhere ?? inside, backup);
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
