import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Permissions of the files and folders that a store creates; existing ones keep theirs. */
export interface Modes {
  readonly file: number;
  readonly folder: number;
}

/** File and folder modes: whoever may read a file may open its folder. */
export function modesOf(fileMode = 0o600): Modes {
  return { file: fileMode, folder: fileMode | ((fileMode & 0o444) >> 2) };
}

/**
 * Creates a folder and its missing parents with these permissions. An existing one is left unchanged.
 *
 * @returns the folders that were created
 */
export function makeFolder(folder: string, mode: number): readonly string[] {
  const first = mkdirSync(folder, { recursive: true, mode });
  if (first === undefined) return [];
  const made: string[] = [];
  for (let each = folder; each.length >= first.length; each = dirname(each)) made.push(each);
  // The process's umask may have removed permissions.
  for (const each of made) chmodSync(each, mode);
  return made;
}
