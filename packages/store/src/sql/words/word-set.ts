import { foldText, textsIn, wordsOf } from "../search/words.ts";

/** Characters of a word that the index has. What is longer, such as a hash or a picture, is told apart on the rows. */
const LONGEST_WORD = 64;
/** Characters of all words of a trace; a database takes no more than a million bytes of them. */
const MOST_CHARACTERS = 300_000;

/** A word as the index has it. Words that are equal, or begin alike, still are and do. */
export function indexedWord(word: string): string {
  if (word.length <= LONGEST_WORD) return word;
  // Not half of a pair.
  return word.slice(0, LONGEST_WORD).replace(/[\ud800-\udbff]$/, "");
}

/** Collects the different words of a trace. */
export interface WordSet {
  readonly words: ReadonlySet<string>;
  /** There are more than an index takes; then `words` is not whole. */
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
      // Nearly all are known, and short.
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
