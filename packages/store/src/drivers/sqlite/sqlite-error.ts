import { type ErrorCode, messageOf, RivuletError } from "@rivulet/domain";

/** Primary result codes of SQLite → error for the caller. */
const MEANINGS: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  5: ["store_locked", "Another process has kept it locked for too long."],
  6: ["store_locked", "Another process has kept it locked for too long."],
  8: ["store_unavailable", "It cannot be written: check the permissions of file and folder."],
  10: ["store_unavailable", "The disk answered with an error."],
  11: [
    "store_corrupt",
    "The file is damaged and was left unchanged: restore a backup, or choose another path.",
  ],
  13: ["store_unavailable", "The disk is full."],
  14: ["store_unavailable", "It cannot be opened: check that the path is a writable file."],
  26: [
    "store_corrupt",
    "The file is not a Rivulet database and was left unchanged: choose another path.",
  ],
};
const BUSY = 5;

/**
 * What SQLite threw, as an error that names the file, when the reason lies in file, disk or lock. Anything
 * else, such as a value that a table refuses, stays as it is.
 */
export function sqliteError(thrown: unknown, path: string): unknown {
  const code = resultCode(thrown);
  const meaning = code === undefined ? undefined : MEANINGS[code];
  if (meaning === undefined) return thrown;
  return new RivuletError(meaning[0], `Store ${path}: ${messageOf(thrown)}. ${meaning[1]}`, {
    cause: thrown,
    details: { path },
  });
}

/** Somebody else holds the lock at the moment. */
export function isBusy(thrown: unknown): boolean {
  return resultCode(thrown) === BUSY;
}

/** The primary result code. */
function resultCode(thrown: unknown): number | undefined {
  const code = (thrown as { readonly errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code & 0xff : undefined;
}
