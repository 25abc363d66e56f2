import { chmodSync, utimesSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { messageOf, RivuletError } from "@rivulet/domain";
import { type FileIdentity, fileAt, isStillAt } from "./file-identity.ts";

/** A lock held by this thread. The system releases it when the thread or the process ends, for whatever reason. */
export interface HeldLock {
  /** Whether the file at the path is still the locked one: not removed, moved or replaced. */
  isInPlace(): boolean;
  /**
   * Turns a shared lock into an exclusive one, unless others hold it, too; then it stays shared.
   *
   * @throws RivuletError `store_locked` when somebody else obtained an exclusive lock in between: then this one is
   * lost until this is called again
   */
  tryAlone(): boolean;
  /** Releases the lock. The file stays. */
  release(): void;
}

/** Options of {@link takeLock}. */
export interface LockOptions {
  /** Creates the file if it does not exist; its folder must exist. @default true */
  readonly create?: boolean;
  /** Permissions of a new file. @default 0o600 */
  readonly fileMode?: number;
}

/**
 * Locks a file that serves no other purpose, against other processes and other threads of this one. `shared` locks
 * can coexist; an `exclusive` one is alone. Never waits. Between machines it is as good as the locks of their file
 * system.
 *
 * The lock is a SQLite transaction that writes nothing. Nothing else must open the file: when a process closes a
 * file, POSIX drops all its locks on it.
 *
 * @returns `undefined` when somebody else holds the lock, or the file does not exist and `create` is false
 * @throws RivuletError `store_unavailable` when the file cannot be created or locked
 */
export function takeLock(
  path: string,
  mode: "exclusive" | "shared",
  { create = true, fileMode = 0o600 }: LockOptions = {},
): HeldLock | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const file = fileAt(path);
    if (file === undefined) {
      if (!create) return undefined;
      createFile(path, fileMode);
      continue;
    }
    const lock = lockFile(path, mode, file);
    if (lock !== "gone") return lock;
  }
  throw new RivuletError("store_unavailable", `Cannot lock ${path}: it keeps being replaced.`);
}

/** How often the file may vanish in between. */
const ATTEMPTS = 100;
/** Milliseconds after which SQLite tries again, so that of two simultaneous attempts one succeeds. */
const COLLISION_MS = 1;
const BEGIN = { exclusive: "BEGIN EXCLUSIVE", shared: "BEGIN; SELECT 1 FROM sqlite_master" };

const SQLITE_BUSY = 5;
const SQLITE_CANTOPEN = 14;

function heldLock(path: string, file: FileIdentity, connection: DatabaseSync): HeldLock {
  return {
    isInPlace: () => isStillAt(path, file),
    tryAlone() {
      if (connection.isTransaction) connection.exec("COMMIT");
      if (begins(connection, "exclusive")) return true;
      if (begins(connection, "shared")) return false;
      throw new RivuletError("store_locked", `${path} is locked by another process or thread.`, {
        details: { path },
      });
    },
    release() {
      if (connection.isOpen) connection.close();
    },
  };
}

function begins(connection: DatabaseSync, mode: "exclusive" | "shared"): boolean {
  try {
    connection.exec(BEGIN[mode]);
    return true;
  } catch (error) {
    if (connection.isTransaction) connection.exec("ROLLBACK");
    if (resultCode(error) === SQLITE_BUSY) return false;
    throw error;
  }
}

function resultCode(error: unknown): number {
  return ((error as { errcode?: number }).errcode ?? 0) & 0xff;
}

/**
 * `undefined` when somebody else holds it. `gone` when another file, or none, is at the path now: the lock of a
 * removed file protects nothing.
 */
function lockFile(
  path: string,
  mode: "exclusive" | "shared",
  file: FileIdentity,
): HeldLock | undefined | "gone" {
  let connection: DatabaseSync | undefined;
  try {
    connection = connect(path, "rw");
    // Otherwise SQLite would create a second file beside this one.
    connection.exec(`PRAGMA journal_mode = MEMORY; ${BEGIN[mode]}`);
    if (isSame(fileAt(path), file)) return heldLock(path, file, connection);
    connection.close();
    return "gone";
  } catch (error) {
    connection?.close();
    const code = resultCode(error);
    if (code === SQLITE_BUSY) return undefined;
    if (code === SQLITE_CANTOPEN && !isSame(fileAt(path), file)) return "gone";
    throw unlockable(path, error);
  }
}

/** Whether two checks of a path found the same file. */
function isSame(one: FileIdentity | undefined, other: FileIdentity): boolean {
  return one?.ino === other.ino && one.dev === other.dev && one.mtimeMs === other.mtimeMs;
}

/** SQLite creates the file, because creating and closing it ourselves could drop the lock of another thread. */
function createFile(path: string, fileMode: number): void {
  try {
    connect(path, "rwc").close();
    chmodSync(path, fileMode);
    // A new file may reuse the inode of a former one; a timestamp of its own tells them apart.
    utimesSync(path, 0, Date.now() / 1000 - Math.random());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw unlockable(path, error);
  }
}

function connect(path: string, mode: "rw" | "rwc"): DatabaseSync {
  const url = pathToFileURL(path);
  url.searchParams.set("mode", mode);
  // Not imported above: Node 22 prints a warning for it, and an older Node could not report that it is too old.
  const sqlite = process.getBuiltinModule("node:sqlite");
  return new sqlite.DatabaseSync(url, { timeout: COLLISION_MS });
}

function unlockable(path: string, cause: unknown): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `Cannot lock ${path}: ${messageOf(cause)}. Check the permissions of its folder.`,
    { cause, details: { path } },
  );
}
