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
 * A folder beside a database with a file for each engine that has it open for writing. It is named after the engine,
 * which holds its lock while alive. The lock in the spool only shows that somebody writes *there*: an engine may have
 * no spool, or a different one from the engine that checks.
 */
export interface OwnerLocksPlace {
  readonly folder: string;
  /** Permissions of new files. @default 0o600 */
  readonly fileMode?: number | undefined;
}

/** Options of {@link holdOwnerLock}. */
export interface OwnerLocksParts {
  readonly place: OwnerLocksPlace;
  readonly owners: OwnerRegistry;
  /** This engine. */
  readonly owner: string;
  /** Folder of the spool that this engine reads. Owners that left something there are ended when it is read. */
  readonly spool: string | undefined;
  readonly onError: (error: unknown) => void;
}

/** Shows that this engine is alive, and cleans up after engines that are not. */
export interface OwnerLock {
  /** Stops checking others. The lock is kept. */
  stop(): Promise<void>;
  /** This engine owns nothing any more. */
  release(): void;
}

/** How often to look for engines that are gone, and whether our own lock is still in place. */
const LOOK_MS = 60_000;
/** Whoever checks whether we are alive holds our lock for an instant. */
const ATTEMPTS = 100;

/** Takes this engine's lock, and looks for engines that have lost theirs, at once and then every minute. */
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

/** An owner takes its lock before it owns anything, so an owner without a lock is gone. */
async function endOthers({ place, owners, owner, spool }: OwnerLocksParts): Promise<void> {
  const owning = new Set((await owners.list()).map((one) => one.owner));
  const unread = new Set(spool === undefined ? [] : listOwners(spool));
  for (const other of new Set([...owning, ...listOwners(place.folder)])) {
    if (other === owner || isAlive(join(place.folder, other))) continue;
    if (owning.has(other) && !unread.has(other)) await owners.release(other, GONE_ENDING);
  }
}

/** Removes the file of an engine that is gone. */
function isAlive(path: string): boolean {
  const lock = takeLock(path, "exclusive", { create: false });
  if (lock === undefined) return fileAt(path) !== undefined;
  remove(path, lock);
  return false;
}

/** While the lock is held, because afterwards the file could be somebody else's. */
function remove(path: string, lock: HeldLock): void {
  try {
    if (lock.isInPlace()) rmSync(path, { force: true });
  } catch {
    // Windows cannot remove an open file.
  }
  lock.release();
}
