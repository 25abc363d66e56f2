import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { RivuletError } from "@rivulet/domain";
import type { Adapter } from "lowdb";
import type { ProjectDocument } from "./project-document.ts";

/** lowdb's adapter for the project file: synced to disk, never half-written. */
export interface ProjectFile extends Adapter<ProjectDocument | null> {
  /** Bytes last read or written. */
  bytes(): number;
}

/** The file at a path; nothing is done yet. */
export function projectFile(path: string): ProjectFile {
  let bytes = 0;
  return {
    async read() {
      const content = readIfThere(path);
      bytes = content?.length ?? 0;
      return content === undefined ? null : parse(content, path);
    },
    async write(document) {
      const content = Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
      replaceFile(path, content);
      bytes = content.length;
    },
    bytes: () => bytes,
  };
}

function parse(content: Buffer, path: string): ProjectDocument {
  try {
    return JSON.parse(new TextDecoder("utf8", { fatal: true }).decode(content));
  } catch (cause) {
    throw new RivuletError(
      "store_corrupt",
      `${path} is no readable JSON. It is left as it is: repair it, or choose another path.`,
      { cause, details: { path } },
    );
  }
}

/** Readers see the old file or the new one, after a power cut, too. The name of the new one is ours alone. */
function replaceFile(path: string, content: Buffer): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeSynced(temporary, content);
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw unavailable("write", path, cause);
  }
}

function writeSynced(path: string, content: Buffer): void {
  const file = openSync(path, "w", 0o600);
  try {
    for (let at = 0; at < content.length; ) at += writeSync(file, content, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
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

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unavailable("read", path, cause);
  }
}

function unavailable(what: "read" | "write", path: string, cause: unknown): RivuletError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RivuletError("store_unavailable", `Cannot ${what} ${path}: ${reason}.`, {
    cause,
    details: { path },
  });
}
