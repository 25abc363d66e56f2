/** Pairs of characters, one bit for each that there can be. */
export type LetterPairs = Uint8Array;

const CHARACTERS = 128;

/** The pairs, given as texts of two characters. */
export function letterPairs(pairs: readonly string[]): LetterPairs {
  const table = new Uint8Array(CHARACTERS * CHARACTERS);
  for (const pair of pairs) table[placeOf(pair, 0)] = 1;
  return table;
}

/** Whether one of the pairs stands at this place of the text. A look at two characters spares most searches. */
export function hasPairAt(pairs: LetterPairs, text: string, at: number): boolean {
  return pairs[placeOf(text, at)] === 1;
}

function placeOf(text: string, at: number): number {
  return text.charCodeAt(at) * CHARACTERS + text.charCodeAt(at + 1);
}
