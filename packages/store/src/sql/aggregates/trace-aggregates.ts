import type { TraceAggregate } from "@rivulet/domain";
import { ENTITIES, USAGE_FIELDS } from "@rivulet/domain/entities";
import type { TraceAggregateQuery } from "../../port/traces.ts";
import type { Database, Row, Sql, SqlValue, Statement } from "../database.ts";
import { columnName } from "../kit/declared-table.ts";
import { optionalNumber, text, toMicros } from "../values.ts";
import { allOf } from "./count.ts";
import { percentile } from "./percentile.ts";
import { type GroupedBy, groupedBy } from "./trace-groups.ts";
import { feedbackNumber, feedbackOf, USAGE_COLUMNS } from "./trace-totals.ts";
import { readFound } from "./walk.ts";

/**
 * Totals of traces or spans, by time bucket and group, in this order. @throws RivuletError `deadline_exceeded`,
 * `invalid_argument`
 */
export async function aggregateTraces(
  database: Database,
  query: TraceAggregateQuery,
): Promise<readonly TraceAggregate[]> {
  const { groupBy, bucketMs, experimentIds, withFeedback = false, ...found } = query;
  const groups = groupedBy(groupBy, database.dialect);
  const search = { entity: ENTITIES.trace, query: found, experimentIds };
  const rows = await readFound(database, search, async (sql, where) => {
    const summing = { groups, where, ...(bucketMs === undefined ? {} : { bucketMs }) };
    const sums = await sumRows(sql, summing);
    return withFeedback ? [...sums, ...(await sumFeedback(sql, summing))] : sums;
  });
  const partsOf = Map.groupBy(rows, (row) => keyOf(row, groupBy.length));
  const sums = [...partsOf.values()].map((parts) => addUp(parts, query));
  return sums.sort((a, b) => inOrder(sortKey(a, query), sortKey(b, query)));
}

interface Summing {
  readonly groups: GroupedBy;
  readonly where: readonly Statement[];
  readonly bucketMs?: number;
}

const SUMMED = [...USAGE_COLUMNS, "cost"];

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
    ...SUMMED.map((column) => `SUM(${counted}.${column}) AS ${column}`),
  ];
  const condition = whereOf(summing);
  const grouped = keys.length === 0 ? "" : `GROUP BY ${keys.map(({ name }) => name).join(", ")}`;
  return sql.all(`SELECT ${selected.join(", ")} FROM ${from} WHERE ${condition.sql} ${grouped}`, [
    ...keys.flatMap(({ values }) => values),
    ...condition.values,
  ]);
}

function keyOf(row: Row, groups: number): string {
  const values = Array.from({ length: groups }, (_, index) => row[`group_${index}`] ?? null);
  return JSON.stringify([optionalNumber(row, "bucket") ?? null, ...values]);
}

/** The results of one group in all windows, combined. */
function addUp(
  rows: readonly Row[],
  { groupBy, withFeedback = false }: TraceAggregateQuery,
): TraceAggregate {
  const parts = rows.filter((row) => !("name" in row));
  const [first = {}] = parts;
  const count = sum(parts, "count") ?? 0;
  const errorCount = sum(parts, "errors") ?? 0;
  const bucket = optionalNumber(first, "bucket");
  const durationMs = durationsOf(parts);
  const cost = sum(parts, "cost");
  const usage = USAGE_FIELDS.map((field) => [field, sum(parts, columnName(field, "integer?"))]);
  return {
    ...(bucket === undefined ? {} : { bucket: bucket / 1000 }),
    group: Object.fromEntries(
      groupBy.map((group, index) => [group, textOrNull(first[`group_${index}`])]),
    ),
    count,
    errorCount,
    errorRate: count === 0 ? 0 : errorCount / count,
    ...(durationMs === undefined ? {} : { durationMs }),
    usage: Object.fromEntries(usage.filter(([, value]) => value !== undefined)),
    ...(cost === undefined ? {} : { cost }),
    ...(withFeedback ? { feedback: feedbackOf(rows.filter((row) => "name" in row)) } : {}),
  };
}

function textOrNull(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** `undefined` when nothing has a value. */
function sum(parts: readonly Row[], column: string): number | undefined {
  const known = parts
    .map((part) => optionalNumber(part, column))
    .filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}

function durationsOf(parts: readonly Row[]): TraceAggregate["durationMs"] {
  const micros = parts.flatMap(
    (part) => JSON.parse(text(part, "durations") || "[]") as (number | null)[],
  );
  const known = Float64Array.from(micros.filter((value) => value !== null)).sort();
  if (known.length === 0) return undefined;
  const total = known.reduce((all, value) => all + value, 0);
  return {
    mean: inMillis(total / known.length),
    p50: inMillis(percentile(known, 0.5)),
    p95: inMillis(percentile(known, 0.95)),
    p99: inMillis(percentile(known, 0.99)),
  };
}

/** Rounded to the microsecond: anything finer is rounding error. */
function inMillis(micros: number): number {
  return Math.round(micros) / 1000;
}

function sortKey({ bucket = 0, group }: TraceAggregate, { groupBy }: TraceAggregateQuery): SortKey {
  return [bucket, ...groupBy.map((name) => group[name] ?? null)];
}

type SortKey = readonly (number | string | null)[];

/** By time, then by group; missing values come last. */
function inOrder(a: SortKey, b: SortKey): number {
  for (const [index, one] of a.entries()) {
    const other = b[index] ?? null;
    if (one === other) continue;
    if (one === null || other === null) return one === null ? 1 : -1;
    return one < other ? -1 : 1;
  }
  return 0;
}
