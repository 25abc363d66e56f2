import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { decodeBase64 } from "./base64.ts";

/** Bytes that nobody changes, and their SHA-256 in hex. */
export interface HashedBytes {
  readonly hash: string;
  readonly content: Uint8Array;
}

/**
 * Hashes bytes, and remembers the last ones for a short while: the steps of an agent repeat the same image, and to
 * compare it costs next to nothing.
 */
export interface MediaCache {
  /** A copy of the bytes, which the app may change afterwards. */
  ofBytes(content: Uint8Array): HashedBytes;
  /** The bytes of base-64; `undefined` for a text that is something else. */
  ofBase64(text: string): HashedBytes | undefined;
}

/** Most bytes that are remembered, in all forms together. */
const MOST_BYTES = 64 * 1024 ** 2;
const MOST_FILES = 64;
const REMEMBERED_MS = 30_000;

/** An empty cache. */
export function createMediaCache(): MediaCache {
  const options = { maxSize: MOST_BYTES, max: MOST_FILES, ttl: REMEMBERED_MS, ttlAutopurge: true };
  const byText = new LRUCache<string, HashedBytes>({
    ...options,
    sizeCalculation: ({ content }, text) => Math.max(1, content.byteLength + text.length),
  });
  const byHash = new LRUCache<string, HashedBytes>({
    ...options,
    sizeCalculation: ({ content }) => Math.max(1, content.byteLength),
  });

  const find = (content: Uint8Array): HashedBytes | undefined => {
    for (const known of byHash.values()) {
      if (Buffer.compare(known.content, content) === 0) return known;
    }
    return undefined;
  };
  const remember = (content: Uint8Array): HashedBytes => {
    const hashed = { hash: hash("sha256", content), content };
    byHash.set(hashed.hash, hashed);
    return hashed;
  };
  return {
    ofBytes(content) {
      const known = find(content);
      if (known === undefined) return remember(new Uint8Array(content));
      byHash.get(known.hash);
      return known;
    },
    ofBase64(text) {
      const known = byText.get(text);
      if (known !== undefined) return known;
      const content = decodeBase64(text);
      if (content === undefined) return undefined;
      const hashed = find(content) ?? remember(content);
      byText.set(text, hashed);
      return hashed;
    },
  };
}
