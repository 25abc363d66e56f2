import { RivuletError } from "@rivulet/domain";
import { isReference } from "../spans/message-blobs.ts";

/** A term of a `MATCH`: words next to each other. */
export interface Term {
  /** In lower case; at least one. */
  readonly words: readonly string[];
  /** The last word is a prefix. */
  readonly isPrefix: boolean;
}

/** Scripts written without spaces: each character counts as a word. */
const UNSPACED =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}";
const WORD = new RegExp(`[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}_])+`, "gu");
/** The same for ASCII text, many times faster. */
const ASCII_WORD = /[a-z0-9_]+/g;
const BEYOND_ASCII = /[\u0080-\uffff]/;
const LONE_CHARACTER = new RegExp(`^[${UNSPACED}]$`, "u");

/** Normalises a text for word search, independent of case and of how its characters are composed. */
export function foldText(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/** The words of a normalised text, in order. */
export function wordsOf(folded: string): readonly string[] {
  return folded.match(BEYOND_ASCII.test(folded) ? WORD : ASCII_WORD) ?? [];
}

/** Whether a word is one character of a script without spaces: no longer word starts with it. */
export function isLoneCharacter(word: string): boolean {
  return LONE_CHARACTER.test(word);
}

/**
 * Reads what `MATCH` was given: words, `"words in this order"`, and `begin*`. What is no word parts words:
 * `foo-bar` is foo followed by bar.
 *
 * @throws RivuletError `invalid_argument` when it has no word
 */
export function termsOf(query: string): readonly Term[] {
  const terms = [...query.matchAll(/"(?<phrase>[^"]*)"?|(?<plain>[^\s"]+)/gu)].flatMap(
    ({ groups = {} }): readonly Term[] => {
      const { phrase, plain = "" } = groups;
      const words = wordsOf(foldText(phrase ?? plain));
      return words.length === 0 ? [] : [{ words, isPrefix: plain.endsWith("*") }];
    },
  );
  if (terms.length > 0) return terms;
  throw new RivuletError(
    "invalid_argument",
    `MATCH needs at least one word: "${query}" has none. LIKE finds other characters: text LIKE '%…%'.`,
    {
      details: { field: "filter" },
    },
  );
}

/** Whether a normalised text has the words of a term. */
export function hasTerm(folded: string, { words, isPrefix }: Term): boolean {
  // Decides most texts without splitting them.
  if (!words.every((word) => folded.includes(word))) return false;
  const found = wordsOf(folded);
  const last = words.length - 1;
  return found.some((_, start) =>
    words.every((word, offset) => {
      const other = found[start + offset] ?? "";
      return offset === last && isPrefix ? other.startsWith(word) : other === word;
    }),
  );
}

/** Every string in a JSON text except property names; the text itself if it is not JSON. */
export function textsIn(json: string): readonly string[] {
  if (!/^\s*["[{]/.test(json)) return [json];
  try {
    // A database that cannot store NUL may have decoded an escape to it.
    return textsOf(JSON.parse(json.replaceAll("\0", "\\u0000")));
  } catch {
    return [json];
  }
}

function textsOf(value: unknown): readonly string[] {
  const texts: string[] = [];
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === "string") texts.push(next);
    // A reference to a message is not text; the message itself is searched.
    else if (typeof next === "object" && next !== null && !isReference(next)) {
      for (const part of Object.values(next)) pending.push(part);
    }
  }
  return texts;
}
