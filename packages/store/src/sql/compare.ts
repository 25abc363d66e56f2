import type { FilterClause, FilterOperator } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { Dialect } from "./dialect.ts";
import type { SqlValue, Statement } from "./sql-connection.ts";
import { toMicros } from "./values.ts";

/** What is compared, with what, and how. */
export interface Comparison {
  readonly expression: string;
  readonly type: "text" | "number" | "time" | "json";
  readonly clause: FilterClause;
}

/** `expression operator value`. */
export function compare({ expression, type, clause }: Comparison, dialect: Dialect): Statement {
  const { operator } = clause;
  switch (operator) {
    case "IS NULL":
    case "IS NOT NULL":
      return { sql: `${expression} ${operator}`, values: [] };
    case "IN":
    case "NOT IN": {
      const list = Array.isArray(clause.value) ? clause.value : [clause.value];
      const values = list.map((value) => bindable(value, type, clause));
      return {
        sql: `${textOf(expression, type)} ${operator} (${values.map(() => "?").join(", ")})`,
        values,
      };
    }
    case "LIKE":
      return {
        sql: dialect.like(textOf(expression, type)),
        values: [dialect.likePattern(String(clause.value))],
      };
    case "ILIKE":
      return { sql: dialect.ilike(textOf(expression, type)), values: [String(clause.value)] };
    default:
      return compareOne({ expression, type, clause }, operator);
  }
}

function compareOne({ expression, type, clause }: Comparison, operator: FilterOperator): Statement {
  const sign = operator === "!=" ? "<>" : operator;
  const side =
    type === "json" && typeof clause.value === "number"
      ? `(${expression}) + 0`
      : textOf(expression, type);
  return { sql: `${side} ${sign} ?`, values: [bindable(clause.value, type, clause)] };
}

function textOf(expression: string, type: Comparison["type"]): string {
  return type === "json" ? `CAST(${expression} AS TEXT)` : expression;
}

function bindable(value: unknown, type: Comparison["type"], { field }: FilterClause): SqlValue {
  if (type === "json") return typeof value === "number" ? value : String(value);
  if (type === "text") return String(value);
  const number = typeof value === "number" ? value : Number(value);
  if (value === "" || !Number.isFinite(number)) {
    throw new RivuletError("invalid_argument", `"${field.key}" is compared with a number.`);
  }
  return type === "time" ? toMicros(number) : number;
}
