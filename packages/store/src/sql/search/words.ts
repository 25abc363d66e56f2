import { RivuletError } from "@rivulet/domain";

/** What `MATCH` looks for: words that stand next to each other. */
export interface Term {
  /** In lower case; at least one. */
  readonly words: readonly string[];
  /** The last word is the beginning of one. */
  readonly isPrefix: boolean;
}

/** Scripts that are written without spaces: each character counts as a word. */
const UNSPACED =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}";
const WORD = new RegExp(`[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}_])+`, "gu");

/** The words of a text, in order and in lower case. */
function wordsOf(text: string): readonly string[] {
  return text.normalize("NFC").toLowerCase().match(WORD) ?? [];
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
      const words = wordsOf(phrase ?? plain);
      return words.length === 0 ? [] : [{ words, isPrefix: plain.endsWith("*") }];
    },
  );
  if (terms.length > 0) return terms;
  throw new RivuletError(
    "invalid_argument",
    `MATCH needs a word to look for: "${query}" has none.`,
    {
      details: { field: "filter" },
    },
  );
}

/** Whether a text has the words of a term. */
export function hasTerm(text: string, { words, isPrefix }: Term): boolean {
  const found = wordsOf(text);
  const last = words.length - 1;
  return found.some((_, start) =>
    words.every((word, offset) => {
      const other = found[start + offset] ?? "";
      return offset === last && isPrefix ? other.startsWith(word) : other === word;
    }),
  );
}

/** Every text in a JSON text, names of properties aside; the text itself when it is no JSON. */
export function textsIn(json: string): readonly string[] {
  if (!/^\s*["[{]/.test(json)) return [json];
  try {
    return textsOf(JSON.parse(json));
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
    else if (typeof next === "object" && next !== null) pending.push(...Object.values(next));
  }
  return texts;
}
