import type { SearchEntity } from "../entities.ts";
import { RivuletError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { resolveField, type TypedField } from "./field-path.ts";
import type { FilterClause, FilterOperator } from "./filter.ts";
import { syntaxError, type Token, tokenize } from "./tokens.ts";

/**
 * Reads a filter: clauses joined by AND, in MLflow's grammar. No OR, NOT or parentheses.
 *
 * @throws RivuletError `invalid_argument` naming the clause and its position
 */
export function parseFilter(entity: SearchEntity, text: string): readonly FilterClause[] {
  if (text.length > LIMITS.filter) {
    throw new RivuletError(
      "invalid_argument",
      `The filter has ${text.length} characters; ${LIMITS.filter} is the most.`,
    );
  }
  const cursor = createCursor(text);
  const clauses: FilterClause[] = [];
  if (cursor.peek().kind === "end") return clauses;
  for (;;) {
    clauses.push(readClause(entity, cursor));
    if (clauses.length > LIMITS.filterClauses) {
      throw syntaxError(`more than ${LIMITS.filterClauses} clauses`, text, cursor.peek().at);
    }
    if (cursor.peek().kind === "end") return clauses;
    if (!cursor.takeWord("AND")) throw cursor.error("expected AND");
  }
}

/** Walks over tokens. */
export interface Cursor {
  peek(): Token;
  next(): Token;
  /** Takes the keyword or symbol when it is next. */
  takeWord(word: string): boolean;
  takeSymbol(symbol: string): boolean;
  /** An error at `token`, or at the next one. */
  error(problem: string, token?: Token): RivuletError;
}

/** A cursor at the start of `text`. */
export function createCursor(text: string): Cursor {
  const tokens = tokenize(text);
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
    takeWord: (word) => take(peek().kind === "word" && peek().text.toUpperCase() === word),
    takeSymbol: (symbol) => take(peek().kind === "symbol" && peek().text === symbol),
    error: (problem, token = peek()) => syntaxError(problem, text, token.at),
  };
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

function readClause(entity: SearchEntity, cursor: Cursor): FilterClause {
  const start = cursor.peek();
  const path = readPath(cursor);
  try {
    const target = resolveField(entity, path);
    const operator = readOperator(cursor);
    return readRest(cursor, target, operator);
  } catch (error) {
    if (error instanceof RivuletError && error.details["position"] === undefined) {
      throw cursor.error(`${error.message} The clause starts`, start);
    }
    throw error;
  }
}

function readRest(cursor: Cursor, target: TypedField, operator: FilterOperator): FilterClause {
  const { field, type } = target;
  if (operator === "IS NULL" || operator === "IS NOT NULL") return { field, operator };
  const at = cursor.peek();
  if (operator === "IN" || operator === "NOT IN") {
    return { field, operator, value: readList(cursor, target) };
  }
  const value = readValue(cursor, target);
  if (isPattern(operator) && (type === "number" || typeof value === "number")) {
    throw cursor.error(`${operator} needs text`, at);
  }
  if (isOrdering(operator) && (type === "text" || typeof value === "string")) {
    throw cursor.error(`${operator} needs a number`, at);
  }
  return { field, operator, value };
}

function isPattern(operator: FilterOperator): boolean {
  return operator === "LIKE" || operator === "ILIKE";
}

function isOrdering(operator: FilterOperator): boolean {
  return operator === ">" || operator === ">=" || operator === "<" || operator === "<=";
}

const COMPARISONS: ReadonlyMap<string, FilterOperator> = new Map([
  ["=", "="],
  ["==", "="],
  ["!=", "!="],
  ["<>", "!="],
  [">", ">"],
  [">=", ">="],
  ["<", "<"],
  ["<=", "<="],
]);

function readOperator(cursor: Cursor): FilterOperator {
  const token = cursor.peek();
  const comparison = token.kind === "symbol" ? COMPARISONS.get(token.text) : undefined;
  if (comparison !== undefined) {
    cursor.next();
    return comparison;
  }
  const operator = readKeyword(cursor);
  if (operator !== undefined) return operator;
  throw cursor.error(
    "expected one of = != > >= < <= LIKE ILIKE IN NOT IN IS NULL IS NOT NULL",
    token,
  );
}

function readKeyword(cursor: Cursor): FilterOperator | undefined {
  if (cursor.takeWord("LIKE")) return "LIKE";
  if (cursor.takeWord("ILIKE")) return "ILIKE";
  if (cursor.takeWord("IN")) return "IN";
  if (cursor.takeWord("NOT")) return cursor.takeWord("IN") ? "NOT IN" : undefined;
  if (!cursor.takeWord("IS")) return undefined;
  const operator = cursor.takeWord("NOT") ? "IS NOT NULL" : "IS NULL";
  return cursor.takeWord("NULL") ? operator : undefined;
}

function readList(cursor: Cursor, target: TypedField): readonly (string | number)[] {
  if (!cursor.takeSymbol("(")) throw cursor.error("expected ( after IN");
  const values: (string | number)[] = [];
  do values.push(readValue(cursor, target));
  while (cursor.takeSymbol(","));
  if (!cursor.takeSymbol(")")) throw cursor.error("expected , or )");
  return values;
}

function readValue(cursor: Cursor, { type }: TypedField): string | number {
  const token = cursor.next();
  if (token.kind === "number" && type !== "text") return readNumber(cursor, token);
  const isString = token.kind === "quoted" && token.quote !== "`";
  if (isString && type === "number") throw cursor.error("expected a number without quotes", token);
  if (isString) return token.text;
  const wanted = type === "number" ? "a number" : "text in single quotes";
  throw cursor.error(`expected ${wanted}`, token);
}

function readNumber(cursor: Cursor, token: Token): number {
  const value = Number(token.text);
  if (!Number.isFinite(value)) throw cursor.error("the number is too large", token);
  return value;
}
