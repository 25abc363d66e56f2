import type { FilterClause } from "@rivulet/domain";
import type { SpecialText } from "@rivulet/domain/entities";
import type { Statement } from "../database.ts";
import { compare } from "./compare.ts";
import { compilePrompt } from "./prompt-filter.ts";
import type { SearchScope } from "./search-scope.ts";
import { attributeOf, fromKeyed, lookupOf } from "./searched-fields.ts";
import {
  compileAlias,
  compileAnyText,
  compileError,
  compileExperiment,
  compileFingerprint,
} from "./special-texts.ts";
import { compileContent, compileSpanClause } from "./trace-filter.ts";

/** Filters that are not answered from a column. */
const SPECIAL: Readonly<
  Record<SpecialText, (clause: FilterClause, scope: SearchScope) => Statement>
> = {
  alias: compileAlias,
  prompt: compilePrompt,
  text: compileContent,
  anyText: compileAnyText,
  error: compileError,
  errorFingerprint: compileFingerprint,
  experiment: compileExperiment,
};

/**
 * One clause of a filter as a condition over `t`. What the user wrote is bound, never part of the text.
 *
 * @throws RivuletError `invalid_argument` for a field this list does not have, or a value of the wrong type.
 */
export function compileClause(clause: FilterClause, scope: SearchScope): Statement {
  const { entity } = scope;
  const { kind, key } = clause.field;
  if (kind === "attribute") {
    const special = entity.texts?.find((text) => text === key);
    if (special !== undefined) return SPECIAL[special](clause, scope);
    return compare({ ...attributeOf(entity, key), clause }, scope);
  }
  if (entity.lookups[kind]?.in.place === "spans") return compileSpanClause(clause, scope);
  return compileLookup(clause, scope);
}

function compileLookup(clause: FilterClause, scope: SearchScope): Statement {
  const keyed = lookupOf(scope, clause.field);
  const [from, value] = [fromKeyed(keyed), keyed.value];
  const isMissing = clause.operator === "IS NULL";
  const asked: FilterClause = isMissing ? { ...clause, operator: "IS NOT NULL" } : clause;
  const condition = compare({ ...value, clause: asked }, scope);
  return {
    sql: `${isMissing ? "NOT " : ""}EXISTS (SELECT 1 ${from.sql} AND ${condition.sql})`,
    values: [...from.values, ...condition.values],
  };
}
