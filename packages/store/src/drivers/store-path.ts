import {
  chmodSync,
  closeSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { RivuletError } from "@rivulet/domain";
import type { Modes } from "../engine/file-modes.ts";

/**
 * Where a path leads in the end: symbolic links are followed, also to a file that is not there yet. Everything
 * that lies beside a store is named after this.
 */
export function resolveStorePath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const folder = dirname(absolute);
    if (folder === absolute) return absolute;
    const target = linkTarget(absolute);
    return target === undefined
      ? join(resolveStorePath(folder), basename(absolute))
      : resolveStorePath(resolve(folder, target));
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Makes a folder and those above it. @throws RivuletError `store_unavailable` */
export function makeFolder(folder: string, { folder: mode }: Modes): void {
  try {
    const first = mkdirSync(folder, { recursive: true, mode });
    if (first === undefined) return;
    // The process may take permissions away from what it makes.
    for (let made = folder; made.length >= first.length; made = dirname(made))
      chmodSync(made, mode);
  } catch (cause) {
    throw cannotMake(`the folder ${join(folder, "/")}`, cause);
  }
}

/** Makes an empty file, unless there is one. @throws RivuletError `store_unavailable` */
export function makeFile(path: string, { file: mode }: Modes): void {
  try {
    const file = openSync(path, "wx", mode);
    try {
      fchmodSync(file, mode);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cannotMake(path, cause);
  }
}

function cannotMake(what: string, cause: unknown): RivuletError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RivuletError("store_unavailable", `Cannot make ${what}: ${reason}`, { cause });
}
