import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Adapter } from "lowdb";
import { RivuletError } from "../../errors.ts";
import type { ProjectDocument } from "./project-document.ts";

/** lowdb's adapter for the project file: one process, synced to disk, never half-written. */
export interface ProjectFile extends Adapter<ProjectDocument | null> {
  /** Characters last read or written. */
  size(): number;
  /** Gives the lock back. */
  release(): void;
}

/** @throws RivuletError `store_locked` when a living process has the file open. */
export function projectFile(path: string): ProjectFile {
  const lock = `${path}.lock`;
  takeLock(lock, path);
  let size = 0;
  return {
    async read() {
      const content = readIfThere(path);
      size = content?.length ?? 0;
      return content === undefined ? null : parse(content, path);
    },
    async write(document) {
      const content = `${JSON.stringify(document, null, 2)}\n`;
      size = content.length;
      replaceFile(path, content);
    },
    size: () => size,
    release: () => unlinkIfThere(lock),
  };
}

function takeLock(lock: string, path: string): void {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx", mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = Number(readIfThere(lock));
      if (isAlive(holder)) throw lockedBy(holder, path);
      unlinkIfThere(lock);
    }
  }
  throw lockedBy(0, path);
}

function lockedBy(pid: number, path: string): RivuletError {
  return new RivuletError(
    "store_locked",
    `Process ${pid} has ${path} open. A json: store takes one process at a time: close the other, or use sqlite: for several.`,
    { details: { pid } },
  );
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function parse(content: string, path: string): ProjectDocument {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new RivuletError(
      "store_corrupt",
      `${path} is not readable JSON. It is left as it is: repair it, or choose another path.`,
      { cause },
    );
  }
}

/** Readers see the old file or the new one; after a power cut, too. */
function replaceFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, "w", 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, "r");
    fsyncSync(handle);
    closeSync(handle);
  } catch {
    // Some systems cannot sync a folder; the file itself is synced.
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function unlinkIfThere(path: string): void {
  try {
    if (statSync(path).isFile()) unlinkSync(path);
  } catch {
    // Already gone.
  }
}
