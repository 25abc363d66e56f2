import { type Clause, clauseFilter, isNumber, type Operator } from "./clause.ts";
import { typeOfField } from "./field-of.ts";
import type { FilterSpec } from "./filter-spec.ts";

/** A text of the filter language as chips, as far as chips can say it. */
export interface ReadFilter {
  /** The words that were looked for, if they still are. */
  readonly words: string;
  readonly clauses: readonly Clause[];
  /** The conditions that are no chips, as they were written. */
  readonly rest: readonly string[];
}

const TOKEN =
  /\s*('(?:[^']|'')*'|`(?:[^`]|``)*`|"(?:[^"]|"")*"|[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_])|[\p{L}\p{N}_][\p{L}\p{N}_\-/:@$]*|>=|<=|!=|<>|==|[=<>().,+-])/uy;

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Takes a filter apart at its outermost ANDs. What cannot be a chip (an OR, a list, what reads badly) stays text: only
 * what its chip would write again in the same way becomes one, so nothing changes its meaning.
 */
export function readClauses(text: string, spec: FilterSpec, words: string): ReadFilter {
  const tokens = tokensOf(text);
  const clauses: Clause[] = [];
  const written = words === "" ? undefined : spec.words?.(words);
  // Words that the API looks for itself are no part of the text.
  let found = spec.words === undefined ? words : "";
  if (tokens === undefined) return { words: found, clauses, rest: [text.trim()] };
  const rest: string[] = [];
  for (const part of partsOf(tokens)) {
    const source = text.slice(part[0]?.start, part.at(-1)?.end);
    const clause = readClause(part);
    if (written !== undefined && isSameFilter(source, written)) found = words;
    else if (clause !== undefined && isWritten(source, clause, spec)) clauses.push(clause);
    else rest.push(source);
  }
  return { words: found, clauses, rest };
}

function isWritten(source: string, clause: Clause, spec: FilterSpec): boolean {
  return isSameFilter(clauseFilter(clause, typeOfField(clause.field, spec)), source);
}

/** Whether two filters differ in nothing but spaces, the case of their keywords and parentheses around them. */
function isSameFilter(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function plain(text: string): string {
  const tokens = withoutParentheses(tokensOf(text) ?? [{ text, start: 0, end: 0 }]);
  return tokens
    .map((token) => (isKeyword(token.text) ? token.text.toUpperCase() : token.text))
    .join(" ");
}

function isKeyword(text: string): boolean {
  return /^(?:NOT|AND|OR|IS|NULL|I?LIKE|MATCH|ESCAPE)$/i.test(text);
}

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    const [, found] = match ?? [];
    if (found === undefined) return undefined;
    tokens.push({ text: found, start: TOKEN.lastIndex - found.length, end: TOKEN.lastIndex });
  }
  return tokens;
}

/** The conditions that must all hold; the whole as one where it is not made of ANDs alone. */
function partsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const bare = withoutParentheses(tokens);
  const words = outerWords(bare);
  // The AND of BETWEEN joins no conditions.
  if (words === undefined || words.includes("OR") || words.includes("BETWEEN")) return [tokens];
  const ends = words.flatMap((word, index) => (word === "AND" ? [index] : []));
  const parts = [...ends, bare.length].map((end, index) =>
    bare.slice((ends[index - 1] ?? -1) + 1, end),
  );
  if (parts.length === 1) return bare.length === 0 ? [] : [bare];
  return parts.some((part) => part.length === 0) ? [tokens] : parts.flatMap(partsOf);
}

/** Each token outside of parentheses in upper case, those inside as nothing; `undefined` if they do not match up. */
function outerWords(tokens: readonly Token[]): readonly string[] | undefined {
  let depth = 0;
  let isOdd = false;
  const words = tokens.map(({ text }) => {
    if (text === "(") depth += 1;
    const word = depth === 0 ? text.toUpperCase() : "";
    if (text === ")") depth -= 1;
    isOdd ||= depth < 0;
    return word;
  });
  return isOdd || depth !== 0 ? undefined : words;
}

function withoutParentheses(tokens: readonly Token[]): readonly Token[] {
  if (tokens[0]?.text !== "(") return tokens;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (depth === 0)
      return index === tokens.length - 1 ? withoutParentheses(tokens.slice(1, -1)) : tokens;
  }
  return tokens;
}

const COMPARISONS: Readonly<Record<string, Operator>> = {
  "=": "is",
  "==": "is",
  ">": "more",
  "<": "less",
  ">=": "at-least",
  "<=": "at-most",
};
/** Only of these there is a chip of the negation; the others would also find rows without the field. */
const NEGATED: Partial<Readonly<Record<Operator, Operator>>> = {
  is: "is-not",
  contains: "contains-not",
  exists: "missing",
  missing: "exists",
};

function readClause(tokens: readonly Token[]): Clause | undefined {
  const [first, ...others] = tokens;
  if (first?.text.toUpperCase() === "NOT") {
    const clause = readClause(withoutParentheses(others));
    const operator = clause === undefined ? undefined : NEGATED[clause.operator];
    return clause === undefined || operator === undefined ? undefined : { ...clause, operator };
  }
  const end = endOfField(tokens);
  if (end === 0) return undefined;
  const field = tokens
    .slice(0, end)
    .map(({ text }) => text)
    .join("");
  const comparison = readComparison(tokens.slice(end).map(({ text }) => text));
  return comparison === undefined ? undefined : { field, ...comparison };
}

function endOfField(tokens: readonly Token[]): number {
  let end = 0;
  while (/^[\p{L}\p{N}_`]/u.test(tokens[end]?.text ?? "")) {
    end += 1;
    if (tokens[end]?.text !== ".") return end;
    end += 1;
  }
  return 0;
}

function readComparison([sign = "", ...rest]: readonly string[]):
  | Omit<Clause, "field">
  | undefined {
  const comparison = COMPARISONS[sign];
  const [value = "", ...more] = rest;
  if (comparison !== undefined) {
    const read = more.length > 0 ? undefined : readValue(value);
    return read === undefined ? undefined : { operator: comparison, value: read };
  }
  const words = rest.map((word) => word.toUpperCase()).join(" ");
  if (sign.toUpperCase() === "IS" && words === "NULL") return { operator: "missing", value: "" };
  if (sign.toUpperCase() === "IS" && words === "NOT NULL") return { operator: "exists", value: "" };
  return sign.toUpperCase() === "ILIKE" ? readContains(value, more) : undefined;
}

function readValue(token: string): string | undefined {
  return isQuoted(token) ? unquote(token) : isNumber(token) ? token : undefined;
}

/** `'%text%'`, or the same with its wildcards escaped. */
function readContains(token: string, more: readonly string[]): Omit<Clause, "field"> | undefined {
  const [, inner] = (isQuoted(token) ? /^%(.*)%$/s.exec(unquote(token)) : null) ?? [];
  if (inner === undefined || inner === "") return undefined;
  if (more.length === 0 && !/[%_]/.test(inner)) return { operator: "contains", value: inner };
  const isEscaped = more.join(" ").toUpperCase() === "ESCAPE '\\'";
  if (!isEscaped || /(?<!\\)(?:\\\\)*[%_]/.test(inner)) return undefined;
  return { operator: "contains", value: inner.replace(/\\([%_\\])/g, "$1") };
}

function isQuoted(token: string): boolean {
  return token.startsWith("'") || token.startsWith('"');
}

function unquote(token: string): string {
  const sign = token.charAt(0);
  return token.slice(1, -1).replaceAll(sign + sign, sign);
}
