import type { Cursor } from "./cursor.ts";
import type { TypedField } from "./field-path.ts";
import type { FilterValue, RelativeTime } from "./filter.ts";
import type { Token } from "./tokens.ts";

/** Reads the value that a field of this type is compared with. @throws RivuletError `invalid_argument` */
export function readValue(cursor: Cursor, target: TypedField): FilterValue {
  if (target.type === "time") return readTime(cursor);
  const token = cursor.next();
  const number = target.type === "text" ? undefined : numberIn(cursor, token);
  if (number !== undefined) return number;
  if (target.type === "number") {
    const isQuoted = isText(token);
    throw cursor.error(`expected a number${isQuoted ? " without quotes" : ""}`, token);
  }
  const wanted = target.type === "any" ? "a number or text" : "text";
  const isBare = isFlag(target) && isBoolean(token);
  if (isBare && target.words === undefined) return token.text.toLowerCase();
  const text = isBare ? token.text : textIn(cursor, token, wanted);
  return target.words === undefined ? text : wordIn(cursor, { token, text, target });
}

/** Reads a quoted string. @throws RivuletError `invalid_argument` */
export function readText(cursor: Cursor): string {
  return textIn(cursor, cursor.next(), "text");
}

function textIn(cursor: Cursor, token: Token, wanted: string): string {
  if (isText(token)) return token.text;
  throw cursor.error(`expected ${wanted} in single quotes`, token);
}

function isText({ kind, quote }: Token): boolean {
  return kind === "quoted" && quote !== "`";
}

/** Whether its values may be `true` and `false`. */
function isFlag({ type, words = [] }: TypedField): boolean {
  return type === "any" || words.includes("true");
}

/** `true` and `false` need no quotes; they are stored, and compared, as text. */
function isBoolean({ kind, text }: Token): boolean {
  return kind === "word" && /^(?:true|false)$/i.test(text);
}

const SPECIAL_NUMBERS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  inf: Number.POSITIVE_INFINITY,
};

/** The number that starts with `token`; `undefined` when there is none. */
function numberIn(cursor: Cursor, token: Token): number | undefined {
  const value = unsignedNumber(cursor, token);
  if (value !== undefined || !isSign(token)) return value;
  const behind = cursor.peek();
  // A sign belongs to the number behind it; a second sign is an error.
  const size = /^[+-]/.test(behind.text) ? undefined : unsignedNumber(cursor, behind);
  if (size === undefined) return undefined;
  cursor.next();
  return token.text === "-" ? -size : size;
}

function isSign({ kind, text }: Token): boolean {
  return kind === "symbol" && (text === "-" || text === "+");
}

function unsignedNumber(cursor: Cursor, token: Token): number | undefined {
  if (token.kind !== "number") return specialNumber(token);
  const value = Number(token.text);
  if (!Number.isFinite(value)) {
    throw cursor.error("the number is too large: expected a smaller one", token);
  }
  return value;
}

function specialNumber({ kind, text }: Token): number | undefined {
  const name = text.toLowerCase();
  return kind === "word" && Object.hasOwn(SPECIAL_NUMBERS, name)
    ? SPECIAL_NUMBERS[name]
    : undefined;
}

interface Word {
  readonly token: Token;
  readonly text: string;
  readonly target: TypedField;
}

/** MLflow spells these in upper case, Rivulet in lower case. */
function wordIn(cursor: Cursor, { token, text, target }: Word): string {
  const word = text.toLowerCase();
  if (target.words?.includes(word) === true) return word;
  throw cursor.error(`${target.name} is one of ${target.words?.join(", ")}: expected one`, token);
}

const TIME_EXPECTED =
  "expected a time: '2026-01-31', '2026-01-31T12:00:00Z', now() - 7d, or milliseconds since the epoch";

/** Milliseconds, an ISO 8601 date or time, or a time relative to now. */
function readTime(cursor: Cursor): number | RelativeTime {
  const token = cursor.next();
  if (isText(token)) {
    const time = parseTime(token.text);
    if (time === undefined) throw cursor.error(TIME_EXPECTED, token);
    return time;
  }
  if (token.kind === "word" && token.text.toLowerCase() === "now") return readRelative(cursor);
  const number = token.kind === "number" ? numberIn(cursor, token) : undefined;
  if (number === undefined) throw cursor.error(TIME_EXPECTED, token);
  return number;
}

const ISO =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Milliseconds of an ISO 8601 date or time; without a zone it is UTC. */
function parseTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const isDate = text.length === 10;
  const zone = isDate || match.groups?.["zone"] !== undefined ? "" : "Z";
  const time = Date.parse(`${text.toUpperCase().replace(" ", "T")}${zone}`);
  return Number.isNaN(time) || !isSameDay(text) ? undefined : time;
}

/** Whether the day exists: `Date` would turn 31 February into a day in March. */
function isSameDay(text: string): boolean {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `now()`, optionally followed by `+` or `-` and a duration. */
function readRelative(cursor: Cursor): RelativeTime {
  if (!cursor.takeSymbol("(")) throw cursor.error("expected () behind now");
  if (!cursor.takeSymbol(")")) throw cursor.error("expected )");
  const isBack = cursor.takeSymbol("-");
  if (!isBack && !cursor.takeSymbol("+")) return { fromNow: 0 };
  const token = cursor.next();
  const { amount, unit } =
    /^(?<amount>\d{1,6})(?<unit>ms|[smhdw])$/i.exec(token.text)?.groups ?? {};
  if (token.kind !== "word" || amount === undefined || unit === undefined) {
    throw cursor.error(
      "expected a duration such as 30s, 15m, 12h, 7d or 2w, of at most 6 digits",
      token,
    );
  }
  const duration = Number(amount) * (UNITS[unit.toLowerCase()] ?? 0);
  return { fromNow: isBack ? -duration : duration };
}
