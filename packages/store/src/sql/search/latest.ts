import { type Condition, RivuletError } from "@rivulet/domain";
import type { Statement } from "../database.ts";
import { beginning, columnOf } from "../kit/declared-table.ts";
import { placeholders } from "../values.ts";
import { compileFilter } from "./filter.ts";
import type { SearchScope } from "./search-scope.ts";

/**
 * The condition that no later row with the same value of `field` matches the filter, so that each value is found
 * once.
 *
 * @throws RivuletError `invalid_argument` for a filter that the database cannot evaluate by itself
 */
export async function onlyLatest(
  field: string,
  where: readonly Condition[],
  scope: SearchScope,
): Promise<Statement> {
  const { entity, experimentIds } = scope;
  const { conditions, checked } = await compileFilter(where, scope, new Map());
  if (checked.length > 0) {
    throw new RivuletError(
      "invalid_argument",
      "RLIKE and MATCH cannot be used here. Use LIKE or ILIKE, or search the traces.",
      { details: { field: "filter" } },
    );
  }
  const [id, column] = [columnOf(entity, entity.key[0] ?? ""), columnOf(entity, field)];
  const within = columnOf(entity, "experimentId");
  const later: readonly Statement[] = [
    sameValue(scope, field),
    { sql: `(t.start_us, t.${id}) > (o.start_us, o.id)`, values: [] },
    ...(experimentIds.length === 0
      ? []
      : [{ sql: `t.${within} IN (${placeholders(experimentIds)})`, values: experimentIds }]),
    ...conditions.map(({ sql, values }) => ({ sql: `(${sql})`, values })),
  ];
  // The inner t hides the outer one, whose values the filter's conditions must not see: it gets another name.
  const outer = `(SELECT t.${column} AS value, t.start_us AS start_us, t.${id} AS id) o`;
  return {
    sql: `t.${column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${outer} CROSS JOIN ${entity.table} t
      WHERE ${later.map(({ sql }) => sql).join(" AND ")})`,
    values: later.flatMap(({ values }) => values),
  };
}

/** Written so that the index on the field is used. */
function sameValue({ entity }: SearchScope, field: string): Statement {
  const column = `t.${columnOf(entity, field)}`;
  const isCut = entity.indexes?.some(({ on, cut }) => on[0] === field && cut === true) === true;
  const begins = isCut ? `${beginning(column)} = ${beginning("o.value")} AND ` : "";
  return { sql: `${begins}${column} = o.value`, values: [] };
}
