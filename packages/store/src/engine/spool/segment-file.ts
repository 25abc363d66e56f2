import { closeSync, fchmodSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { type FileIdentity, isStillAt } from "../file-identity.ts";
import { LINE_END } from "./record-line.ts";

/** A segment open for writing. */
export interface SegmentFile {
  readonly path: string;
  /** Bytes written; complete lines only. */
  size(): number;
  /**
   * Appends complete lines, which the operating system has when this returns. If the disk accepts only some of them,
   * the file is truncated to the last complete line.
   *
   * @returns `undefined` when all are written
   */
  append(lines: Buffer): Unwritten | undefined;
  /** Whether the file is still at its path: not removed, moved or replaced. */
  isInPlace(): boolean;
  close(): void;
}

/** Lines that could not be written. */
export interface Unwritten {
  readonly lines: Buffer;
  readonly reason: unknown;
  /** An incomplete line could not be truncated: nothing more may be written to this file. */
  readonly isTorn: boolean;
}

/** System calls that may fail while a segment is written. */
export interface FileCalls {
  readonly write: (file: number, bytes: Buffer, from: number) => number;
  readonly truncate: (file: number, size: number) => void;
}

const SYSTEM: FileCalls = { write: writeSync, truncate: ftruncateSync };

/** Creates a segment. @throws when it cannot; with the code `EEXIST` when the path is taken */
export function createSegmentFile(
  path: string,
  fileMode: number,
  { write, truncate }: FileCalls = SYSTEM,
): SegmentFile {
  const { file, identity } = openNew(path, fileMode);
  let size = 0;

  return {
    path,
    size: () => size,
    append(lines) {
      let written = 0;
      try {
        while (written < lines.length) written += writeSome(write(file, lines, written));
        size += written;
        return undefined;
      } catch (reason) {
        const whole = lines.subarray(0, written).lastIndexOf(LINE_END) + 1;
        size += whole;
        const isTorn = !succeeds(() => truncate(file, size));
        return { lines: lines.subarray(whole), reason, isTorn };
      }
    },
    isInPlace: () => succeeds(() => isStillAt(path, identity)),
    close() {
      succeeds(() => closeSync(file));
    },
  };
}

function openNew(path: string, mode: number): { file: number; identity: FileIdentity } {
  const file = openSync(path, "ax", mode);
  try {
    // The process's umask may have removed permissions.
    fchmodSync(file, mode);
    return { file, identity: fstatSync(file) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** `false` when the work throws or returns `false`. */
function succeeds(work: () => unknown): boolean {
  try {
    return work() !== false;
  } catch {
    return false;
  }
}

function writeSome(count: number): number {
  if (count > 0) return count;
  throw new Error("the disk takes nothing");
}
