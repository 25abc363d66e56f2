/** The first SQLite without the WAL-reset bug. */
export const SAFE_SQLITE = "3.51.3";
/** The first Node 24 that includes such a SQLite. */
export const SAFE_NODE = "24.15";

/** Patch releases with the fix in older lines: for `3.50`, `7` and newer. */
const BACKPORTS: Readonly<Record<string, number>> = { "3.44": 6, "3.50": 7 };

/**
 * Whether this SQLite may damage a database that two connections write to: the WAL-reset bug
 * (https://sqlite.org/wal.html#walresetbug).
 */
export function hasWalResetBug(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (major !== 3) return major < 3;
  const fixed = BACKPORTS[`3.${minor}`];
  if (fixed !== undefined) return patch < fixed;
  return minor < 51 || (minor === 51 && patch < 3);
}
