import { readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type HeldLock, takeLock } from "../lock.ts";

/**
 * The spool is a folder with a folder for each engine that records, its owner:
 *
 *     <spool>/<owner>/lock        held by the thread that writes, as long as it lives
 *     <spool>/<owner>/1.jsonl     segments: records, one to a line, in the order they were made
 *     <spool>/<owner>/2.jsonl
 *
 * Whoever gets the lock of another owner's folder knows that its writer is gone, reads the rest and removes it.
 */
export interface SpoolPlace {
  /** The spool's folder. */
  readonly folder: string;
  /** The user has named the folder, and may have made it with permissions of their own: it stays. @default false */
  readonly keepFolder?: boolean;
  /** The engine's id: 16 or more hexadecimal digits, new for each engine. */
  readonly owner: string;
}

/** A file of records. Numbers grow and are never used again. */
export interface Segment {
  readonly number: number;
  readonly path: string;
  /** What the database knows it by. */
  readonly name: string;
}

/** The folder of an owner. */
export function ownerFolder({ folder, owner }: SpoolPlace): string {
  return join(folder, owner);
}

/** The file whose lock its writer has. */
export function lockPath(place: SpoolPlace): string {
  return join(ownerFolder(place), "lock");
}

/** One segment of an owner. */
export function segmentOf(place: SpoolPlace, number: number): Segment {
  const name = `${number}.jsonl`;
  return { number, path: join(ownerFolder(place), name), name: `${place.owner}/${name}` };
}

/** All segments of an owner, in the order they were written. */
export function listSegments(place: SpoolPlace): readonly Segment[] {
  return namesIn(ownerFolder(place))
    .flatMap((name) => /^(\d+)\.jsonl$/.exec(name)?.[1] ?? [])
    .map((number) => segmentOf(place, Number(number)))
    .sort((one, other) => one.number - other.number);
}

/** Everybody who has a folder in the spool. */
export function listOwners(folder: string): readonly string[] {
  return namesIn(folder).filter((name) => /^[0-9a-f]{16,}$/.test(name));
}

/** Whether the owner's writer lives, on this machine. */
export function isWriterAlive(place: SpoolPlace): boolean {
  const path = lockPath(place);
  const lock = takeLock(path, "shared", { create: false });
  lock?.release();
  return lock === undefined && namesIn(ownerFolder(place)).includes("lock");
}

/** Removes the folder of an owner that has no segments any more, and the spool when it is the last one and not to be kept. */
export function removeFolder(place: SpoolPlace, lock: HeldLock): void {
  // While the lock is held: behind it, the file could be somebody else's.
  const isRemoved = removeIfAllowed(lockPath(place));
  lock.release();
  // Windows removes no file that is open.
  if (!isRemoved) rmSync(lockPath(place), { force: true });
  removeIfEmpty(ownerFolder(place));
  if (!place.keepFolder) removeIfEmpty(place.folder);
}

function removeIfAllowed(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    return false;
  }
}

/** Removes a folder that nothing is in. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is in it that is not ours, or it is gone.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
