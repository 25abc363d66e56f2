import { statSync } from "node:fs";

/** Which file it is, whatever its name. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/** The file that a path leads to; undefined when there is none. */
export function fileAt(path: string): FileIdentity | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** Whether the path still leads to the file. */
export function isStillAt(path: string, file: FileIdentity): boolean {
  const found = fileAt(path);
  return found !== undefined && found.ino === file.ino && found.dev === file.dev;
}
