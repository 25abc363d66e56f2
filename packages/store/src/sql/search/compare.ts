import type { FilterClause, FilterOperator, FilterValue } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { Statement } from "../database.ts";
import type { JsonScalar } from "../dialect.ts";
import { placeholders, toMicros } from "../values.ts";
import { likePattern } from "./like-pattern.ts";
import type { SearchScope } from "./search-scope.ts";

/** An expression and its type. */
export type Compared =
  | { readonly type: "text" | "number" | "time"; readonly expression: string }
  /** Numbers that may include NaN, which databases sort above all others. */
  | { readonly type: "real"; readonly expression: string }
  /** A value that may be text or a number, as both. */
  | { readonly type: "any"; readonly expression: JsonScalar };

/** A clause's test of a value. */
export type Comparison = Compared & { readonly clause: FilterClause };

/**
 * `expression operator value`. It is not true of NULL, whatever the operator, but for NaN, which is unequal to
 * everything.
 */
export function compare(comparison: Comparison, scope: SearchScope): Statement {
  const { operator } = comparison.clause;
  if (operator === "IS NULL" || operator === "IS NOT NULL") {
    return { sql: `${presence(comparison)} ${operator}`, values: [] };
  }
  const positive = POSITIVE[operator];
  const holds = affirm({ ...comparison, operator: positive }, scope);
  return positive === operator
    ? holds
    : { ...holds, sql: `${presence(comparison)} IS NOT NULL AND (${holds.sql}) IS NOT TRUE` };
}

/** The operators without their negations. */
type Positive =
  | "="
  | ">"
  | ">="
  | "<"
  | "<="
  | "LIKE"
  | "ILIKE"
  | "RLIKE"
  | "IN"
  | "BETWEEN"
  | "MATCH";

const POSITIVE: Readonly<Record<Exclude<FilterOperator, `IS ${string}`>, Positive>> = {
  "=": "=",
  "!=": "=",
  ">": ">",
  ">=": ">=",
  "<": "<",
  "<=": "<=",
  LIKE: "LIKE",
  "NOT LIKE": "LIKE",
  ILIKE: "ILIKE",
  "NOT ILIKE": "ILIKE",
  RLIKE: "RLIKE",
  "NOT RLIKE": "RLIKE",
  IN: "IN",
  "NOT IN": "IN",
  BETWEEN: "BETWEEN",
  "NOT BETWEEN": "BETWEEN",
  MATCH: "MATCH",
};

/** The expression that is NULL when the value is missing. */
export function presence(compared: Compared): string {
  return compared.type === "any" ? compared.expression.text : compared.expression;
}

type Affirmation = Comparison & { readonly operator: Positive };

function affirm(affirmation: Affirmation, scope: SearchScope): Statement {
  const { operator, clause } = affirmation;
  switch (operator) {
    case "LIKE":
      return scope.dialect.like(presence(affirmation), likePattern(clause));
    case "ILIKE":
      return scope.dialect.ilike(presence(affirmation), likePattern(clause));
    case "IN":
      return isOneOf(affirmation, scope);
    case "BETWEEN": {
      const [from = "", to = ""] = listOf(clause);
      return both(
        one(affirmation, ">=", { value: from, scope }),
        one(affirmation, "<=", { value: to, scope }),
      );
    }
    case "RLIKE":
    case "MATCH":
      throw new RivuletError("invalid_argument", `"${clause.field.key}" has no ${operator}.`);
    default: {
      const [value = ""] = listOf(clause);
      return one(affirmation, operator, { value, scope });
    }
  }
}

/** More texts than this are looked up in a list that the database sorts, instead of compared one by one with each row. */
const MOST_ALTERNATIVES = 20;

function isOneOf(affirmation: Affirmation, scope: SearchScope): Statement {
  const values = listOf(affirmation.clause);
  if (affirmation.type !== "text" || values.length <= MOST_ALTERNATIVES)
    return either(values.map((value) => one(affirmation, "=", { value, scope })));
  return {
    sql: `${affirmation.expression} IN (${placeholders(values)})`,
    values: values.map(String),
  };
}

function listOf({ value = [] }: FilterClause): readonly FilterValue[] {
  return Array.isArray(value) ? value : [value as FilterValue];
}

function either(statements: readonly Statement[]): Statement {
  if (statements.length === 0) return { sql: "0 = 1", values: [] };
  return {
    sql: `(${statements.map(({ sql }) => sql).join(" OR ")})`,
    values: statements.flatMap(({ values }) => values),
  };
}

function both(first: Statement, second: Statement): Statement {
  return { sql: `(${first.sql} AND ${second.sql})`, values: [...first.values, ...second.values] };
}

interface Operand {
  readonly value: FilterValue;
  readonly scope: SearchScope;
}

type Ordering = "=" | ">" | ">=" | "<" | "<=";

/** A value, compared by its type: an unquoted number as a number, a quoted one as text. */
function one(comparison: Comparison, operator: Ordering, operand: Operand): Statement {
  const { type, clause } = comparison;
  const { value } = operand;
  if (type === "any") {
    const { number, text } = comparison.expression;
    const reading: Compared =
      typeof value === "number"
        ? { type: "number", expression: number }
        : { type: "text", expression: text };
    return one({ ...reading, clause }, operator, operand);
  }
  const { expression } = comparison;
  if (type === "text") return { sql: `${expression} ${operator} ?`, values: [String(value)] };
  if (type === "time")
    return { sql: `${expression} ${operator} ?`, values: [timeOf(operand, clause)] };
  const number = numberOf(value, clause);
  if (type === "real") return realComparison(expression, operator, number);
  // A number keeps its fraction when compared with whole numbers; no stored value is NaN.
  if (Number.isNaN(number)) return { sql: "0 = 1", values: [] };
  // The sum has no type of its own: with one, SQLite would not use the index of an expression.
  return { sql: `${expression} ${operator} CAST(? AS DOUBLE PRECISION) + 0`, values: [number] };
}

/** NaN equals itself here, so that it can be found, and is neither less nor greater than anything. */
function realComparison(expression: string, operator: Ordering, number: number): Statement {
  if (Number.isNaN(number)) {
    if (!operator.endsWith("=")) return { sql: "0 = 1", values: [] };
    return { sql: `${expression} > ?`, values: [Number.POSITIVE_INFINITY] };
  }
  const compared = { sql: `${expression} ${operator} ?`, values: [number] };
  if (operator !== ">" && operator !== ">=") return compared;
  return both(compared, { sql: `${expression} <= ?`, values: [Number.POSITIVE_INFINITY] });
}

function numberOf(value: FilterValue, { field }: FilterClause): number {
  const number = typeof value === "number" ? value : Number(value);
  if (typeof value === "number" || (value !== "" && Number.isFinite(number))) return number;
  throw new RivuletError("invalid_argument", `"${field.key}" is compared with a number.`);
}

/** What a time is compared with, in microseconds; no stored time is beyond the exact range. */
export function timeOf(
  { value, scope }: { readonly value: FilterValue; readonly scope: Pick<SearchScope, "now"> },
  clause: FilterClause,
): number {
  const time = typeof value === "object" ? scope.now() + value.fromNow : numberOf(value, clause);
  const micros = toMicros(time);
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, micros));
}
