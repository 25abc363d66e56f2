import { rmSync } from "node:fs";
import { RivuletError } from "@rivulet/domain";
import { type HeldLock, takeLock } from "../../engine/lock.ts";
import { modesOf } from "../../file-modes.ts";
import { makeProjectFolder } from "./project-folder.ts";
import { placesOf } from "./project-paths.ts";

/** The lock of a project: one client at a time writes it. */
export interface ProjectLock {
  /** Whether its file still exists. */
  isInPlace(): boolean;
  /**
   * Takes the lock again after its file was removed. @throws RivuletError `store_locked` when somebody else was
   * faster
   */
  keep(): void;
  release(): void;
}

/** @throws RivuletError `store_locked` when another process or thread holds it, `store_unavailable` */
export function lockProject(path: string, fileMode: number): ProjectLock {
  let lock = take(path, fileMode);
  return {
    isInPlace: () => lock.isInPlace(),
    keep() {
      if (lock.isInPlace()) return;
      lock.release();
      lock = take(path, fileMode);
    },
    release() {
      // While we hold it nobody else can: whoever comes next creates a new file.
      try {
        if (lock.isInPlace()) rmSync(placesOf(path).lock, { force: true });
      } finally {
        lock.release();
      }
    },
  };
}

function take(path: string, fileMode: number): HeldLock {
  makeProjectFolder(path, modesOf(fileMode));
  const lock = takeLock(placesOf(path).lock, "exclusive", { fileMode });
  if (lock !== undefined) return lock;
  throw new RivuletError(
    "store_locked",
    `${path} is already open in another process or thread. A json: store can be open only once: close it there, or use sqlite: for concurrent access.`,
    { details: { path } },
  );
}
