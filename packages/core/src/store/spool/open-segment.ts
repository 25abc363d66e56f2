import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Segment } from "./segments.ts";

/** A segment that is being read. */
export interface OpenSegment extends Segment {
  /** Up to which byte it is in the store. */
  position: number;
  /** Whole lines behind the position. */
  read(): Chunk;
  /** Bytes behind the position that are no whole line (yet). */
  tornBytes(): number;
  close(): void;
}

/** Whole lines of a segment. */
export interface Chunk {
  readonly lines: readonly string[];
  readonly bytes: number;
}

const CHUNK_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;
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
    read: () => readLines(file, open.position),
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

function readLines(file: number, position: number): Chunk {
  shared ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (let buffer = shared; ; buffer = Buffer.allocUnsafeSlow(buffer.length * 4)) {
    const count = readSync(file, buffer, 0, buffer.length, position);
    const end = buffer.subarray(0, count).lastIndexOf(LINE_FEED) + 1;
    if (end > 0) return { lines: buffer.toString("utf8", 0, end - 1).split("\n"), bytes: end };
    // A line may be longer than the buffer.
    if (count < buffer.length) return NOTHING;
  }
}
