import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Segment } from "./segments.ts";
import { RECORD_END } from "./spool-writer.ts";

/** A segment that is being read. */
export interface OpenSegment extends Segment {
  /** Up to which byte it is in the store. */
  position: number;
  /** Whole records behind the position. */
  read(): Chunk;
  /** Bytes behind the position that are no whole record (yet). */
  tornBytes(): number;
  close(): void;
}

/** Whole records of a segment, each as its line. */
export interface Chunk {
  readonly lines: readonly string[];
  readonly bytes: number;
}

const CHUNK_BYTES = 1024 * 1024;
const NOTHING: Chunk = { lines: [], bytes: 0 };

/** One buffer for all: a worker reads one segment at a time. */
let shared: Buffer | undefined;

/** Opens a segment at its start; undefined when somebody has removed it. */
export function openSegment(segment: Segment): OpenSegment | undefined {
  const file = openIfThere(segment.path);
  if (file === undefined) return undefined;
  const open: OpenSegment = {
    ...segment,
    position: 0,
    read: () => readRecords(file, open.position),
    tornBytes: () => fstatSync(file).size - open.position,
    close: () => closeSync(file),
  };
  return open;
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function readRecords(file: number, position: number): Chunk {
  shared ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (let buffer = shared; ; buffer = Buffer.allocUnsafeSlow(buffer.length * 4)) {
    const count = readSync(file, buffer, 0, buffer.length, position);
    const end = buffer.subarray(0, count).lastIndexOf(RECORD_END) + 1;
    if (end > 0) return { lines: linesIn(buffer.subarray(0, end)), bytes: end };
    // A record may be longer than the buffer.
    if (count < buffer.length) return NOTHING;
  }
}

function linesIn(bytes: Buffer): readonly string[] {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(RECORD_END, start);
    lines.push(bytes.toString("utf8", start, end));
    start = end + 1;
  }
  return lines;
}
