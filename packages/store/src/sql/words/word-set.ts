import { foldText, textsIn, wordsOf } from "../search/words.ts";

/** Indexed characters of a word. Longer ones, such as hashes or images, are distinguished on the rows. */
const LONGEST_WORD = 64;
/** Characters of all words of a trace; a database accepts no more than a million bytes of them. */
const MOST_CHARACTERS = 300_000;

/** A word as it is indexed. Words that are equal, or share a prefix, still do. */
export function indexedWord(word: string): string {
  if (word.length <= LONGEST_WORD) return word;
  // Never splits a surrogate pair.
  return word.slice(0, LONGEST_WORD).replace(/[\ud800-\udbff]$/, "");
}

/** Collects the different words of a trace. */
export interface WordSet {
  readonly words: ReadonlySet<string>;
  /** There are more than the index accepts; then `words` is incomplete. */
  readonly isFull: boolean;
  /** Adds the words that a search finds in a stored text, which may be JSON. */
  add(stored: string): void;
}

/** A set without words. */
export function createWordSet(): WordSet {
  const words = new Set<string>();
  let characters = 0;
  const isFull = (): boolean => characters > MOST_CHARACTERS;
  const addText = (text: string): void => {
    for (const found of wordsOf(foldText(text))) {
      // Nearly all are known and short.
      if (words.has(found)) continue;
      const word = indexedWord(found);
      if (words.has(word)) continue;
      words.add(word);
      characters += word.length;
    }
  };
  return {
    words,
    get isFull() {
      return isFull();
    },
    add(stored) {
      for (const text of textsIn(stored)) if (!isFull()) addText(text);
    },
  };
}
