import type { GroupedMetric, RunGroup } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { RunGroupsQuery } from "../../port/runs.ts";
import type { Database, Row, Sql, Statement } from "../database.ts";
import { byBytes, number, optionalText, placeholders, text } from "../values.ts";
import { allOf } from "./count.ts";
import { type Values, valuesOf } from "./values-in-use.ts";
import { readFound } from "./walk.ts";

/**
 * The runs that match, grouped by their values of a field, the largest group first.
 *
 * @throws RivuletError `deadline_exceeded`, `invalid_argument`
 */
export async function groupRuns(
  database: Database,
  conditions: readonly Statement[],
  { field, metrics, limit, experimentIds, ...query }: Omit<RunGroupsQuery, "lifecycle">,
): Promise<readonly RunGroup[]> {
  const entity = ENTITIES.run;
  const scope = { entity, dialect: database.dialect, experimentIds, now: () => query.now ?? 0 };
  const values = valuesOf(field, scope);
  const search = { entity, query, experimentIds, conditions };
  const rows = await readFound(database, search, async (sql, found) => {
    const condition = allOf([{ sql: values.where, values: values.values }, ...found]);
    const groups = await countGroups(sql, values, condition);
    return [...groups, ...(await sumMetrics(sql, { values, condition, metrics }))];
  });
  return combine(rows)
    .sort((a, b) => b.count - a.count || byBytes(a.value, b.value))
    .slice(0, limit);
}

/** The runs with their values; a run that has one several times, such as a dataset in two uses, has it once. */
function valued({ value, from }: Values, condition: Statement): string {
  const distinct = from === "" ? "" : "DISTINCT ";
  return `(SELECT ${distinct}t.inner_id AS run, ${value} AS value FROM runs t ${from}
     WHERE ${value} IS NOT NULL AND ${condition.sql}) g`;
}

function countGroups(sql: Sql, values: Values, condition: Statement): Promise<readonly Row[]> {
  return sql.all(
    `SELECT g.value AS value, COUNT(*) AS count FROM ${valued(values, condition)} GROUP BY g.value`,
    condition.values,
  );
}

async function sumMetrics(
  sql: Sql,
  {
    values,
    condition,
    metrics,
  }: {
    readonly values: Values;
    readonly condition: Statement;
    readonly metrics: readonly string[];
  },
): Promise<readonly Row[]> {
  if (metrics.length === 0) return [];
  return sql.all(
    `SELECT g.value AS value, mk.key AS metric, COUNT(*) AS count, SUM(mv.value) AS total,
       MIN(mv.value) AS least, MAX(mv.value) AS most
     FROM ${valued(values, condition)} CROSS JOIN metrics mv CROSS JOIN run_keys mk
     WHERE mv.run = g.run AND mk.id = mv.key AND mk.key IN (${placeholders(metrics)}) AND mv.value BETWEEN ? AND ?
     GROUP BY g.value, mk.key`,
    [...condition.values, ...metrics, -Number.MAX_VALUE, Number.MAX_VALUE],
  );
}

/** A group while the windows of the search are put together. */
interface Counted {
  readonly value: string;
  count: number;
  readonly metrics: Record<string, GroupedMetric>;
}

function combine(rows: readonly Row[]): RunGroup[] {
  const groups = new Map<string, Counted>();
  for (const row of rows) {
    const value = text(row, "value");
    const group = groups.get(value) ?? { value, count: 0, metrics: {} };
    groups.set(value, group);
    const metric = optionalText(row, "metric");
    if (metric === undefined) group.count += number(row, "count");
    else addMetric(group, metric, row);
  }
  return [...groups.values()];
}

function addMetric({ metrics }: Counted, key: string, row: Row): void {
  const before = Object.hasOwn(metrics, key) ? metrics[key] : undefined;
  const { count, mean, min, max } = before ?? {
    count: 0,
    mean: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
  };
  const all = count + number(row, "count");
  // A key such as `__proto__` is one like any other.
  Object.defineProperty(metrics, key, {
    value: {
      count: all,
      mean: (mean * count + number(row, "total")) / all,
      min: Math.min(min, number(row, "least")),
      max: Math.max(max, number(row, "most")),
    },
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
