import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Permissions of the files and folders that a store makes; what is there keeps its own. */
export interface Modes {
  readonly file: number;
  readonly folder: number;
}

/** The modes for files of this mode: who may read a file may look into its folder. */
export function modesOf(fileMode = 0o600): Modes {
  return { file: fileMode, folder: fileMode | ((fileMode & 0o444) >> 2) };
}

/**
 * Makes a folder and those above it, with these permissions. One that is there is left as it is.
 *
 * @returns those that were made
 */
export function makeFolder(folder: string, mode: number): readonly string[] {
  const first = mkdirSync(folder, { recursive: true, mode });
  if (first === undefined) return [];
  const made: string[] = [];
  for (let each = folder; each.length >= first.length; each = dirname(each)) made.push(each);
  // The process may take permissions away from what it makes.
  for (const each of made) chmodSync(each, mode);
  return made;
}
