import { readFileSync, statSync } from "node:fs";
import { messageOf, RivuletError } from "@rivulet/domain";
import { type Adapter, Low } from "lowdb";
import { modesOf } from "../../file-modes.ts";
import { isMissing, writeWhole } from "../../files/write-whole.ts";
import { resolveLinks } from "../store-path.ts";

/**
 * A file of a project, by lowdb; its data is `null` while there is no file. Our adapter reads bytes, syncs what it
 * writes to the disk, never half, and leaves links and permissions as they are.
 *
 * @param fileMode permissions of a new file; none is made to read one
 */
export function textFile(path: string, fileMode = 0o600): Low<Buffer | null> {
  return new Low<Buffer | null>(adapter(path, fileMode), null);
}

function adapter(path: string, fileMode: number): Adapter<Buffer | null> {
  return {
    read: async () => readBytes(path),
    async write(content) {
      try {
        // A link stays one: what it leads to is written.
        const target = resolveLinks(path);
        const there = statSync(target, { throwIfNoEntry: false });
        const modes = { ...modesOf(fileMode), ...(there && { file: there.mode & 0o777 }) };
        await writeWhole(target, content ?? Buffer.alloc(0), modes);
      } catch (cause) {
        throw unavailable("write", path, cause);
      }
    },
  };
}

/** What a file holds; null when it is not there. @throws RivuletError `store_unavailable` */
export function readBytes(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw unavailable("read", path, cause);
  }
}

/** A file, or a folder, that cannot be read or written. */
export function unavailable(what: "read" | "write", path: string, cause: unknown): RivuletError {
  if (cause instanceof RivuletError) return cause;
  return new RivuletError("store_unavailable", `Cannot ${what} ${path}: ${messageOf(cause)}.`, {
    cause,
    details: { path },
  });
}
