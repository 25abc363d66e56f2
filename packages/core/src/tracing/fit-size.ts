import type { JsonValue } from "@rivulet/domain";
import { createEncoder, type JsonText } from "@rivulet/store";

/** Bytes of a character in UTF-8, at most. */
const MOST_BYTES = 3;

/** The value within `limit` bytes of JSON: long strings, then long lists, keep their head and tail. */
export function fitToSize(value: JsonValue, limit: number): JsonText | undefined {
  const fitted = encodeWithin(value, limit);
  return isWithin(fitted, limit) ? fitted : encodeWithin(value, Math.floor(limit / MOST_BYTES));
}

/** Whether JSON text has at most so many bytes. */
export function isWithin(text: JsonText | undefined, limit: number): boolean {
  if (text === undefined || text.size * MOST_BYTES <= limit) return true;
  return Buffer.byteLength(text.json) <= limit;
}

function encodeWithin(value: JsonValue, maxSize: number): JsonText | undefined {
  const encode = createEncoder({
    maskSecrets: false,
    maxNodes: Number.POSITIVE_INFINITY,
    maxSize,
  });
  return encode(value, "");
}
