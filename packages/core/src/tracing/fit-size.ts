import type { JsonValue } from "@rivulet/domain";
import { jsonBytes } from "../validation.ts";

/** How much of long things is kept. */
interface Cut {
  /** Characters of a string. */
  readonly text: number;
  /** Items of a list, fields of an object. */
  readonly items: number;
}

/** Ever harder cuts, tried until the whole fits. */
const CUTS: readonly Cut[] = [
  { text: 262_144, items: Number.POSITIVE_INFINITY },
  { text: 65_536, items: Number.POSITIVE_INFINITY },
  { text: 16_384, items: Number.POSITIVE_INFINITY },
  { text: 4_096, items: Number.POSITIVE_INFINITY },
  { text: 1_024, items: Number.POSITIVE_INFINITY },
  { text: 1_024, items: 500 },
  { text: 256, items: 100 },
  { text: 256, items: 10 },
];

/** The value within `limit` bytes of JSON: long strings, then long lists, keep their head and tail. */
export function fitToSize(value: JsonValue, limit: number): JsonValue {
  let bytes = jsonBytes(value);
  if (bytes <= limit) return value;
  for (const cut of CUTS) {
    const fitted = cutValue(value, cut);
    bytes = jsonBytes(fitted);
    if (bytes <= limit) return fitted;
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

function cutValue(value: JsonValue, cut: Cut): JsonValue {
  if (typeof value === "string") return cutText(value, cut.text);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return cutList(value, cut, (count) => `[${count} left out]`).map((item: JsonValue) =>
      cutValue(item, cut),
    );
  }
  const entries = Object.entries(value as Record<string, JsonValue>);
  const kept = cutList<[string, JsonValue]>(entries, cut, (count) => [`[${count} left out]`, null]);
  return Object.fromEntries(kept.map(([name, part]) => [name, cutValue(part, cut)]));
}

function cutList<T>(list: readonly T[], cut: Cut, note: (count: number) => T): readonly T[] {
  if (list.length <= cut.items) return list;
  const tail = Math.floor(cut.items / 4);
  const head = cut.items - tail;
  return [...list.slice(0, head), note(list.length - cut.items), ...list.slice(list.length - tail)];
}
