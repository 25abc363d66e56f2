import type { JsonValue } from "@rivulet/core";

/** A value with long texts cut, and how many characters went. */
export interface Shortened {
  readonly value: JsonValue;
  readonly truncated: boolean;
}

/**
 * Cuts texts so that the whole stays near `maxChars` as JSON. Every text gets an equal share of the room,
 * so that one long answer does not hide the rest.
 */
export function shorten(value: JsonValue, maxChars: number): Shortened {
  if (JSON.stringify(value).length <= maxChars) return { value, truncated: false };
  const texts = countTexts(value);
  const share = Math.max(80, Math.floor(maxChars / Math.max(1, texts)));
  return { value: cutTexts(value, share), truncated: true };
}

/** The first `length` characters, and a note of how many more there are. */
function cutText(text: string, length: number): string {
  return text.length <= length
    ? text
    : `${text.slice(0, length)}…[+${text.length - length} characters]`;
}

function countTexts(value: JsonValue): number {
  if (typeof value === "string") return 1;
  if (value === null || typeof value !== "object") return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + countTexts(part as JsonValue), 0);
}

function cutTexts(value: JsonValue, share: number): JsonValue {
  if (typeof value === "string") return cutText(value, share);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((part: JsonValue) => cutTexts(part, share));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, cutTexts(part, share)]),
  );
}
