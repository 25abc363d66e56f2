import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type Modes, makeFolder } from "../file-modes.ts";

/** Ending of a file's name while it is being written. */
export const TEMPORARY_ENDING = ".tmp";
/** Attempts before it is an error that a file disappears while being written. */
const MOST_TRIES = 3;

/**
 * Writes a file and its missing folders atomically: readers and crashes see all of it or nothing. It is on disk when
 * the promise resolves.
 */
export async function writeWhole(path: string, content: Uint8Array, modes: Modes): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryToWrite(path, content, modes);
    } catch (error) {
      // If the process was suspended for an hour in between, the temporary file has been cleared away.
      if (!isMissing(error) || tries === MOST_TRIES) throw error;
    }
  }
}

async function tryToWrite(path: string, content: Uint8Array, modes: Modes): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}${TEMPORARY_ENDING}`;
  const made = makeFolder(dirname(path), modes.folder);
  for (const folder of made) await syncFolder(dirname(folder));
  try {
    await writeSynced(temporary, content, modes.file);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeSynced(path: string, content: Uint8Array, mode: number): Promise<void> {
  await using file = await open(path, "wx", mode);
  // Restores what the process's umask removed.
  if (((await file.stat()).mode & 0o777) !== mode) await file.chmod(mode);
  await file.writeFile(content);
  await file.sync();
}

/** Syncs new names in a folder to disk, on systems that can. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch {
    // Some systems cannot sync a folder; the files themselves are synced.
  } finally {
    await handle?.close();
  }
}

/** Whether the error says that a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
