import { hash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { messageOf, RivuletError } from "@rivulet/domain";
import type { Adapter } from "lowdb";
import { type FileIdentity, fileAt } from "../../engine/file-identity.ts";
import { type Modes, modesOf } from "../../file-modes.ts";
import { TEMPORARY_ENDING, writeWhole } from "../../files/write-whole.ts";
import type { ProjectDocument } from "./project-document.ts";

/** lowdb's adapter for the project file: synced to disk, never half-written, and never over a change of somebody else. */
export interface ProjectFile extends Adapter<ProjectDocument | null> {
  /** Bytes last read or written. */
  bytes(): number;
}

/**
 * The file at a path; nothing is done yet.
 *
 * @param fileMode permissions of a new file; one that is there keeps its own
 */
export function projectFile(path: string, fileMode: number): ProjectFile {
  let bytes = 0;
  let seen: Seen | undefined;
  return {
    async read() {
      seen = undefined;
      const content = readIfThere(path);
      bytes = content?.length ?? 0;
      if (content !== undefined) seen = seenAs(path, content);
      return content === undefined ? null : parse(content, path);
    },
    async write(document) {
      const content = Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
      if (isChanged(path, seen)) throw changedError(path);
      try {
        await writeWhole(path, content, modesFor(path, fileMode));
      } catch (cause) {
        throw unavailable("write", path, cause);
      }
      bytes = content.length;
      seen = seenAs(path, content);
    },
    bytes: () => bytes,
  };
}

/** The file as it was when it was last read or written here. */
interface Seen {
  readonly file: FileIdentity | undefined;
  readonly digest: string;
}

function seenAs(path: string, content: Buffer): Seen {
  return { file: fileAt(path), digest: hash("sha256", content) };
}

/** Whether somebody else, such as Git or an editor, has written the file meanwhile. One that is gone is made again. */
function isChanged(path: string, seen: Seen | undefined): boolean {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined || !file.isFile()) return false;
  const before = seen?.file;
  const isSame =
    before?.ino === file.ino && before.dev === file.dev && before.mtimeMs === file.mtimeMs;
  if (isSame) return false;
  const content = readIfThere(path);
  return content !== undefined && hash("sha256", content) !== seen?.digest;
}

function changedError(path: string): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `${path} was changed while it was open, by something else than Rivulet. It is left as it is, and what could not be written is not in it: close the store and open it again.`,
    { details: { path } },
  );
}

/** Removes what processes have left that were killed while they wrote the file. Call it when nobody else can write. */
export function removeHalfWritten(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const isOurs = name.startsWith(`${basename(path)}.`) && name.endsWith(TEMPORARY_ENDING);
    if (isOurs) rmSync(join(folder, name), { force: true });
  }
}

function modesFor(path: string, fileMode: number): Modes {
  const there = statSync(path, { throwIfNoEntry: false });
  return { ...modesOf(fileMode), ...(there && { file: there.mode & 0o777 }) };
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

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unavailable("read", path, cause);
  }
}

function unavailable(what: "read" | "write", path: string, cause: unknown): RivuletError {
  return new RivuletError("store_unavailable", `Cannot ${what} ${path}: ${messageOf(cause)}.`, {
    cause,
    details: { path },
  });
}
