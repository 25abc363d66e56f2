import { rmSync, statSync } from "node:fs";
import { messageOf, RivuletError } from "@rivulet/domain";
import { makeFolder } from "../../file-modes.ts";
import { type HeldLock, takeLock } from "../lock.ts";
import { removeAttachmentsFolder } from "./attachment-files.ts";
import { exitLine, LINE_END } from "./record-line.ts";
import type { RecordSink, Trouble } from "./record-sink.ts";
import { createSegmentFile, type FileCalls, type SegmentFile } from "./segment-file.ts";
import {
  listSegments,
  lockPath,
  ownerFolder,
  removeFolder,
  type Segment,
  type SpoolPlace,
  segmentOf,
} from "./spool-folder.ts";

/** Options of {@link openSpool}. */
export interface SpoolOptions extends SpoolPlace {
  /** Permissions of new files. @default 0o600 */
  readonly fileMode?: number;
  /** Permissions of new folders. @default 0o700 */
  readonly folderMode?: number;
  /** System calls; tests pass some that fail. */
  readonly calls?: FileCalls;
}

/** Size in bytes at which a new segment is started. */
const SEGMENT_BYTES = 32 * 1024 * 1024;
const BUFFER_BYTES = 256 * 1024;
/** Bytes of a character in UTF-8, at most. */
const MOST_BYTES = 3;
/** Attempts, since whoever looks for abandoned folders may hold the lock, or remove the folder, for an instant. */
const ATTEMPTS = 100;

/**
 * Opens an owner's folder for writing: takes its lock and creates a segment, so that nobody can mistake it for an
 * abandoned one. Later problems with the files are reported by `write`, and the next `write` tries again.
 *
 * @throws RivuletError `store_unavailable` when no folder can be created or written
 */
export function openSpool(options: SpoolOptions): RecordSink {
  const segments = openSegments(options);
  try {
    segments.current();
  } catch (reason) {
    segments.release();
    throw unwritable(options, reason, "");
  }
  // Reused for each tick: new buffers would make work for the garbage collector.
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  const bytesOf = (lines: string): Buffer =>
    lines.length * MOST_BYTES > BUFFER_BYTES
      ? Buffer.from(lines)
      : buffer.subarray(0, buffer.write(lines));
  return {
    medium: "spool",
    write(lines) {
      const bytes = bytesOf(lines);
      const first = append(segments, bytes);
      if (first.isInPlace)
        return first.lost && troubleOf(unwritable(options, first.reason), first.lost);
      // They are in a file that nobody will find.
      const again = append(segments, bytes);
      return troubleOf(replaced(options, again.reason), again.lost);
    },
    end(exitCode) {
      try {
        segments.current().append(Buffer.from(exitLine(exitCode)));
      } catch {
        // Then it looks as if the process had been killed.
      }
    },
    release: segments.release,
  };
}

interface Appended {
  /** What could not be written, and why. */
  readonly lost?: Buffer;
  readonly reason?: unknown;
  readonly isInPlace: boolean;
}

function append(segments: Segments, lines: Buffer): Appended {
  try {
    const segment = segments.current();
    const unwritten = segment.append(lines);
    const isInPlace = segment.isInPlace();
    if (!isInPlace || unwritten?.isTorn || segment.size() >= SEGMENT_BYTES) segments.close();
    return { isInPlace, ...(unwritten && { lost: unwritten.lines, reason: unwritten.reason }) };
  } catch (reason) {
    return { isInPlace: true, lost: lines, reason };
  }
}

/** The segments of an owner, one of which is being written. */
interface Segments {
  /** The segment to write to. @throws when there is none and none can be created */
  current(): SegmentFile;
  /** Makes the next `current` a new one. */
  close(): void;
  /** Closes the segment, releases the folder, and removes it when it has nothing left to read. */
  release(): void;
}

function openSegments(options: SpoolOptions): Segments {
  const { fileMode = 0o600, calls } = options;
  let lock: HeldLock | undefined;
  let file: SegmentFile | undefined;
  let number = 0;

  const create = (): SegmentFile => {
    for (;;) {
      number += 1;
      try {
        return createSegmentFile(segmentOf(options, number).path, fileMode, calls);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  };
  const close = (): void => {
    file?.close();
    file = undefined;
  };
  return {
    current() {
      if (file !== undefined) return file;
      lock = holdFolder(options, lock);
      file = create();
      return file;
    },
    close,
    release() {
      close();
      if (lock !== undefined) leaveFolder(options, lock);
      lock = undefined;
    },
  };
}

/** Creates the folder and takes its lock, unless that is already held. */
function holdFolder(options: SpoolOptions, held: HeldLock | undefined): HeldLock {
  if (held?.isInPlace()) return held;
  held?.release();
  let reason: unknown = new Error("another process has its lock");
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      const lock = makeAndLock(options);
      if (lock !== undefined) return lock;
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

function makeAndLock(options: SpoolOptions): HeldLock | undefined {
  const { folder, fileMode = 0o600, folderMode = 0o700 } = options;
  makeFolder(folder, folderMode);
  makeFolder(ownerFolder(options), folderMode);
  return takeLock(lockPath(options), "exclusive", { fileMode });
}

function leaveFolder(options: SpoolOptions, lock: HeldLock): void {
  try {
    const left = listSegments(options).filter((segment) => !removeIfEmpty(segment));
    if (left.length > 0) return;
    removeAttachmentsFolder(options);
    removeFolder(options, lock);
  } catch {
    // The next holder of the lock cleans up.
  } finally {
    lock.release();
  }
}

function removeIfEmpty({ path }: Segment): boolean {
  if (statSync(path).size > 0) return false;
  rmSync(path);
  return true;
}

function troubleOf(error: RivuletError, lost: Buffer = Buffer.alloc(0)): Trouble {
  let lostRecords = 0;
  for (const byte of lost) if (byte === LINE_END) lostRecords += 1;
  return { error, lostRecords, lostBytes: lost.length };
}

function unwritable(
  { folder }: SpoolPlace,
  cause: unknown,
  then = " Records are dropped, and counted, until it can be written to.",
): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `Cannot write to the spool in ${folder}: ${messageOf(cause)}.${then}`,
    { cause, details: { path: folder } },
  );
}

function replaced({ folder }: SpoolPlace, cause: unknown): RivuletError {
  const then =
    cause === undefined
      ? "Recording continues in a new file."
      : `No new file can be created: ${messageOf(cause)}.`;
  return new RivuletError(
    "store_unavailable",
    `The spool in ${folder} was removed, moved or replaced while it was in use; records that were in it and not yet in the store may be lost. ${then}`,
    { cause, details: { path: folder } },
  );
}
