import { existsSync, rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { RivuletError } from "@rivulet/domain";
import { type HeldLock, takeLock } from "../../engine/lock.ts";
import { resolveStorePath } from "../store-path.ts";
import { hasWalResetBug, SAFE_NODE } from "./wal-reset.ts";

/** A lock on a store, beside its file. */
export type StoreLock = HeldLock;

/** Options of {@link lockForWriting}. */
export interface WriterLock {
  /** The database file. */
  readonly path: string;
  /** Version of SQLite. */
  readonly version: string;
  /** Permissions of the lock file. */
  readonly fileMode: number;
}

/**
 * Says that somebody writes to a store, as long as it is held. An SQLite that has the WAL-reset bug takes the
 * lock for itself alone, one without it shares it: so an old and a new one never write together, whatever
 * processes or threads they are in.
 *
 * @throws RivuletError `store_locked` when somebody has it with whom it cannot be shared
 */
export async function lockForWriting({ path, version, fileMode }: WriterLock): Promise<StoreLock> {
  const isOld = hasWalResetBug(version);
  const lock = await tryFor(() =>
    takeLock(lockPath(path), isOld ? "exclusive" : "shared", { fileMode }),
  );
  if (lock === undefined) throw isOld ? oldHere(path, version) : oldThere(path);
  return removedAtLast(path, lock);
}

/**
 * Makes sure that nobody has a store open for writing, and that nobody opens it before the lock is released;
 * for a restore.
 *
 * @param file the database file
 * @throws RivuletError `store_locked` when somebody has it open
 */
export async function holdStoreAlone(file: string): Promise<StoreLock> {
  const path = resolveStorePath(file);
  const lock = await tryFor(() => takeLock(lockPath(path), "exclusive"));
  if (lock !== undefined) return removedAtLast(path, lock);
  throw locked(path, "It is open in a process or thread: close it there first.");
}

/** Whether a process or thread has a store open for writing. Changes nothing. */
export function isStoreOpen(path: string): boolean {
  if (!existsSync(lockPath(path))) return false;
  const lock = takeLock(lockPath(path), "exclusive", { create: false });
  lock?.release();
  return lock === undefined;
}

/** Whoever closes a store holds its lock exclusively for an instant, to remove the file. */
const TRIES = 20;
const PAUSE_MS = 10;

async function tryFor(take: () => HeldLock | undefined): Promise<HeldLock | undefined> {
  for (let tries = 1; ; tries += 1) {
    const lock = take();
    if (lock !== undefined || tries === TRIES) return lock;
    await pause(PAUSE_MS);
  }
}

function lockPath(path: string): string {
  return `${path}.lock`;
}

/** The last holder of the lock removes its file. */
function removedAtLast(path: string, lock: HeldLock): StoreLock {
  return {
    isInPlace: lock.isInPlace,
    tryAlone: lock.tryAlone,
    release() {
      lock.release();
      const alone = takeLock(lockPath(path), "exclusive", { create: false });
      if (alone === undefined) return;
      try {
        rmSync(lockPath(path), { force: true });
      } finally {
        alone.release();
      }
    },
  };
}

function oldHere(path: string, version: string): RivuletError {
  return locked(
    path,
    `It is open elsewhere, and SQLite ${version} of this Node (${process.versions.node}) can damage a file that is written by two processes (its WAL-reset bug). Use Node ${SAFE_NODE} or newer in both, or close it there first.`,
  );
}

function oldThere(path: string): RivuletError {
  return locked(
    path,
    `Another process or thread has exclusive access: its SQLite can damage a file that is written by two processes (the WAL-reset bug), the store is being restored, or it has lost its log. Use Node ${SAFE_NODE} or newer there, too, or close it there first.`,
  );
}

function locked(path: string, reason: string): RivuletError {
  return new RivuletError("store_locked", `Store ${path} is in use. ${reason}`, {
    details: { path },
  });
}
