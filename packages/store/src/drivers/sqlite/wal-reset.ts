import { type FileLock, holdLock } from "./file-lock.ts";

/** Versions that carry the fix to an older line: of `3.50`, `7` and newer. */
const BACKPORTS: Readonly<Record<string, number>> = { "3.44": 6, "3.50": 7 };

/**
 * Whether this SQLite may damage a database that two processes write to: the WAL-reset bug, fixed in 3.51.3
 * (https://sqlite.org/wal.html#walresetbug).
 */
function hasWalResetBug(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (major !== 3) return major < 3;
  const fixed = BACKPORTS[`3.${minor}`];
  if (fixed !== undefined) return patch < fixed;
  return minor < 51 || (minor === 51 && patch < 3);
}

/**
 * With such an SQLite the file is taken for this process alone.
 *
 * @throws RivuletError `store_locked` when another process has it
 */
export function guardAgainstWalReset(path: string, version: string): FileLock | undefined {
  if (!hasWalResetBug(version)) return undefined;
  return holdLock(
    path,
    `SQLite ${version} can damage a file that two processes write to (its WAL-reset bug), so one process at a time may have it: close the other, or use Node 24.15 or newer in both.`,
  );
}
