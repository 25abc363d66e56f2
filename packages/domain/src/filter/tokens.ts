import { RivuletError } from "../errors.ts";

/** A token of a filter or an order term. */
export interface Token {
  readonly kind: "word" | "quoted" | "number" | "symbol" | "end";
  /** Without its quotes. */
  readonly text: string;
  /** The quote around it: `'`, `"` or a backtick. */
  readonly quote?: string;
  /** Offset of its first character. */
  readonly at: number;
}

/** The text being parsed. */
export interface Source {
  /** Its name in messages. */
  readonly what: "field" | "filter" | "orderBy";
  readonly text: string;
}

const SYMBOLS = [">=", "<=", "!=", "<>", "==", "=", ">", "<", "(", ")", ",", ".", "+", "-"];
const WORD = /[\p{L}\p{N}_][\p{L}\p{N}_\-/:@$]*/uy;
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_])/uy;
const QUOTES = new Set(["'", '"', "`"]);

/**
 * Splits text into tokens in linear time.
 *
 * @throws RivuletError `invalid_argument` with the position
 */
export function tokenize(source: Source): readonly Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const { token, end } = readToken(source, at, tokens.at(-1));
    tokens.push(token);
    at = skipSpace(text, end);
  }
  tokens.push({ kind: "end", text: "", at });
  return tokens;
}

/** The error for text that cannot be parsed. */
export function syntaxError(problem: string, { what, text }: Source, at: number): RivuletError {
  const rest = text.slice(at, at + 60).toWellFormed();
  const place = rest.trim() === "" ? "its end" : `position ${at + 1}, "${rest}"`;
  return new RivuletError("invalid_argument", `Cannot read the ${what} at ${place}: ${problem}.`, {
    details: { field: what, position: at + 1 },
  });
}

interface Read {
  readonly token: Token;
  readonly end: number;
}

function readToken(source: Source, at: number, before: Token | undefined): Read {
  const { text } = source;
  const first = text.charAt(at);
  if (QUOTES.has(first)) return readQuoted(source, at);
  // After a dot, a digit starts a key: `params.3d`.
  const number = before?.text === "." && before.kind === "symbol" ? "" : match(NUMBER, text, at);
  if (number !== "") return read("number", number, at);
  const word = match(WORD, text, at);
  if (word !== "") return read("word", word, at);
  const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, at));
  if (symbol !== undefined) return read("symbol", symbol, at);
  throw syntaxError("unexpected character", source, at);
}

function read(kind: Token["kind"], text: string, at: number): Read {
  return { token: { kind, text, at }, end: at + text.length };
}

/** A doubled quote stands for itself, as in SQL. */
function readQuoted(source: Source, at: number): Read {
  const { text } = source;
  const quote = text.charAt(at);
  let content = "";
  let from = at + 1;
  for (;;) {
    const close = text.indexOf(quote, from);
    if (close === -1) throw syntaxError("this quote is not closed", source, at);
    content += text.slice(from, close);
    if (text.charAt(close + 1) !== quote) {
      return { token: { kind: "quoted", text: content, quote, at }, end: close + 1 };
    }
    content += quote;
    from = close + 2;
  }
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charAt(at).trim() === "") at += 1;
  return at;
}
