import type { FilterClause, FilterOperator } from "../../domain/filter.ts";
import { RivuletError } from "../../errors.ts";
import type { Dialect } from "./dialect.ts";
import type { Lookup, SearchAttribute, SearchTable } from "./search-table.ts";
import type { SqlValue, Statement } from "./sql-connection.ts";
import { compileSpanClause, compileTraceClause } from "./trace-filter.ts";
import { toMicros } from "./values.ts";

/** What is compared, with what, and how. */
export interface Comparison {
  readonly expression: string;
  readonly type: "text" | "number" | "time" | "json";
  readonly clause: FilterClause;
}

/**
 * One clause of a filter as a condition over `t`. What the user wrote is bound, never part of the text.
 *
 * @throws RivuletError `invalid_argument` for a field this list does not have, or a value of the wrong type.
 */
export function compileClause(
  clause: FilterClause,
  table: SearchTable,
  dialect: Dialect,
): Statement {
  const { kind, key } = clause.field;
  if (kind === "span") return compileSpanClause(clause, dialect);
  if (kind === "attribute") {
    if (table.name === "traces" && (key === "prompt" || key === "text")) {
      return compileTraceClause(clause, dialect);
    }
    return compileAttribute(clause, attributeOf(table, key), dialect);
  }
  const lookup = table.lookups[kind];
  if (lookup === undefined) throw unknownField(`${kind}.${key}`, table);
  return compileLookup(clause, lookup, dialect);
}

function attributeOf(table: SearchTable, key: string): SearchAttribute {
  const attribute = Object.hasOwn(table.attributes, key) ? table.attributes[key] : undefined;
  if (attribute === undefined) throw unknownField(key, table);
  return attribute;
}

function unknownField(field: string, table: SearchTable): RivuletError {
  const known = [
    ...Object.keys(table.attributes),
    ...Object.keys(table.lookups).map((kind) => `${kind}.<key>`),
  ];
  return new RivuletError(
    "invalid_argument",
    `There is no field "${field}". Fields: ${known.join(", ")}.`,
  );
}

function compileAttribute(
  clause: FilterClause,
  attribute: SearchAttribute,
  dialect: Dialect,
): Statement {
  const { expression, type } = attribute;
  return compare({ expression, type, clause }, dialect);
}

function compileLookup(clause: FilterClause, lookup: Lookup, dialect: Dialect): Statement {
  const { key } = clause.field;
  if (clause.operator === "IS NULL")
    return { sql: `NOT EXISTS (SELECT 1 ${lookup.from})`, values: [key] };
  if (clause.operator === "IS NOT NULL")
    return { sql: `EXISTS (SELECT 1 ${lookup.from})`, values: [key] };
  const condition = compare({ expression: lookup.value, type: lookup.type, clause }, dialect);
  return {
    sql: `EXISTS (SELECT 1 ${lookup.from} AND ${condition.sql})`,
    values: [key, ...condition.values],
  };
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
