import { rmSync } from "node:fs";
import { join } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { makeFolder, modesOf } from "../../file-modes.ts";
import type { OwnerRegistry } from "../../port/backend.ts";
import { fileAt } from "../file-identity.ts";
import { type HeldLock, takeLock } from "../lock.ts";
import { listOwners, removeIfEmpty } from "../spool/spool-folder.ts";
import { GONE_ENDING } from "./run-endings.ts";

/**
 * A folder beside a database with a file for each engine that has it open for writing, named after the engine,
 * which has its lock as long as it lives. The lock in the spool says whether somebody writes *there*: an engine
 * may have no spool, or another one than who looks for it.
 */
export interface OwnerLocksPlace {
  readonly folder: string;
  /** Permissions of new files. @default 0o600 */
  readonly fileMode?: number | undefined;
}

/** What {@link holdOwnerLock} works with. */
export interface OwnerLocksParts {
  readonly place: OwnerLocksPlace;
  readonly owners: OwnerRegistry;
  /** This engine. */
  readonly owner: string;
  /** Folder of the spool that this engine reads; owners that have left something there are ended when it is read. */
  readonly spool: string | undefined;
  readonly onError: (error: unknown) => void;
}

/** Says that this engine lives, and ends what those owned that do not. */
export interface OwnerLock {
  /** Looks no more for others. The lock is kept. */
  stop(): Promise<void>;
  /** This engine owns nothing any more. */
  release(): void;
}

/** How often engines are looked for that are gone, and whether our own lock is still in place. */
const LOOK_MS = 60_000;
/** Who looks whether we live has our lock for an instant. */
const ATTEMPTS = 100;

/** Takes this engine's lock, and looks at once, then every minute, for engines that have lost theirs. */
export function holdOwnerLock(parts: OwnerLocksParts): OwnerLock {
  const { place, owner, onError } = parts;
  let lock = hold(place, owner);
  const look = async (): Promise<void> => {
    if (!lock.isInPlace()) {
      lock.release();
      lock = hold(place, owner);
    }
    await endOthers(parts);
  };
  let looking = Promise.resolve();
  const lookQuietly = (): void => {
    looking = looking.then(look).catch(onError);
  };
  const timer = setInterval(lookQuietly, LOOK_MS).unref();
  lookQuietly();
  return {
    stop() {
      clearInterval(timer);
      return looking;
    },
    release() {
      remove(join(place.folder, owner), lock);
      removeIfEmpty(place.folder);
    },
  };
}

function hold({ folder, fileMode }: OwnerLocksPlace, owner: string): HeldLock {
  const modes = modesOf(fileMode);
  const path = join(folder, owner);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    makeFolder(folder, modes.folder);
    const lock = takeLock(path, "exclusive", { fileMode: modes.file });
    if (lock !== undefined) return lock;
  }
  throw new RivuletError("store_unavailable", `Cannot lock ${path}: another engine holds it.`, {
    details: { path },
  });
}

/** An owner has its lock before it owns anything, so who owns something and has no lock is gone. */
async function endOthers({ place, owners, owner, spool }: OwnerLocksParts): Promise<void> {
  const owning = new Set((await owners.list()).map((one) => one.owner));
  const unread = new Set(spool === undefined ? [] : listOwners(spool));
  for (const other of new Set([...owning, ...listOwners(place.folder)])) {
    if (other === owner || isAlive(join(place.folder, other))) continue;
    if (owning.has(other) && !unread.has(other)) await owners.release(other, GONE_ENDING);
  }
}

/** Removes the file of one that is not. */
function isAlive(path: string): boolean {
  const lock = takeLock(path, "exclusive", { create: false });
  if (lock === undefined) return fileAt(path) !== undefined;
  remove(path, lock);
  return false;
}

/** While the lock is held: behind it, the file could be somebody else's. */
function remove(path: string, lock: HeldLock): void {
  try {
    if (lock.isInPlace()) rmSync(path, { force: true });
  } catch {
    // Windows removes no file that is open.
  }
  lock.release();
}
