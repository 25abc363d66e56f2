import type { FilterClause } from "@rivulet/domain";
import type { Statement } from "../database.ts";
import { spansOfTrace } from "../spans/spans-of-trace.ts";
import { compare } from "./compare.ts";
import type { SearchScope } from "./search-scope.ts";

/** The message of any failed span; negated, it is true where no message is like that. */
export function compileError(clause: FilterClause, scope: SearchScope): Statement {
  const { isNegated, positive } = affirmed(clause);
  const { sql, values } = compare(
    { type: "text", expression: "s.status_message", clause: positive },
    scope,
  );
  const isAny = `t.error_count > 0 AND EXISTS (SELECT 1 FROM spans s
    WHERE ${spansOfTrace("s", "t")} AND s.status = 'error' AND ${sql})`;
  return { sql: isNegated ? `NOT (${isAny})` : isAny, values };
}

/** The fingerprint of any failure; negated, it is true where no failure has it. */
export function compileFingerprint(clause: FilterClause, scope: SearchScope): Statement {
  const { isNegated, positive } = affirmed(clause);
  const { sql, values } = compare(
    { type: "text", expression: "f.fingerprint", clause: positive },
    scope,
  );
  const not = isNegated ? "NOT " : "";
  return {
    sql: `${not}EXISTS (SELECT 1 FROM trace_errors f WHERE f.trace_id = t.id AND ${sql})`,
    values,
  };
}

/** A SELECT of the `id`s of the traces in which a failure has a fingerprint. */
export function tracesWithFingerprint(fingerprint: string): Statement {
  return {
    sql: "SELECT f.trace_id AS id FROM trace_errors f WHERE f.fingerprint = ?",
    values: [fingerprint],
  };
}

/** The name of the experiment. */
export function compileExperiment(clause: FilterClause, scope: SearchScope): Statement {
  const { isNegated, positive } = affirmed(clause);
  const { sql, values } = compare({ type: "text", expression: "e.name", clause: positive }, scope);
  const not = isNegated ? "NOT " : "";
  return { sql: `t.experiment_id ${not}IN (SELECT e.id FROM experiments e WHERE ${sql})`, values };
}

/** The name of any alias of a model, or of any that points at a version of one. */
export function compileAlias(clause: FilterClause, scope: SearchScope): Statement {
  const { isNegated, positive } = affirmed(clause);
  const { sql, values } = compare({ type: "text", expression: "a.alias", clause: positive }, scope);
  const not = isNegated ? "NOT " : "";
  const ofVersion = scope.entity.name === "modelVersion" ? " AND a.version = t.version" : "";
  return {
    sql: `${not}EXISTS (SELECT 1 FROM model_aliases a WHERE a.name = t.name${ofVersion} AND ${sql})`,
    values,
  };
}

/** The name of a run, or the text of any of its params or tags, its note among them. */
export function compileAnyText(clause: FilterClause, scope: SearchScope): Statement {
  const { isNegated, positive } = affirmed(clause);
  const like = (expression: string): Statement =>
    compare({ type: "text", expression, clause: positive }, scope);
  const [name, tag, param] = [like("t.name"), like("v.value"), like("v.value")];
  const isAny = `(${name.sql}
    OR EXISTS (SELECT 1 FROM tags v WHERE v.entity = 'run' AND v.owner = t.id AND ${tag.sql})
    OR EXISTS (SELECT 1 FROM params v WHERE v.run = t.inner_id AND ${param.sql}))`;
  return {
    sql: isNegated ? `NOT ${isAny}` : isAny,
    values: [name, tag, param].flatMap(({ values }) => values),
  };
}

interface Affirmed {
  readonly isNegated: boolean;
  readonly positive: FilterClause;
}

function affirmed(clause: FilterClause): Affirmed {
  const { operator } = clause;
  if (operator === "!=") return { isNegated: true, positive: { ...clause, operator: "=" } };
  const isNegated = operator.startsWith("NOT ");
  const positive = operator.replace("NOT ", "") as FilterClause["operator"];
  return { isNegated, positive: { ...clause, operator: positive } };
}
