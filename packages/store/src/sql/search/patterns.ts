import type { FilterClause } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import { likePattern, PATTERN_SIGNS } from "./like-pattern.ts";
import { foldText, hasTerm, termsOf, textsIn } from "./words.ts";
import { isJsonText, writtenInJson } from "./written-in-json.ts";

/** Whether one of some texts matches a clause. */
export type TextTest = (texts: readonly string[]) => boolean;

/** With more wildcards, the number of ways a database tries explodes. */
const MAX_WILD = 3;

/** Whether our own code checks the texts, because no database can or should. */
export function isOwnPattern(clause: FilterClause): boolean {
  const { operator } = clause;
  if (operator === "MATCH" || operator.endsWith("RLIKE")) return true;
  if (!operator.endsWith("LIKE")) return false;
  const wild = likePattern(clause)
    .split(PATTERN_SIGNS)
    .filter((part) => part === "%");
  return wild.length > MAX_WILD;
}

/**
 * The test of such a clause. Its time grows with the texts, whatever the pattern.
 *
 * @throws RivuletError `invalid_argument` for what is no regular expression, or has no words
 */
export async function patternTest(clause: FilterClause): Promise<TextTest> {
  const { operator, value } = clause;
  if (operator === "MATCH") return wordTest(String(value));
  const isWhole = isJsonText(clause.field);
  const pattern = operator.endsWith("RLIKE") ? String(value) : likePattern(clause);
  const patterns = isWhole ? writtenInJson(pattern) : [pattern];
  const tests = await Promise.all(patterns.map((written) => expressionTest(operator, written)));
  const isMatch = (text: string): boolean => tests.some((test) => test(text));
  if (!operator.startsWith("NOT ")) return (texts) => texts.some(isMatch);
  // A trace matches if one of its texts does.
  if (isWhole) return (texts) => !texts.some(isMatch);
  return (texts) => texts.some((text) => !isMatch(text));
}

function wordTest(query: string): TextTest {
  const terms = termsOf(query);
  return (stored) => {
    let missing = terms;
    // One after the other, because usually the first text already matches.
    for (const one of stored) {
      for (const text of textsIn(one)) {
        const folded = foldText(text);
        missing = missing.filter((term) => !hasTerm(folded, term));
      }
      if (missing.length === 0) return true;
    }
    return false;
  };
}

async function expressionTest(
  operator: FilterClause["operator"],
  value: string,
): Promise<(text: string) => boolean> {
  // Loaded lazily: few searches need it, and it is large.
  const { RE2JS } = await import("re2js");
  const isRegular = operator.endsWith("RLIKE");
  const isCaseless = operator.endsWith("ILIKE");
  const source = isRegular ? value : likeExpression(value, RE2JS.quote);
  const flags = isRegular ? 0 : RE2JS.DOTALL | (isCaseless ? RE2JS.CASE_INSENSITIVE : 0);
  try {
    const pattern = RE2JS.compile(source, flags);
    return (text) => pattern.matcher(text).find();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot read the filter at '${source}': it is not a valid RE2 regular expression (${reason}).`;
    throw new RivuletError("invalid_argument", message, { cause, details: { field: "filter" } });
  }
}

function likeExpression(pattern: string, quote: (text: string) => string): string {
  const parts = pattern.split(PATTERN_SIGNS).map((part, place) => {
    if (part === "%") return ".*";
    if (part === "_") return ".";
    // Between the texts stand the signs, those that are no wildcards behind their escape.
    return quote(place % 2 === 0 ? part : part.slice(1));
  });
  return `^${parts.join("")}$`;
}
