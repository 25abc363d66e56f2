import type { FilterClause } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { SqlValue, Statement } from "../database.ts";
import type { Dialect, JsonScalar } from "../dialect.ts";
import { toMicros } from "../values.ts";

/** What is compared, with what, and how. */
export type Comparison = Compared & { readonly clause: FilterClause };

/** An expression and what it holds; a JSON value has two readings. */
export type Compared =
  | { readonly type: "text" | "number" | "time"; readonly expression: string }
  | { readonly type: "json"; readonly expression: JsonScalar };

type Plain = Extract<Compared, { readonly type: "text" | "number" | "time" }>;

/** `expression operator value`. */
export function compare(comparison: Comparison, dialect: Dialect): Statement {
  const { clause } = comparison;
  const plain = readingOf(comparison);
  const { expression } = plain;
  switch (clause.operator) {
    case "IS NULL":
    case "IS NOT NULL":
      return { sql: `${expression} ${clause.operator}`, values: [] };
    case "IN":
    case "NOT IN":
      return compareList(plain, clause);
    case "LIKE":
      return dialect.like(expression, String(clause.value));
    case "ILIKE":
      return dialect.ilike(expression, String(clause.value));
    default: {
      const { sql, values } = bound(clause.value, plain, clause);
      return {
        sql: `${expression} ${clause.operator === "!=" ? "<>" : clause.operator} ${sql}`,
        values,
      };
    }
  }
}

/** A JSON value is read as a number where only numbers are compared with it. */
function readingOf({ clause, ...compared }: Comparison): Plain {
  if (compared.type !== "json") return compared;
  const isNumeric = listOf(clause).every((value) => typeof value === "number");
  return isNumeric && clause.value !== undefined
    ? { type: "number", expression: compared.expression.number }
    : { type: "text", expression: compared.expression.text };
}

function compareList(plain: Plain, clause: FilterClause): Statement {
  const items = listOf(clause).map((value) => bound(value, plain, clause));
  return {
    sql: `${plain.expression} ${clause.operator} (${items.map(({ sql }) => sql).join(", ")})`,
    values: items.flatMap(({ values }) => values),
  };
}

function listOf({ value }: FilterClause): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A value as it is bound; numbers keep their fraction beside columns of whole numbers. */
function bound(value: unknown, { type }: Plain, { field }: FilterClause): Statement {
  if (type === "text") return { sql: "?", values: [String(value)] };
  const number = typeof value === "number" ? value : Number(value);
  if (value === "" || !Number.isFinite(number)) {
    throw new RivuletError("invalid_argument", `"${field.key}" is compared with a number.`);
  }
  return type === "time"
    ? { sql: "?", values: [inRange(toMicros(number))] }
    : { sql: "CAST(? AS DOUBLE PRECISION)", values: [number] };
}

/** No stored time is beyond; some numbers are. */
function inRange(micros: number): SqlValue {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, micros));
}
