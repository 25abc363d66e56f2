import { hasPairAt, letterPairs } from "./letter-pairs.ts";
import { MASKED } from "./masked.ts";
import { kindOfName, looksLikeToken } from "./secret-names.ts";

/** A value in a text, after its name: `password=…`, `"apiKey": "…"`, `Authorization: …`. */
interface NamedValue {
  readonly kind: "secret" | "token";
  readonly name: string;
  readonly separator: string;
  /** Where the value begins, after spaces. */
  readonly start: number;
  readonly work: Work;
}

/** How many characters of values may still be looked at. */
interface Work {
  left: number;
}

const LONGEST_NAME = 64;
/** Between name and sign, and between sign and value: settings stand in columns. */
const MOST_SPACES = 24;
const EQUALS = "=";
const COLON = ":";

/** Where values stand in each other over and over, no more of them is looked at than this and the length of the text. */
const MOST_OVERLAP = 10_000;
const TOO_DENSE = "[masked: too many names of secrets]";

/**
 * Masks the values of names that mark a credential, where a text is made of names and values: JSON, headers, environment
 * variables, addresses. What follows such a word in a sentence or in a program stays. In a text that is nothing but such
 * names, which would take long, what comes later is masked whole.
 */
export function maskNamedValues(text: string): string {
  return maskAfter(maskAfter(text, EQUALS), COLON);
}

function maskAfter(text: string, separator: string): string {
  let masked = "";
  let copied = 0;
  const work: Work = { left: text.length + MOST_OVERLAP };
  let at = text.indexOf(separator);
  while (at >= 0) {
    const span = spanOfValue(text, { at, separator, work });
    if (span !== undefined) {
      masked += text.slice(copied, span.start) + MASKED;
      copied = span.end;
    }
    at = text.indexOf(separator, Math.max(at + 1, copied));
    if (work.left < 0 && at >= 0) return masked + text.slice(copied, at) + TOO_DENSE;
  }
  return copied === 0 ? text : masked + text.slice(copied);
}

/** What the names of secrets end with, apart from numbers. */
const ENDINGS = letterPairs(
  [..."on er ie es ts sh en wt vv vc tp re ey rd wd se et".split(" ")].flatMap((pair) => [
    pair,
    pair.toUpperCase(),
  ]),
);

interface Place {
  readonly at: number;
  readonly separator: string;
  readonly work: Work;
}

function spanOfValue(text: string, { at, separator, work }: Place): Range | undefined {
  const end = endOfName(text, at);
  if (!hasPairAt(ENDINGS, text, endOfWord(text, end) - 2)) return undefined;
  const name = nameBefore(text, end);
  const kind = kindOfName(name);
  if (kind === "plain") return undefined;
  return spanOfSecret(text, { kind, name, separator, work, start: skipSpaces(text, at + 1) });
}

/** Where the name ends without the number that tells it from others. */
function endOfWord(text: string, end: number): number {
  let word = end;
  while (end - word < 4 && isDigit(text.charCodeAt(word - 1))) word -= 1;
  const isApart = word < end && (text[word - 1] === "_" || text[word - 1] === "-");
  return isApart ? word - 1 : word;
}

/** Where the name ends whose value begins at this place: quotation marks may be around it, escaped in JSON within JSON. */
function endOfName(text: string, at: number): number {
  let end = at;
  while (end > at - MOST_SPACES && text.charCodeAt(end - 1) === SPACE) end -= 1;
  if (!isQuote(text.charCodeAt(end - 1))) return end;
  end -= 1;
  while (text.charCodeAt(end - 1) === BACKSLASH) end -= 1;
  return end;
}

function nameBefore(text: string, end: number): string {
  let start = end;
  while (end - start < LONGEST_NAME && isNameCharacter(text.charCodeAt(start - 1))) start -= 1;
  const name = text.slice(start, end);
  return name.toLowerCase() === "key" ? wordBefore(text, start) + name : name;
}

const KEYS = /(?:api|access|account|secret|private) $/i;

/** Which key it is: people write "API key". */
function wordBefore(text: string, at: number): string {
  return KEYS.exec(text.slice(Math.max(0, at - 8), at))?.[0] ?? "";
}

const SPACE = 0x20;
const BACKSLASH = 0x5c;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKTICK = 0x60;

function isQuote(unit: number): boolean {
  return unit === DOUBLE_QUOTE || unit === SINGLE_QUOTE || unit === BACKTICK;
}

