import type { Condition } from "@rivulet/domain";

const SIGN = "\\";
const FIELD = { kind: "attribute", key: "anyText" } as const;
/** Words that are looked for; more would be a text, not a search. */
const MOST_WORDS = 20;

/** Runs that have each of these words in their name, note, params or tags, in any case; `%` and `_` are letters. */
export function conditionsOfWords(text: string | undefined): readonly Condition[] {
  const words = [...new Set((text ?? "").split(/\s+/u))].filter((word) => word !== "");
  return words.slice(0, MOST_WORDS).map((word) => ({
    field: FIELD,
    operator: "ILIKE",
    value: `%${word.replaceAll(/[\\%_]/g, (letter) => SIGN + letter)}%`,
    escape: SIGN,
  }));
}
