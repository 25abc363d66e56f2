import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { Content } from "./manifest.ts";

/** A file of lines being written. */
export interface LinesFile {
  write(lines: readonly string[]): Promise<void>;
}

/** Bytes to collect before writing. */
const GATHER_BYTES = 256 * 1024;

/**
 * Writes a file of lines, replacing what was there. It is on disk when the promise resolves.
 *
 * @returns what was written
 */
export async function writeLinesFile(
  path: string,
  work: (file: LinesFile) => Promise<void>,
): Promise<Content> {
  await using handle = await open(path, "w", 0o600);
  const hash = createHash("sha256");
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let lines = 0;
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const chunk = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    hash.update(chunk);
    bytes += chunk.byteLength;
    await handle.writeFile(chunk);
  };
  await work({
    async write(more) {
      for (const line of more) {
        const piece = Buffer.from(`${line}\n`);
        waiting.push(piece);
        waitingBytes += piece.byteLength;
        lines += 1;
        if (waitingBytes >= GATHER_BYTES) await flush();
      }
    },
  });
  await flush();
  await handle.sync();
  return { lines, bytes, sha256: hash.digest("hex") };
}
