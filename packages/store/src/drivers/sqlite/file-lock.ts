import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { RivuletError } from "@rivulet/domain";
import { hasEnded, processStart } from "./running-process.ts";

/** A file that says who has another file open. */
export interface FileLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly processStart: number;
}

/**
 * Takes the lock of a file. One that an ended process left behind is taken over.
 *
 * @param advice what to do when somebody has it: the end of the message
 * @throws RivuletError `store_locked` while a living process has it, `store_unavailable` when the folder
 * cannot be written
 */
export function holdLock(path: string, advice: string): FileLock {
  const lock = `${path}.lock`;
  const own = JSON.stringify({ pid: process.pid, processStart: processStart() });
  while (!create(lock, own)) {
    const content = readIfThere(lock);
    if (content === undefined) continue;
    const holder = parse(content);
    if (holder !== undefined && !hasEnded(holder)) throw lockedBy(holder.pid, path, advice);
    takeAway(lock, content);
  }
  return { release: () => rmSync(lock, { force: true }) };
}

/**
 * Removes a lock that nobody holds. Two processes may try at once: the name is moved, and put back when it
 * was no longer the lock that was looked at.
 */
function takeAway(lock: string, content: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const taken = readIfThere(aside);
  if (taken !== undefined && taken !== content) create(lock, taken);
  rmSync(aside, { force: true });
}

function create(lock: string, content: string): boolean {
  try {
    writeFileSync(lock, content, { flag: "wx", mode: 0o600 });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RivuletError(
      "store_unavailable",
      `Cannot write ${lock}: ${reason}. Check the permissions of its folder.`,
      { cause, details: { path: lock } },
    );
  }
}

function parse(content: string): Holder | undefined {
  try {
    const { pid, processStart: start } = JSON.parse(content) as Partial<Holder>;
    return Number.isInteger(pid)
      ? { pid: Number(pid), processStart: Number(start) || 0 }
      : undefined;
  } catch {
    return undefined;
  }
}

function lockedBy(pid: number, path: string, advice: string): RivuletError {
  const who = pid === process.pid ? "This process" : `Process ${pid}`;
  return new RivuletError("store_locked", `${who} has ${path} open. ${advice}`, {
    details: { pid, path },
  });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
