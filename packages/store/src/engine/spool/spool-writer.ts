import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, QUIET_MS, type SegmentOwner, segmentName } from "./segments.ts";

/** Where the records of a journal go: to files, or to memory. */
export interface RecordSink {
  readonly medium: "spool" | "memory";
  /** Keeps a record until `flush`. Returns its size, in the unit in which the store says what it has taken. */
  add(record: string): number;
  /** Hands over what was kept. Throws when it cannot; then that is lost. */
  flush(): void;
  close(): void;
}

/** A new file is begun when one is this large, in bytes. */
const SEGMENT_SIZE = 32 * 1024 * 1024;
/** Bytes of the buffer that records are encoded into; it is used again, because new ones make work for the GC. */
const BUFFER_SIZE = 512 * 1024;
/** Ends a record: JSON has no raw line ends. */
export const RECORD_END: number = "\n".charCodeAt(0);

/** Which process and which client of it writes, and where. */
export interface SpoolIdentity extends SegmentOwner {
  readonly folder: string;
}

/** Appends to segment files. The operating system has the records when `flush` returns. */
export function spoolSink(identity: SpoolIdentity): RecordSink {
  const segments = segmentWriter(identity);
  const buffer = Buffer.allocUnsafeSlow(BUFFER_SIZE);
  let used = 0;
  let before: Buffer[] = [];

  /** Makes room: what was kept is set aside. */
  const setAside = (): void => {
    if (used > 0) before.push(Buffer.from(buffer.subarray(0, used)));
    used = 0;
  };
  const addLong = (record: string): number => {
    const bytes = Buffer.from(`${record}\n`);
    before.push(bytes);
    return bytes.length;
  };

  return {
    medium: "spool",
    add(record) {
      // A UTF-16 unit takes three bytes at most.
      const most = record.length * 3 + 1;
      if (used + most > BUFFER_SIZE) setAside();
      if (most > BUFFER_SIZE) return addLong(record);
      const start = used;
      used += buffer.write(record, used);
      buffer[used++] = RECORD_END;
      return used - start;
    },
    flush() {
      const parts = [...before, buffer.subarray(0, used)];
      before = [];
      used = 0;
      for (const part of parts) segments.write(part);
    },
    close: segments.close,
  };
}

interface SegmentWriter {
  write(bytes: Buffer): void;
  close(): void;
}

function segmentWriter(identity: SpoolIdentity): SegmentWriter {
  let sequence = 0;
  let written = 0;
  let writtenAt = 0;
  let path = "";
  let file: number | undefined;

  const open = (): number => {
    makeFolder(identity.folder);
    sequence += 1;
    written = 0;
    path = join(identity.folder, segmentName({ ...identity, sequence }));
    return openSync(path, "a", 0o600);
  };
  const close = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  /** The file is full, or was quiet for so long that another process may have removed it. */
  const isOver = (now: number): boolean =>
    written > SEGMENT_SIZE || (now - writtenAt > QUIET_MS / 2 && !existsSync(path));

  return {
    write(bytes) {
      if (bytes.length === 0) return;
      const now = Date.now();
      if (file !== undefined && isOver(now)) close();
      file ??= open();
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      } catch (error) {
        // Half a line may have been written: the next one must not hang on to it.
        close();
        throw error;
      }
      written += bytes.length;
      writtenAt = now;
    },
    close,
  };
}
