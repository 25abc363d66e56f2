import type { FilterField, ValueCount } from "@rivulet/domain";
import type { Entity } from "@rivulet/domain/entities";
import type { ValuesQuery } from "../../port/query.ts";
import type { Database, SqlValue, Statement } from "../database.ts";
import { columnOf } from "../kit/declared-table.ts";
import { presence } from "../search/compare.ts";
import type { SearchScope } from "../search/search-scope.ts";
import { attributeOf, lookupOf } from "../search/searched-fields.ts";
import { spanValue } from "../search/trace-filter.ts";
import { spansOfTrace } from "../spans/spans-of-trace.ts";
import { byBytes, number, text } from "../values.ts";
import { allOf } from "./count.ts";
import { readFound } from "./walk.ts";

/** Whose values are listed. */
export interface Listed {
  readonly entity: Entity;
  /** Conditions besides those of the query. @default none */
  readonly conditions?: readonly Statement[];
}

/**
 * The values of a field in the records that match, the most frequent first.
 *
 * @throws RivuletError `deadline_exceeded`, `invalid_argument`
 */
export async function valuesInUse(
  database: Database,
  { entity, conditions = [] }: Listed,
  { field, contains = "", limit, experimentIds, ...query }: ValuesQuery,
): Promise<readonly ValueCount[]> {
  const { dialect } = database;
  const scope = { entity, dialect, experimentIds, now: () => query.now ?? 0 };
  const { value, from, where, values } = valuesOf(field, scope);
  const id = `t.${columnOf(entity, entity.key[0] ?? "")}`;
  // Records without others beside them need not be told apart.
  const counted = from === "" ? "COUNT(*)" : `COUNT(DISTINCT ${id})`;
  const search = { entity, query, experimentIds, conditions };
  const rows = await readFound(database, search, (sql, found) => {
    const condition = allOf([{ sql: where, values }, ...found]);
    return sql.all(
      `SELECT ${value} AS value, ${counted} AS count FROM ${entity.table} t ${from}
       WHERE ${value} IS NOT NULL AND ${condition.sql} GROUP BY ${value}`,
      condition.values,
    );
  });
  const counts = new Map<string, number>();
  const sought = contains.toLowerCase();
  for (const row of rows) {
    const one = text(row, "value");
    if (!one.toLowerCase().includes(sought)) continue;
    counts.set(one, (counts.get(one) ?? 0) + number(row, "count"));
  }
  return [...counts]
    .sort(([a, often], [b, oftener]) => oftener - often || byBytes(a, b))
    .slice(0, limit)
    .map(([one, count]) => ({ value: one, count }));
}

/** Values of a field, as rows beside those of `t`. */
export interface Values {
  readonly value: string;
  /** Follows the table of `t`; empty for its own columns. */
  readonly from: string;
  readonly where: string;
  /** Values for `where`. */
  readonly values: readonly SqlValue[];
}

/** How the values of a field are read. @throws RivuletError `invalid_argument` for a field that has none */
export function valuesOf(field: FilterField, scope: SearchScope): Values {
  const { kind, key } = field;
  if (kind === "attribute") return valuesOfAttribute(key, scope);
  if (kind === "span") {
    const { from, value, values } = spanValue(key, scope);
    const start = from.indexOf(` WHERE ${spansOfTrace("s", "t")}`);
    return {
      value: presence(value),
      from: from.slice(0, start).replace(/^FROM/, "CROSS JOIN"),
      where: from.slice(start).replace(/^ WHERE /, ""),
      values,
    };
  }
  const { table, owned, keyed, value } = lookupOf(scope, field);
  const where = owned === "" ? keyed.sql : `${owned} AND ${keyed.sql}`;
  return { value: presence(value), from: `CROSS JOIN ${table}`, where, values: keyed.values };
}

function valuesOfAttribute(key: string, { entity }: SearchScope): Values {
  const special = entity.texts?.some((one) => one === key) === true ? SPECIAL[key] : undefined;
  return special ?? { value: attributeOf(entity, key).expression, ...ALONE };
}

const ALONE = { from: "", where: "1 = 1", values: [] } as const;

const SPECIAL: Readonly<Record<string, Values>> = {
  prompt: {
    value: "p.name || '/' || p.version",
    from: "CROSS JOIN trace_prompts p",
    where: "p.trace_id = t.id",
    values: [],
  },
  error: {
    value: "s.status_message",
    from: "CROSS JOIN spans s",
    where: `t.error_count > 0 AND s.status = 'error' AND ${spansOfTrace("s", "t")}`,
    values: [],
  },
  errorFingerprint: {
    value: "f.fingerprint",
    from: "CROSS JOIN trace_errors f",
    where: "f.trace_id = t.id",
    values: [],
  },
  experiment: {
    value: "e.name",
    from: "CROSS JOIN experiments e",
    where: "e.id = t.experiment_id",
    values: [],
  },
};
