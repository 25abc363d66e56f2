import { aSpan, hexId } from "@rivulet/core/testing";

type Span = ReturnType<typeof aSpan>;

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
function someText(random: (below: number) => number): string {
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
function matches(texts: readonly string[], query: string): boolean {
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
function textsOf(span: Span): readonly string[] {
  const pending: unknown[] = [span.input, span.output, span.attributes, span.events];
  const texts = [span.name, span.statusMessage ?? ""];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === "string") texts.push(next);
    else if (typeof next === "object" && next !== null) pending.push(...Object.values(next));
  }
  return texts;
}

/** Traces of a few spans with random texts everywhere. */
export function someSpans(random: (below: number) => number, traces: number): readonly Span[] {
  const long = (): string => `${someText(random)} ${"padding ".repeat(40)}`;
  return Array.from({ length: traces * 3 }, (_, place) =>
    aSpan({
      traceId: hexId(1 + (place % traces)),
      id: hexId(1 + place, 16),
      name: someText(random),
      ...(random(2) === 0 ? { statusMessage: someText(random) } : {}),
      input: { [someText(random)]: [someText(random)], deep: { deeper: someText(random) } },
      // Long messages are stored apart.
      output: { messages: Array.from({ length: 8 }, () => ({ role: "user", content: long() })) },
      attributes: { note: someText(random) },
    }),
  );
}

/** The traces that have what is looked for, in the order of their ids. */
export function naive(spans: readonly Span[], query: string): readonly string[] {
  const byTrace = Map.groupBy(spans, ({ traceId }) => traceId);
  return [...byTrace]
    .filter(([, own]) => matches(own.flatMap(textsOf), query))
    .map(([id]) => id)
    .sort();
}
