import type { Condition, FilterField } from "@rivulet/domain";
import { type EntityIndex, PARTS, type StoredTable } from "@rivulet/domain/entities";
import type { Sql, Statement } from "../database.ts";
import { beginning, columnOf } from "../kit/declared-table.ts";
import { LIMIT, number } from "../values.ts";
import { presence } from "./compare.ts";
import { tracesWithPrompt } from "./prompt-filter.ts";
import type { SearchScope } from "./search-scope.ts";
import { lookupOf } from "./searched-fields.ts";

/** Up to so many rows of an index are read and sorted; with more, the list is walked in its order. */
const MOST_ROWS = 1_000;

/** What rows are looked for in. */
export interface RareScope extends SearchScope {
  /** Empty for all. */
  readonly experimentIds: readonly string[];
}

/** Values of an IN, and alternatives of an OR, that are looked up one by one. */
const MOST_LOOK_UPS = 20;

/**
 * The shortest way to a filter's rows: a SELECT of their `id`, of at most {@link MOST_ROWS} rows. It has all rows
 * that one condition of the filter finds, and maybe others; undefined when an index has no such condition, or
 * finds many for every one.
 */
export async function findRare(
  sql: Sql,
  where: readonly Condition[],
  scope: RareScope,
): Promise<Statement | undefined> {
  for (const condition of where) {
    const rows = rowsOf(condition, scope);
    if (rows !== undefined && (await isRare(sql, rows))) return rows;
  }
  return undefined;
}

async function isRare(sql: Sql, rows: Statement): Promise<boolean> {
  const [row = {}] = await sql.all(`SELECT COUNT(*) AS count FROM (${rows.sql} ${LIMIT}) found`, [
    ...rows.values,
    MOST_ROWS + 1,
  ]);
  return number(row, "count") <= MOST_ROWS;
}

/** What indexes have of a condition; undefined when none has it. */
function rowsOf(condition: Condition, scope: RareScope): Statement | undefined {
  if ("any" in condition) return together(condition.any.map((part) => rowsOf(part, scope)));
  if (!("field" in condition)) return undefined;
  const { operator, field, value = [] } = condition;
  if (operator !== "=" && operator !== "IN") return undefined;
  return together(
    [value]
      .flat()
      .map((one) => (typeof one === "string" ? rowsEqualTo(field, one, scope) : undefined)),
  );
}

function together(parts: readonly (Statement | undefined)[]): Statement | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (known.length !== parts.length || known.length === 0 || known.length > MOST_LOOK_UPS) {
    return undefined;
  }
  return {
    sql: known.map(({ sql }) => sql).join(" UNION ALL "),
    values: known.flatMap(({ values }) => values),
  };
}

function rowsEqualTo(field: FilterField, value: string, scope: RareScope): Statement | undefined {
  const { entity } = scope;
  const [id = "", ...others] = entity.key;
  if (others.length > 0) return undefined;
  const { kind, key } = field;
  if (kind === "attribute") {
    const isPrompt = key === "prompt" && entity.texts?.includes(key) === true;
    return isPrompt ? tracesWithPrompt(value) : rowsByColumn(entity, { field: key, value, id });
  }
  const place = entity.lookups[kind]?.in.place;
  if (place === "spans") return rowsBySpan({ field: key, value });
  if (place === "tags" && entity.tagged === id)
    return rowsByTag(entity.name, { field: key, value });
  return place === "rows" ? rowsByParam({ ...field, value }, scope) : undefined;
}

interface Sought {
  readonly field: string;
  readonly value: string;
}

function rowsByColumn(
  declared: StoredTable,
  { field, value, id }: Sought & { readonly id: string },
): Statement | undefined {
  const index = (declared.indexes ?? []).find((one) => isLedBy(one, field));
  if (index === undefined) return undefined;
  const column = `x.${columnOf(declared, field)}`;
  const cut = index.cut === true;
  const [left, right] = cut ? [beginning(column), beginning("CAST(? AS TEXT)")] : [column, "?"];
  // A partial index is used where it is said that its condition holds.
  const isThere = index.where === undefined ? "" : ` AND ${column} IS NOT NULL`;
  const from = `${declared.table} x WHERE ${left} = ${right}${isThere}`;
  return { sql: `SELECT x.${columnOf(declared, id)} AS id FROM ${from}`, values: [value] };
}

/** Types are so few that an index of all spans would name a trace many times. */
function rowsBySpan({ field, value }: Sought): Statement | undefined {
  if (field !== "type") return rowsByColumn(PARTS.span, { field, value, id: "traceId" });
  return {
    sql: "SELECT y.trace_id AS id FROM trace_span_types y WHERE y.type = ?",
    values: [value],
  };
}

function isLedBy({ on: [first], where }: EntityIndex, field: string): boolean {
  if (where !== undefined && (where.field !== field || where.is !== undefined)) return false;
  return first === field && field !== "experimentId";
}

function rowsByTag(entity: string, { field, value }: Sought): Statement {
  return {
    sql: "SELECT v.owner AS id FROM tags v WHERE v.entity = ? AND v.key = ? AND v.value = ?",
    values: [entity, field, value],
  };
}

/** Values beside their experiment; a number is not found by its text alone. */
function rowsByParam(
  { kind, key, value }: FilterField & { readonly value: string },
  scope: RareScope,
): Statement | undefined {
  const { table, owner, keyed, value: stored, isScoped } = lookupOf(scope, { kind, key });
  if (!isScoped || stored.type !== "any") return undefined;
  const sql = `SELECT ${owner} AS id FROM ${table} WHERE v.experiment_id = ? AND ${keyed} AND ${presence(stored)} = ?`;
  return together(scope.experimentIds.map((id) => ({ sql, values: [id, key, value] })));
}
