import type { FilterClause } from "@rivulet/domain";
import type { Entity, SpecialText } from "@rivulet/domain/entities";
import type { Statement } from "../database.ts";
import type { Dialect } from "../dialect.ts";
import { compare } from "./compare.ts";
import { attributeOf, lookupOf } from "./searched-fields.ts";
import { compileContent, compilePrompt, compileSpanClause } from "./trace-filter.ts";

/** Filters that no column answers. */
const SPECIAL: Readonly<
  Record<SpecialText, (clause: FilterClause, dialect: Dialect) => Statement>
> = { prompt: compilePrompt, text: compileContent };

/**
 * One clause of a filter as a condition over `t`. What the user wrote is bound, never part of the text.
 *
 * @throws RivuletError `invalid_argument` for a field this list does not have, or a value of the wrong type.
 */
export function compileClause(clause: FilterClause, entity: Entity, dialect: Dialect): Statement {
  const { kind, key } = clause.field;
  if (kind === "attribute") {
    const special = entity.texts?.find((text) => text === key);
    if (special !== undefined) return SPECIAL[special](clause, dialect);
    return compare({ ...attributeOf(entity, key), clause }, dialect);
  }
  if (entity.lookups[kind]?.in.place === "spans") return compileSpanClause(clause, dialect);
  return compileLookup(clause, entity, dialect);
}

function compileLookup(clause: FilterClause, entity: Entity, dialect: Dialect): Statement {
  const { from, value } = lookupOf(entity, clause.field, dialect);
  const { key } = clause.field;
  if (clause.operator === "IS NULL") return { sql: `NOT EXISTS (SELECT 1 ${from})`, values: [key] };
  if (clause.operator === "IS NOT NULL") return { sql: `EXISTS (SELECT 1 ${from})`, values: [key] };
  const condition = compare({ ...value, clause }, dialect);
  return {
    sql: `EXISTS (SELECT 1 ${from} AND ${condition.sql})`,
    values: [key, ...condition.values],
  };
}
