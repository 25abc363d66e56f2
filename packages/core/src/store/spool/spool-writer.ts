import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { RecordLine } from "./record-line.ts";
import { makeFolder, QUIET_MS, type SegmentOwner, segmentName } from "./segments.ts";

/** Where journal lines go: to files, or to memory. */
export interface LineSink {
  readonly medium: "spool" | "memory";
  /** Keeps a line until `flush`. Returns its size, in the unit in which the store says what it has taken. */
  add(line: RecordLine): number;
  /** Hands over what was kept. Throws when it cannot; then that is lost. */
  flush(): void;
  close(): void;
}

/** A new file is begun when one is this large, in bytes. */
const SEGMENT_SIZE = 32 * 1024 * 1024;
/** Bytes of the buffer that lines are encoded into; it is used again, because new ones make work for the GC. */
const BUFFER_SIZE = 512 * 1024;
const TAB = 0x09;
const NEWLINE = 0x0a;

/** Which process and which client of it writes, and where. */
export interface SpoolIdentity extends SegmentOwner {
  readonly folder: string;
}

/** Appends to segment files. The operating system has the lines when `flush` returns. */
export function spoolSink(identity: SpoolIdentity): LineSink {
  const segments = segmentWriter(identity);
  const buffer = Buffer.allocUnsafeSlow(BUFFER_SIZE);
  let used = 0;
  let before: Buffer[] = [];

  /** Makes room: what was kept is set aside. */
  const setAside = (): void => {
    if (used > 0) before.push(Buffer.from(buffer.subarray(0, used)));
    used = 0;
  };
  const addLong = ({ head, body }: RecordLine): number => {
    const bytes = Buffer.from(`${head}\t${body}\n`);
    before.push(bytes);
    return bytes.length;
  };

  return {
    medium: "spool",
    add(line) {
      // A UTF-16 unit takes three bytes at most.
      const most = (line.head.length + line.body.length) * 3 + 2;
      if (used + most > BUFFER_SIZE) setAside();
      if (most > BUFFER_SIZE) return addLong(line);
      const start = used;
      used += buffer.write(line.head, used);
      buffer[used++] = TAB;
      used += buffer.write(line.body, used);
      buffer[used++] = NEWLINE;
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
