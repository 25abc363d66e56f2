import { statSync } from "node:fs";

/** Which file it is, whatever its name. */
export interface FileIdentity {
  readonly dev: number;
  /** No other file's as long as somebody has this one open; it is used again after that. */
  readonly ino: number;
  readonly mtimeMs: number;
}

/** The file that a path leads to; undefined when there is none. */
export function fileAt(path: string): FileIdentity | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** Whether the path still leads to the file, which somebody has open. */
export function isStillAt(path: string, file: FileIdentity): boolean {
  const found = fileAt(path);
  return found !== undefined && found.ino === file.ino && found.dev === file.dev;
}
