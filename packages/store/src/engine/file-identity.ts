import { statSync } from "node:fs";

/** Identifies a file independently of its name. */
export interface FileIdentity {
  readonly dev: number;
  /** Unique among the files that are open somewhere; reused afterwards. */
  readonly ino: number;
  readonly mtimeMs: number;
}

/** The file that a path leads to; `undefined` when there is none. */
export function fileAt(path: string): FileIdentity | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** Whether the path still leads to this file, which must be open somewhere. */
export function isStillAt(path: string, file: FileIdentity): boolean {
  const found = fileAt(path);
  return found !== undefined && found.ino === file.ino && found.dev === file.dev;
}
