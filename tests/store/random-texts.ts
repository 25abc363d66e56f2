import type { SpanRecord } from "./a-backend.ts";

/** Numbers that are no more random than the seed, so that a failure comes again. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** What people write, and what nobody should. */
const PIECES = [
  "refund",
  "Refund",
  "refunded",
  "late order",
  "late_order",
  "_",
  "foo-bar",
  "foo bar",
  "don't",
  "1e3",
  "İstanbul",
  "istanbul",
  "straße",
  "STRASSE",
  "ﬀ",
  "ff",
  "ΣΑΣ",
  "é",
  "e\u0301",
  "q\u0323\u0307",
  "東京タワー",
  "京",
  "ひらがな",
  "서울",
  "ภาษาไทย",
  "🙂",
  "smile🙂face",
  "nul\0nul",
  "\ud83d",
  "half\udc00half",
  "x".repeat(10_000),
  "x".repeat(64),
  "x".repeat(63),
  `${"x".repeat(63)}𝒳𝒳`,
  `${"x".repeat(63)}𝒴`,
  "NEAR AND OR NOT",
  "a*b",
  "col:umn",
  "(paren)",
  "{brace}",
  "back\\slash",
  "'quoted'",
  "ab",
  "abcd",
];

/** A text of some pieces, with or without spaces between them. */
export function someText(random: (below: number) => number): string {
  const pieces = Array.from({ length: 1 + random(4) }, () => PIECES[random(PIECES.length)] ?? "");
  return pieces.join(random(3) === 0 ? "" : " ");
}

/** What somebody may look for: words, words in order, the beginning of a word. */
export function someQuery(random: (below: number) => number): string {
  const text = someText(random).replaceAll('"', "");
  switch (random(4)) {
    case 0:
      return `"${text}"`;
    case 1:
      return `${text.slice(0, 1 + random(text.length))}*`;
    default:
      return text;
  }
}

const ALONE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const PART = /[\p{L}\p{M}\p{N}_]/u;

function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  for (const character of `${text.normalize("NFC").toLowerCase()} `) {
    const isPart = PART.test(character) && !ALONE.test(character);
    if (!isPart && word !== "") words.push(word);
    word = isPart ? word + character : "";
    if (ALONE.test(character)) words.push(character);
  }
  return words;
}

/** Whether texts have what is looked for, worked out from the words of the language and nothing else. */
export function matches(texts: readonly string[], query: string): boolean {
  const all = texts.map(wordsOf);
  const terms = [...query.matchAll(/"([^"]*)"|([^\s"]+)/g)].map(([, phrase, plain = ""]) => ({
    words: wordsOf(phrase ?? plain),
    isPrefix: plain.endsWith("*"),
  }));
  return terms.every(
    ({ words, isPrefix }) =>
      words.length === 0 ||
      all.some((found) =>
        found.some((_, start) =>
          words.every((word, place) => {
            const other = found[start + place] ?? "";
            const isLast = place === words.length - 1;
            return isLast && isPrefix ? other.startsWith(word) : other === word;
          }),
        ),
      ),
  );
}

/** Whether there is a word in it at all. */
export function hasWord(query: string): boolean {
  return wordsOf(query).length > 0;
}

/** The texts of a span that are looked at. */
export function textsOf(span: SpanRecord): readonly string[] {
  const pending: unknown[] = [span.input, span.output, span.attributes, span.events];
  const texts = [span.name, span.statusMessage ?? ""];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === "string") texts.push(next);
    else if (typeof next === "object" && next !== null) pending.push(...Object.values(next));
  }
  return texts;
}
