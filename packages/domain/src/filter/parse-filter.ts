import type { SearchEntity } from "../entities.ts";
import { RivuletError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { type Cursor, createCursor } from "./cursor.ts";
import type { Condition } from "./filter.ts";
import { readClause } from "./parse-clause.ts";

/** Deepest nesting of parentheses and NOTs. */
const MAX_DEPTH = 32;

/**
 * Parses a filter: MLflow's grammar plus `OR`, `NOT` and parentheses. NOT binds more tightly than AND, and AND more
 * tightly than OR. All of the returned conditions must hold; an empty filter has none.
 *
 * @throws RivuletError `invalid_argument` with the position of the error and what was expected there
 */
export function parseFilter(entity: SearchEntity, text: string): readonly Condition[] {
  if (text.length > LIMITS.filter) {
    throw new RivuletError(
      "invalid_argument",
      `The filter has ${text.length} characters; the limit is ${LIMITS.filter}.`,
      { details: { field: "filter" } },
    );
  }
  // Half a surrogate pair is kept as U+FFFD, which has the same length: positions stay.
  const cursor = createCursor(text.toWellFormed(), "filter");
  const reader: Reader = { entity, cursor, clauses: 0, depth: 0 };
  if (reader.cursor.peek().kind === "end") return [];
  const condition = readAlternatives(reader);
  if (reader.cursor.peek().kind !== "end") throw reader.cursor.error("expected AND or OR");
  return "all" in condition ? condition.all : [condition];
}

interface Reader {
  readonly entity: SearchEntity;
  readonly cursor: Cursor;
  clauses: number;
  depth: number;
}

function readAlternatives(reader: Reader): Condition {
  const any = [readConjunction(reader)];
  while (reader.cursor.takeWord("OR")) any.push(readConjunction(reader));
  const [only] = any;
  return any.length === 1 && only !== undefined ? only : { any };
}

function readConjunction(reader: Reader): Condition {
  const all = [readNegation(reader)];
  while (reader.cursor.takeWord("AND")) all.push(readNegation(reader));
  const [only] = all;
  if (all.length === 1 && only !== undefined) return only;
  return { all: all.flatMap((part) => ("all" in part ? part.all : [part])) };
}

function readNegation(reader: Reader): Condition {
  const { cursor } = reader;
  if (cursor.takeWord("NOT")) return { not: nested(reader, readNegation) };
  if (!cursor.takeSymbol("(")) return readCounted(reader);
  const condition = nested(reader, readAlternatives);
  if (!cursor.takeSymbol(")")) throw cursor.error("expected AND, OR or )");
  return condition;
}

function nested(reader: Reader, read: (reader: Reader) => Condition): Condition {
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH) {
    throw reader.cursor.error(`more than ${MAX_DEPTH} levels of parentheses and NOT`);
  }
  const condition = read(reader);
  reader.depth -= 1;
  return condition;
}

function readCounted(reader: Reader): Condition {
  reader.clauses += 1;
  if (reader.clauses > LIMITS.filterClauses) {
    throw reader.cursor.error(`more than ${LIMITS.filterClauses} clauses`);
  }
  return readClause(reader.entity, reader.cursor);
}
