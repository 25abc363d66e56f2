import { readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type HeldLock, takeLock } from "../lock.ts";

/**
 * The spool is a folder with a folder for each engine that records, its owner:
 *
 *     <spool>/<owner>/lock        held by the thread that writes, as long as it lives
 *     <spool>/<owner>/1.jsonl     segments: records, one to a line, in the order they were made
 *     <spool>/<owner>/2.jsonl
 *     <spool>/<owner>/attachments/   files that spans refer to, named by their hash
 *
 * Whoever gets the lock of another owner's folder knows that its writer is gone, reads the rest and removes it.
 */
export interface SpoolPlace {
  /** Folder of the spool. */
  readonly folder: string;
  /**
   * The user has named the folder and may have created it with special permissions, so it is kept when empty.
   * @default false
   */
  readonly keepFolder?: boolean;
  /** Id of the engine: 16 or more hexadecimal digits, new for each engine. */
  readonly owner: string;
}

/** A file of records. Numbers increase and are never reused. */
export interface Segment {
  readonly number: number;
  readonly path: string;
  /** Its name in the database. */
  readonly name: string;
}

/** Folder of an owner. */
export function ownerFolder({ folder, owner }: SpoolPlace): string {
  return join(folder, owner);
}

/** The file that the writer keeps locked. */
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

/** All owners with a folder in the spool. */
export function listOwners(folder: string): readonly string[] {
  return namesIn(folder).filter((name) => /^[0-9a-f]{16,}$/.test(name));
}

/** Whether the owner's writer is alive, on this machine. */
export function isWriterAlive(place: SpoolPlace): boolean {
  const path = lockPath(place);
  const lock = takeLock(path, "shared", { create: false });
  lock?.release();
  return lock === undefined && namesIn(ownerFolder(place)).includes("lock");
}

/** Removes the folder of an owner without segments and files, and the spool if that was the last one and it need not be kept. */
export function removeFolder(place: SpoolPlace, lock: HeldLock): void {
  // While the lock is held, because afterwards the file could be somebody else's.
  const isRemoved = removeIfAllowed(lockPath(place));
  lock.release();
  // Windows cannot remove an open file.
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

/** Removes an empty folder. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It contains something that is not ours, or is already gone.
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
