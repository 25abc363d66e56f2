import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, segmentName } from "./segments.ts";

/** Where journal lines go: to files, or to memory. */
export interface LineSink {
  readonly medium: "spool" | "memory";
  /** Takes complete lines; throws when it cannot. */
  write(lines: string): void;
  close(): void;
}

/** A new file is begun when one is this large, in characters. */
const SEGMENT_SIZE = 32 * 1024 * 1024;

/** Which process and which client of it writes. */
export interface SpoolIdentity {
  readonly folder: string;
  readonly pid: number;
  readonly processStart: number;
  /** Letters and digits, new for each opened store. */
  readonly writer: string;
}

/** Appends to segment files. The operating system has the lines when `write` returns. */
export function spoolSink(identity: SpoolIdentity): LineSink {
  let sequence = 0;
  let written = 0;
  let file: number | undefined;
  const open = (): number => {
    makeFolder(identity.folder);
    sequence += 1;
    written = 0;
    return openSync(join(identity.folder, segmentName({ ...identity, sequence })), "a", 0o600);
  };
  const rotate = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return {
    medium: "spool",
    write(lines) {
      if (written > SEGMENT_SIZE) rotate();
      file ??= open();
      writeAll(file, Buffer.from(lines));
      written += lines.length;
    },
    close: rotate,
  };
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
