/** How much of long things is kept. */
export interface Cut {
  /** Characters of a string. */
  readonly text: number;
  /** Items of a list, fields of an object. */
  readonly items: number;
}

const ALL = Number.POSITIVE_INFINITY;

/** Ever harder cuts, tried until the whole fits. */
export const CUTS: readonly Cut[] = [
  { text: ALL, items: ALL },
  { text: 262_144, items: ALL },
  { text: 65_536, items: ALL },
  { text: 16_384, items: ALL },
  { text: 4_096, items: ALL },
  { text: 1_024, items: ALL },
  { text: 1_024, items: 500 },
  { text: 256, items: 100 },
  { text: 256, items: 10 },
];

/** The text in at most about `length` characters, with a note of what is missing in the middle. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  return joinEnds(text.length - length, text.slice(0, headOf(length)), text.slice(-tailOf(length)));
}

/** No credential that is looked for is longer, not even a private key. */
const MARGIN = 8_192;

/**
 * The same of a text that is masked. Only what is kept is looked at, and a little more, so that no credential is cut
 * in two.
 */
export function cutMasked(text: string, length: number, mask: (text: string) => string): string {
  if (text.length <= length + 2 * MARGIN) return cutText(mask(text), length);
  const head = mask(text.slice(0, headOf(length) + MARGIN)).slice(0, headOf(length));
  const tail = mask(text.slice(-tailOf(length) - MARGIN)).slice(-tailOf(length));
  return joinEnds(text.length - length, head, tail);
}

/** A list with its ends, and a note of what is missing between them. */
export function cutList<T>(
  list: readonly T[],
  length: number,
  note: (left: number) => T,
): readonly T[] {
  if (list.length <= length) return list;
  const head = list.slice(0, headOf(length));
  return [...head, note(list.length - length), ...list.slice(list.length - tailOf(length))];
}

/** The fields at both ends of an object, and a note between them. */
export function cutFields(
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
  length: number,
): Readonly<Record<string, unknown>> {
  const kept = cutList(names, length, (left) => `[${left} left out]`);
  // A field of one's own named __proto__ is a field like others.
  return Object.fromEntries(
    kept.map((name) => [name, Object.hasOwn(fields, name) ? fields[name] : null]),
  );
}

function joinEnds(left: number, head: string, tail: string): string {
  return `${head}… [${left} characters left out] …${tail}`;
}

function tailOf(length: number): number {
  return Math.floor(length / 4);
}

function headOf(length: number): number {
  return length - tailOf(length);
}
