import type { FilterClause } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import { compare } from "./compare.ts";
import type { Statement } from "./database.ts";
import type { Dialect } from "./dialect.ts";
import type { Lookup, SearchAttribute, SearchTable } from "./search-table.ts";
import { compileSpanClause, compileTraceClause } from "./trace-filter.ts";

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
  const condition = compare({ ...lookup.value, clause }, dialect);
  return {
    sql: `EXISTS (SELECT 1 ${lookup.from} AND ${condition.sql})`,
    values: [key, ...condition.values],
  };
}
