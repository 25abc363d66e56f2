import type { RivuletError } from "../errors.ts";
import { syntaxError, type Token, tokenize } from "./tokens.ts";

/** Walks over the tokens of a filter or of an order term. */
export interface Cursor {
  peek(): Token;
  next(): Token;
  /** Consumes the keyword or symbol if it is next. */
  takeWord(word: string): boolean;
  takeSymbol(symbol: string): boolean;
  /** An error at `token`, or at the next one. */
  error(problem: string, token?: Token): RivuletError;
}

/**
 * A cursor at the start of `text`. Messages name the text by `what`.
 *
 * @throws RivuletError `invalid_argument` for an invalid token
 */
export function createCursor(text: string, what: "field" | "filter" | "orderBy"): Cursor {
  const source = { what, text };
  const tokens = tokenize(source);
  let index = 0;
  const peek = (): Token => tokens[index] ?? { kind: "end", text: "", at: text.length };
  const next = (): Token => {
    const token = peek();
    index += 1;
    return token;
  };
  const take = (isWanted: boolean): boolean => {
    if (isWanted) index += 1;
    return isWanted;
  };
  return {
    peek,
    next,
    takeWord: (word) => take(isKeyword(peek(), word)),
    takeSymbol: (symbol) => take(isSymbol(peek(), symbol)),
    error: (problem, token = peek()) => syntaxError(problem, source, token.at),
  };
}

/** Whether a token is this word, in any case and without quotes. */
function isKeyword({ kind, text }: Token, word: string): boolean {
  return kind === "word" && text.toUpperCase() === word;
}

function isSymbol({ kind, text }: Token, symbol: string): boolean {
  return kind === "symbol" && text === symbol;
}

/** Reads `word`, `prefix.key`, `` prefix.`any key` `` or `prefix.key.with.dots`. */
export function readPath(cursor: Cursor): readonly string[] {
  const path: string[] = [];
  do {
    const token = cursor.next();
    const isName = token.kind === "word" || token.kind === "number";
    const isQuoted = token.kind === "quoted" && token.quote !== "'";
    if (!(isName || isQuoted) || token.text === "") throw cursor.error("expected a field", token);
    path.push(token.text);
  } while (cursor.takeSymbol("."));
  return path;
}
