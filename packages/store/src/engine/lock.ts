import { chmodSync, utimesSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { messageOf, RivuletError } from "@rivulet/domain";
import { type FileIdentity, fileAt, isStillAt } from "./file-identity.ts";

/** A lock that this thread has. The system frees it when the thread or the process ends, however it ends. */
export interface HeldLock {
  /** Whether the file at the path is still the locked one: nobody has removed, moved or replaced it. */
  isInPlace(): boolean;
  /**
   * Makes a shared lock an exclusive one, unless somebody else has it, too; then it stays a shared one.
   *
   * @throws RivuletError `store_locked` when somebody took it for themselves in between: then it is lost until this
   * is called again
   */
  tryAlone(): boolean;
  /** Lets go of it. The file stays. */
  release(): void;
}

/** Options of {@link takeLock}. */
export interface LockOptions {
  /** Make the file when it is not there; its folder has to be there. @default true */
  readonly create?: boolean;
  /** Permissions of a new file. @default 0o600 */
  readonly fileMode?: number;
}

/**
 * Takes the lock of a file that serves nothing else, against other processes and other threads of this one.
 * `shared` locks go together, an `exclusive` one is alone. Never waits. Between machines it is as good as their
 * file system's locks.
 *
 * It is a transaction of SQLite in which nothing is written. Open the file with nothing else: when a process
 * closes a file, POSIX takes away all its locks on it.
 *
 * @returns undefined when somebody has the lock, or there is no file and `create` is false
 * @throws RivuletError `store_unavailable` when the file cannot be made or locked
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

/** The file may vanish in between a few times, not for ever. */
const ATTEMPTS = 100;
/** Two who try at the same instant must not both fail: SQLite lets one of them try again after this time. */
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
 * Undefined when somebody has it. `gone` when another file, or none, is at the path now: the lock of a lost file
 * protects nothing.
 */
function lockFile(
  path: string,
  mode: "exclusive" | "shared",
  file: FileIdentity,
): HeldLock | undefined | "gone" {
  let connection: DatabaseSync | undefined;
  try {
    connection = connect(path, "rw");
    // Without it, SQLite would make a second file beside this one.
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

/** Whether two looks at a path found one file. */
function isSame(one: FileIdentity | undefined, other: FileIdentity): boolean {
  return one?.ino === other.ino && one.dev === other.dev && one.mtimeMs === other.mtimeMs;
}

/** SQLite makes the file, because to make and close it ourselves could take away the lock of another thread. */
function createFile(path: string, fileMode: number): void {
  try {
    connect(path, "rwc").close();
    chmodSync(path, fileMode);
    // It may have the inode of a file that was here before; a time of its own tells it apart.
    utimesSync(path, 0, Date.now() / 1000 - Math.random());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw unlockable(path, error);
  }
}

function connect(path: string, mode: "rw" | "rwc"): DatabaseSync {
  const url = pathToFileURL(path);
  url.searchParams.set("mode", mode);
  // Not imported above: Node 22 prints a warning for it, and an older one could not say that it is too old.
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
