import { ENTITIES } from "@rivulet/domain/entities";
import type { TraceAggregateQuery } from "../../port/traces.ts";
import type { Database, Row, Sql, Statement } from "../database.ts";
import { toMicros } from "../values.ts";
import { allOf } from "./count.ts";
import { type GroupedBy, groupedBy } from "./trace-groups.ts";
import { feedbackNumber, USAGE_COLUMNS } from "./trace-totals.ts";
import { readFound } from "./walk.ts";

/**
 * Sums of traces or spans as rows, several for each bucket and group: `bucket`, `group_0` …, `count`, `errors`,
 * `durations` and the sums. Rows with a `name` are sums of feedback.
 *
 * @throws RivuletError `deadline_exceeded`, `invalid_argument`
 */
export function readSums(database: Database, query: TraceAggregateQuery): Promise<readonly Row[]> {
  const { groupBy, bucketMs, experimentIds, withFeedback = false, ...found } = query;
  const groups = groupedBy(groupBy, database.dialect);
  const search = { entity: ENTITIES.trace, query: found, experimentIds };
  return readFound(database, search, async (sql, where) => {
    const summing = { groups, where, ...(bucketMs === undefined ? {} : { bucketMs }) };
    const sums = await sumRows(sql, summing);
    return withFeedback ? [...sums, ...(await sumFeedback(sql, summing))] : sums;
  });
}

interface Summing {
  readonly groups: GroupedBy;
  readonly where: readonly Statement[];
  readonly bucketMs?: number;
}

/** Columns of traces and of spans that are summed up. */
export const SUMMED: readonly string[] = [...USAGE_COLUMNS, "cost"];

/** Bucket and groups as columns. */
function keysOf({
  groups: { counted, columns },
  bucketMs,
}: Summing): readonly (Statement & { readonly name: string })[] {
  const start = `${counted}.start_us`;
  const grouped = columns.map((column, index) => ({ ...column, name: `group_${index}` }));
  if (bucketMs === undefined) return grouped;
  const sql = `${start} - ${start} % CAST(? AS BIGINT)`;
  return [{ sql, values: [toMicros(bucketMs)], name: "bucket" }, ...grouped];
}

function whereOf({ groups, where }: Summing): Statement {
  return allOf([...where, ...groups.where.map((part) => ({ sql: part, values: [] }))]);
}

/** Each feedback of a trace counts once in each group that the trace, or one of its spans, is in. */
function sumFeedback(sql: Sql, summing: Summing): Promise<readonly Row[]> {
  const keys = keysOf(summing);
  const condition = whereOf(summing);
  const names = [...keys.map(({ name }) => name), "name"].join(", ");
  const selected = keys.map(({ sql: expression, name }) => `${expression} AS ${name}, `).join("");
  return sql.all(
    `SELECT ${names}, COUNT(*) AS count, COUNT(value) AS numbers, SUM(value) AS sum FROM (
       SELECT DISTINCT ${selected}a.id AS id, a.name AS name, ${feedbackNumber(sql.dialect)} AS value
       FROM ${summing.groups.from} JOIN assessments a ON a.trace_id = t.id AND a.kind = 'feedback'
       WHERE ${condition.sql}) f GROUP BY ${names}`,
    [...keys.flatMap(({ values }) => values), ...condition.values],
  );
}

function sumRows(sql: Sql, summing: Summing): Promise<readonly Row[]> {
  const { counted, from } = summing.groups;
  const start = `${counted}.start_us`;
  const keys = keysOf(summing);
  const selected = [
    ...keys.map(({ sql: expression, name }) => `${expression} AS ${name}`),
    "COUNT(*) AS count",
    `SUM(CASE WHEN ${counted}.status = 'error' THEN 1 ELSE 0 END) AS errors`,
    `${sql.dialect.json.gather(`${counted}.end_us - ${start}`)} AS durations`,
    ...SUMMED.map((column) => `SUM(${amountOf(counted, column)}) AS ${column}`),
  ];
  const condition = whereOf(summing);
  const grouped = keys.length === 0 ? "" : `GROUP BY ${keys.map(({ name }) => name).join(", ")}`;
  return sql.all(`SELECT ${selected.join(", ")} FROM ${from} WHERE ${condition.sql} ${grouped}`, [
    ...keys.flatMap(({ values }) => values),
    ...condition.values,
  ]);
}

/** A trace's totals leave out what is not counted; of spans, their own amounts are summed. */
function amountOf(counted: GroupedBy["counted"], column: string): string {
  return counted === "t" ? `t.${column}` : `CASE WHEN s.uncounted IS NULL THEN s.${column} END`;
}
