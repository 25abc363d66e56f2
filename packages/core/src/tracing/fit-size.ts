import type { JsonValue } from "../domain/json.ts";

/** Lengths that long strings are cut to, until the whole fits. */
const STEPS: readonly number[] = [262_144, 65_536, 16_384, 4_096, 1_024, 256];

/** The value within `limit` bytes of JSON: the longest strings keep their head and tail. */
export function fitToSize(value: JsonValue, limit: number): JsonValue {
  let bytes = jsonBytes(value);
  if (bytes <= limit) return value;
  for (const step of STEPS) {
    const cut = cutStrings(value, step);
    bytes = jsonBytes(cut);
    if (bytes <= limit) return cut;
  }
  return `[left out: ${bytes} bytes of JSON after cutting]`;
}

/** The text in at most about `length` characters, with a note of what is missing in the middle. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const tail = Math.floor(length / 4);
  const head = length - tail;
  return `${text.slice(0, head)}… [${text.length - length} characters left out] …${text.slice(-tail)}`;
}

function cutStrings(value: JsonValue, length: number): JsonValue {
  if (typeof value === "string") return cutText(value, length);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => cutStrings(item, length));
  const entries = Object.entries(value as Record<string, JsonValue>);
  return Object.fromEntries(entries.map(([name, part]) => [name, cutStrings(part, length)]));
}

function jsonBytes(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value));
}