function isNameCharacter(unit: number): boolean {
  const isLetter = (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
  return isLetter || isDigit(unit) || unit === 0x5f || unit === 0x2d || unit === 0x2e;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function skipSpaces(text: string, from: number): number {
  let start = from;
  while (start < from + MOST_SPACES && (text[start] === " " || text[start] === "\t")) start += 1;
  return start;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const OPENING = /\\{0,8}["'`]/y;
/** Values of programs, templates and examples, and what is masked already. */
const NO_SECRET =
  /^(?:$|\$[{(]|\$[A-Z_]+$|%[s(]|[{<[(=>]|\*{3}|process\.env|import\.meta|os\.|self\.|this\.|env\.|(?:true|false|null|none|undefined|nil|string|str|number|optional)$)/i;

function spanOfSecret(text: string, found: NamedValue): Range | undefined {
  OPENING.lastIndex = found.start;
  const opening = OPENING.exec(text)?.[0];
  return opening === undefined
    ? spanOfBareSecret(text, found)
    : spanOfQuotedSecret(text, { ...found, start: found.start + opening.length }, opening);
}

function spanOfQuotedSecret(
  text: string,
  { kind, start, work }: NamedValue,
  closing: string,
): Range | undefined {
  const end = endOfQuoted(text, start, closing);
  work.left -= end - start;
  return holdsSecret(text.slice(start, end), kind) ? { start, end } : undefined;
}

/** Where the quotation mark stands that closes what begins at `start`, unless it is part of it. */
function endOfQuoted(text: string, start: number, closing: string): number {
  let end = text.indexOf(closing, start);
  while (end > start && isEscaped(text, end)) end = text.indexOf(closing, end + closing.length);
  return end < 0 ? text.length : end;
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (start > 0 && text[start - 1] === "\\") start -= 1;
  return (at - start) % 2 === 1;
}

function holdsSecret(value: string, kind: "secret" | "token"): boolean {
  if (NO_SECRET.test(value)) return false;
  return kind === "secret" || looksLikeToken(value);
}

/** How much of a value tells what it is: to read each to its end could take as long as the text, each time. */
const JUDGED = 128;
const AFTER_EQUALS = /[^\s&;,"'`<>()[\]{}\\]*/y;
const AFTER_COLON = /[^\s,;"'`<>()[\]{}\\]*/y;
/** A header goes on until the end of its line, or of the string that it stands in. */
const HEADER = /[^\r\n"'`\\]*/y;
const HEADER_NAMES = /(?:authorization|cookie)$/i;
const SCHEME = /^(?:basic|bearer|digest|token|apikey|aws4-hmac-sha256) \S/i;
const SHORTEST_BARE = 6;

function spanOfBareSecret(text: string, found: NamedValue): Range | undefined {
  const { start, work } = found;
  const form = formOf(found);
  const sample = text.slice(start, start + JUDGED + 1);
  const length = lengthOf(form, sample, 0);
  work.left -= length;
  // What is called or looked up is code.
  if (length === 0 || sample[length] === "(" || sample[length] === "[") return undefined;
  if (!isBareCredential(sample.slice(0, length), found)) return undefined;
  return { start, end: start + (length < sample.length ? length : lengthOf(form, text, start)) };
}

function formOf({ name, separator }: NamedValue): RegExp {
  if (separator === EQUALS) return AFTER_EQUALS;
  return HEADER_NAMES.test(name) ? HEADER : AFTER_COLON;
}

function lengthOf(form: RegExp, text: string, start: number): number {
  form.lastIndex = start;
  return form.exec(text)?.[0].length ?? 0;
}

function isBareCredential(value: string, { kind, name, separator }: NamedValue): boolean {
  if (!holdsSecret(value, kind)) return false;
  if (separator === EQUALS) return true;
  return HEADER_NAMES.test(name) ? isHeaderValue(value, name) : isBareSecret(value);
}

function isHeaderValue(value: string, name: string): boolean {
  if (/cookie$/i.test(name)) return /^[\w.-]{1,128}=/.test(value);
  return SCHEME.test(value) || isBareSecret(value);
}

/** After a colon stand words, too; these have no digits. */
function isBareSecret(value: string): boolean {
  return value.length >= SHORTEST_BARE && /^\D*\d/.test(value) && !/\s/.test(value);
}
