import { fieldsOf, numberOf } from "./read-value.ts";

/** Characters that are kept of one text of an answer. */
const MAX_CHARACTERS = 1_000_000;
/** Items that are kept of one list of an answer. */
const MAX_ITEMS = 10_000;

/** A text with its next piece. */
export function joinText(known: unknown, piece: string): string {
  const text = typeof known === "string" ? known : "";
  return text.length >= MAX_CHARACTERS ? text : text + piece;
}

/** What a stream has counted: its last word, but not one of nothing, which some servers end with. */
export function lastCounted(known: unknown, told: unknown): unknown {
  if (known === undefined) return told;
  return Object.values(fieldsOf(told)).some((count) => (numberOf(count) ?? 0) > 0) ? told : known;
}

/** The item of a number; made when it is the first to be heard of it. Numbers may be left out. */
export function itemAt<T>(items: Map<number, T>, index: number, make: () => T): T {
  return items.get(index) ?? putItem(items, index, make());
}

/** Gives a number its item. */
export function putItem<K, T>(items: Map<K, T>, index: K, item: T): T {
  if (items.size < MAX_ITEMS || items.has(index)) items.set(index, item);
  return item;
}

/** Lists that were made here, which nobody else has. */
const ownLists = new WeakSet<object>();

/** The list, which may be changed: the same one when it was made here, so that a long one is not copied for each chunk. */
export function ownList(known: unknown): unknown[] {
  if (Array.isArray(known) && ownLists.has(known)) return known;
  const own = Array.isArray(known) ? known.slice(0, MAX_ITEMS) : [];
  ownLists.add(own);
  return own;
}

/** A list with its next items. */
export function joinList(known: unknown, items: readonly unknown[]): unknown[] {
  const list = ownList(known);
  for (const item of items) if (list.length < MAX_ITEMS) list.push(item);
  return list;
}

/** A place in a list by the number that a provider gives, which may be any. */
export function placeIn(index: unknown): number {
  const isPlace = typeof index === "number" && Number.isInteger(index) && index >= 0;
  return isPlace ? Math.min(index, MAX_ITEMS - 1) : 0;
}
