/** Characters that are kept of one text of an answer. */
const MAX_CHARACTERS = 1_000_000;

/** A text with its next piece. */
export function joinText(known: unknown, piece: string): string {
  const text = typeof known === "string" ? known : "";
  return text.length >= MAX_CHARACTERS ? text : text + piece;
}

/** The item of a number; made when it is the first to be heard of it. Numbers may be left out. */
export function itemAt<T>(items: Map<number, T>, index: number, make: () => T): T {
  const known = items.get(index);
  if (known !== undefined) return known;
  const made = make();
  items.set(index, made);
  return made;
}
