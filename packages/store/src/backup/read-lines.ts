import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { TextDecoder } from "node:util";
import { messageOf, RivuletError } from "@rivulet/domain";
import { type Content, damaged } from "./manifest.ts";

/** One line of a file. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
}

/** Which file to read. */
export interface LinesSource {
  /** The backup's folder. */
  readonly folder: string;
  /** Name inside it, with `/`. */
  readonly name: string;
  readonly expected: Content;
}

const NEWLINE = 0x0a;

/**
 * Reads a file of lines in batches, and verifies its content.
 *
 * @throws RivuletError `store_corrupt` when it is not what was written; `store_unavailable`
 */
export async function* readLinesFile(source: LinesSource): AsyncGenerator<readonly Line[]> {
  const { folder, name, expected } = source;
  const decoder = new TextDecoder("utf8", { fatal: true, ignoreBOM: true });
  const hash = createHash("sha256");
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunksOf(join(folder, name), name)) {
    hash.update(chunk);
    const bytes = Buffer.concat([rest, chunk]);
    const lines: Line[] = [];
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      number += 1;
      lines.push({ number, text: decoded(decoder, bytes.subarray(from, end), { name, number }) });
      from = end + 1;
    }
    rest = bytes.subarray(from);
    if (lines.length > 0) yield lines;
  }
  if (rest.byteLength > 0) throw damaged(`${name}, line ${number + 1}`, "it is truncated");
  if (number < expected.lines) {
    throw damaged(
      `${name}, line ${number + 1}`,
      `it is missing; ${expected.lines} lines are expected`,
    );
  }
  if (hash.digest("hex") !== expected.sha256) {
    throw damaged(name, "its content has changed since the backup was made (SHA-256)");
  }
}

async function* chunksOf(path: string, name: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
      throw damaged(name, "the file is missing", cause);
    }
    throw new RivuletError("store_unavailable", `Cannot read ${path}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

function decoded(
  decoder: TextDecoder,
  bytes: Buffer,
  { name, number }: { readonly name: string; readonly number: number },
): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw damaged(`${name}, line ${number}`, "it is not valid UTF-8", cause);
  }
}
