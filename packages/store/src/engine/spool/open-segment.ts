import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { LINE_END } from "./record-line.ts";
import type { Segment } from "./spool-folder.ts";

/** A segment open for reading. It stays readable when its file is removed. */
export interface OpenSegment extends Segment {
  /** Complete lines from an offset on, about a megabyte of them; none at the end. */
  readFrom(position: number): readonly Line[];
  /** Size of the file in bytes. */
  size(): number;
  close(): void;
}

/** A line without its line break, and the offset behind it. */
export interface Line {
  readonly text: string;
  readonly end: number;
}

const CHUNK_BYTES = 1024 * 1024;

/** One buffer for all, since a thread reads one segment at a time. */
let shared: Buffer | undefined;

/** Opens a segment; `undefined` when it has been removed. */
export function openSegment(segment: Segment): OpenSegment | undefined {
  const file = openIfThere(segment.path);
  if (file === undefined) return undefined;
  return {
    ...segment,
    readFrom: (position) => readLines(file, position),
    size: () => fstatSync(file).size,
    close: () => closeSync(file),
  };
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function readLines(file: number, position: number): readonly Line[] {
  shared ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (let buffer = shared; ; buffer = Buffer.allocUnsafeSlow(buffer.length * 4)) {
    const count = readSync(file, buffer, 0, buffer.length, position);
    const lines = linesIn(buffer.subarray(0, count), position);
    // A line may be longer than the buffer.
    if (lines.length > 0 || position + count >= fstatSync(file).size) return lines;
  }
}

/** The complete lines in some bytes. @param position offset of the bytes in the segment */
export function linesIn(bytes: Buffer, position = 0): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; ; ) {
    const end = bytes.indexOf(LINE_END, start);
    if (end < 0) return lines;
    lines.push({ text: bytes.toString("utf8", start, end), end: position + end + 1 });
    start = end + 1;
  }
}
