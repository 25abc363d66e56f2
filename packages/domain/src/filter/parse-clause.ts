import type { SearchEntity } from "../entities.ts";
import { RivuletError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { type Cursor, readPath } from "./cursor.ts";
import { resolveField, type TypedField } from "./field-path.ts";
import type { FilterClause, FilterOperator, FilterValue, Negatable } from "./filter.ts";
import { readLike } from "./parse-like.ts";
import { readText, readValue } from "./parse-value.ts";
import type { Token } from "./tokens.ts";

/** Reads one comparison. @throws RivuletError `invalid_argument` */
export function readClause(entity: SearchEntity, cursor: Cursor): FilterClause {
  const target = readField(entity, cursor);
  const at = cursor.peek();
  const operator = readOperator(cursor, target);
  checkOperator(cursor, { target, operator, at });
  if (isLike(operator)) return { field: target.field, operator, ...readLike(cursor, target) };
  const value = readOperand(cursor, target, operator);
  return { field: target.field, operator, ...(value === undefined ? {} : { value }) };
}

/** Reads a field by any of its names. @throws RivuletError `invalid_argument` that lists the known fields */
export function readField(entity: SearchEntity, cursor: Cursor): TypedField {
  const start = cursor.peek();
  const path = readPath(cursor);
  try {
    return resolveField(entity, path);
  } catch (error) {
    if (!(error instanceof RivuletError)) throw error;
    throw cursor.error(error.message, start);
  }
}

const COMPARISONS: Readonly<Record<string, FilterOperator>> = {
  "=": "=",
  "==": "=",
  "!=": "!=",
  "<>": "!=",
  ">": ">",
  ">=": ">=",
  "<": "<",
  "<=": "<=",
};
const NEGATABLE: readonly Negatable[] = ["LIKE", "ILIKE", "RLIKE", "IN", "BETWEEN"];

/** What a field may be compared with, for messages. */
function operatorsOf({ type, operators }: TypedField): readonly string[] {
  if (operators !== undefined) return operators;
  return [
    "=",
    "!=",
    ">",
    ">=",
    "<",
    "<=",
    ...negatableOf(type).map((name) => `[NOT] ${name}`),
    "IS [NOT] NULL",
  ];
}

function negatableOf(type: TypedField["type"]): readonly Negatable[] {
  return type === "number" || type === "time" ? ["IN", "BETWEEN"] : NEGATABLE;
}

function readOperator(cursor: Cursor, target: TypedField): FilterOperator {
  const token = cursor.peek();
  const comparison = token.kind === "symbol" ? COMPARISONS[token.text] : undefined;
  if (comparison !== undefined) {
    cursor.next();
    return comparison;
  }
  if (cursor.takeWord("MATCH")) return "MATCH";
  if (cursor.takeWord("IS")) return readNullness(cursor);
  const isNegated = cursor.takeWord("NOT");
  const operator = NEGATABLE.find((name) => cursor.takeWord(name));
  if (operator !== undefined) return isNegated ? `NOT ${operator}` : operator;
  const wanted = isNegated ? negatableOf(target.type) : operatorsOf(target);
  throw cursor.error(`expected ${wanted.slice(0, -1).join(", ")} or ${wanted.at(-1)}`);
}

function readNullness(cursor: Cursor): FilterOperator {
  const operator = cursor.takeWord("NOT") ? "IS NOT NULL" : "IS NULL";
  if (cursor.takeWord("NULL")) return operator;
  throw cursor.error(operator === "IS NULL" ? "expected NULL or NOT NULL" : "expected NULL");
}

interface Use {
  readonly target: TypedField;
  readonly operator: FilterOperator;
  /** Where the operator stands. */
  readonly at: Token;
}

function checkOperator(cursor: Cursor, { target, operator, at }: Use): void {
  const allowed = target.operators;
  if (allowed !== undefined && !allowed.includes(operator)) {
    throw cursor.error(`${target.name} is compared with ${allowed.join(", ")} only`, at);
  }
  if (operator === "MATCH" && allowed === undefined) {
    throw cursor.error(
      `MATCH finds words in the "text" of traces: expected ${operatorsOf(target).join(", ")}`,
      at,
    );
  }
  if (isPattern(operator) && (target.type === "number" || target.type === "time")) {
    throw cursor.error(`${operator} compares text, and ${target.name} is a ${target.type}`, at);
  }
}

function isPattern(operator: FilterOperator): boolean {
  return operator.endsWith("LIKE");
}

function isLike(operator: FilterOperator): boolean {
  return isPattern(operator) && !operator.endsWith("RLIKE");
}

function readOperand(
  cursor: Cursor,
  target: TypedField,
  operator: FilterOperator,
): FilterClause["value"] {
  switch (operator) {
    case "IS NULL":
    case "IS NOT NULL":
      return undefined;
    case "IN":
    case "NOT IN":
      return readList(cursor, target);
    case "BETWEEN":
    case "NOT BETWEEN":
      return readRange(cursor, target);
    case "RLIKE":
    case "NOT RLIKE":
      return readPattern(cursor);
    default:
      return operator === "MATCH" ? readText(cursor) : readValue(cursor, target);
  }
}

function readList(cursor: Cursor, target: TypedField): readonly FilterValue[] {
  if (!cursor.takeSymbol("(")) throw cursor.error("expected (");
  const values: FilterValue[] = [];
  do values.push(readValue(cursor, target));
  while (cursor.takeSymbol(","));
  if (!cursor.takeSymbol(")")) throw cursor.error("expected , or )");
  return values;
}

/** Both ends have the same type: there is nothing between a number and a text. */
function readRange(cursor: Cursor, target: TypedField): readonly FilterValue[] {
  const from = readValue(cursor, target);
  if (!cursor.takeWord("AND")) throw cursor.error("expected AND and the other end");
  const at = cursor.peek();
  const to = readValue(cursor, target);
  if (typeof from === typeof to) return [from, to];
  if (target.type === "time") return [from, to];
  throw cursor.error(`expected ${typeof from === "string" ? "text" : "a number"}`, at);
}

function readPattern(cursor: Cursor): string {
  const at = cursor.peek();
  const pattern = readText(cursor);
  if (pattern.length <= LIMITS.regularExpression) return pattern;
  throw cursor.error(
    `the regular expression has ${pattern.length} characters; ${LIMITS.regularExpression} is the most`,
    at,
  );
}
