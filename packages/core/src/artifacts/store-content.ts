import { createHash, hash } from "node:crypto";
import { RivuletError } from "@rivulet/domain";
import type { Store } from "@rivulet/store";

/** Bytes that are written and read at once, however large a file is. */
export const PART_BYTES: number = 1024 * 1024;

/** A file in the store that no record refers to yet. */
export interface StoredContent {
  /** Hex SHA-256 of the bytes, which is the file's id. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly size: number;
  /** Writes the file once more, if the bytes are at hand. */
  readonly again?: () => Promise<void>;
}

/** What is known of the file. */
export interface ContentRules {
  /** The artifact's path, for messages. */
  readonly path: string;
  /** Most bytes. */
  readonly limit: number;
}

/**
 * Writes content to the store's files: what is small or at hand at once, and what is still to come part by part. If that
 * fails, nothing is left.
 *
 * @throws RivuletError `limit_exceeded`; what the content itself throws
 */
export async function storeContent(
  files: Store["files"],
  content: Uint8Array | AsyncIterable<Uint8Array>,
  rules: ContentRules,
): Promise<StoredContent> {
  if (content instanceof Uint8Array) {
    refuseOver(content.byteLength, rules);
    return storeWhole(files, content);
  }
  const parts = inParts(content, rules);
  try {
    const first = await parts.next();
    if (first.done === true) return await storeWhole(files, new Uint8Array(0));
    const second = await parts.next();
    if (second.done === true) return await storeWhole(files, first.value);
    return await storeParts(files, [first.value, second.value], parts);
  } finally {
    await parts.return(undefined);
  }
}

async function storeWhole(files: Store["files"], content: Uint8Array): Promise<StoredContent> {
  const sha256 = hash("sha256", content);
  const again = (): Promise<void> => files.write({ id: sha256, content });
  await again();
  return { sha256, size: content.byteLength, again };
}

async function storeParts(
  files: Store["files"],
  begun: readonly Uint8Array[],
  others: AsyncIterable<Uint8Array>,
): Promise<StoredContent> {
  const upload = await files.begin();
  try {
    const digest = createHash("sha256");
    let size = 0;
    const add = async (content: Uint8Array): Promise<void> => {
      digest.update(content);
      size += content.byteLength;
      await files.append({ upload, content });
    };
    for (const part of begun) await add(part);
    for await (const part of others) await add(part);
    const sha256 = digest.digest("hex");
    await files.finish({ upload, id: sha256 });
    return { sha256, size };
  } catch (error) {
    // If this fails as well, it is cleared away later, like the uploads of killed processes.
    await files.abandon(upload).catch(() => undefined);
    throw error;
  }
}

/** The bytes in parts of one size but for the last, none of which is empty. */
async function* inParts(
  content: AsyncIterable<Uint8Array>,
  rules: ContentRules,
): AsyncGenerator<Uint8Array, void> {
  let part = new Uint8Array(PART_BYTES);
  let filled = 0;
  let size = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    refuseOver(size, rules);
    for (let from = 0; from < chunk.byteLength; ) {
      const next = chunk.subarray(from, from + PART_BYTES - filled);
      part.set(next, filled);
      filled += next.byteLength;
      from += next.byteLength;
      if (filled < PART_BYTES) continue;
      yield part;
      part = new Uint8Array(PART_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

function refuseOver(size: number, { path, limit }: ContentRules): void {
  if (size <= limit) return;
  throw new RivuletError(
    "limit_exceeded",
    `The artifact "${path}" has more than ${limit} bytes. Set the client's option artifactBytes to allow larger ones.`,
    { details: { limit } },
  );
}
