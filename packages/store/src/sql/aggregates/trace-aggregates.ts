import type { TraceAggregate } from "@rivulet/domain";
import { USAGE_FIELDS } from "@rivulet/domain/entities";
import type { TraceAggregateQuery } from "../../port/traces.ts";
import type { Database, Row, SqlValue } from "../database.ts";
import { columnName } from "../kit/declared-table.ts";
import { readRolledUp } from "../rollups/rolled-up.ts";
import { optionalNumber } from "../values.ts";
import { readDurations, summarize } from "./durations.ts";
import { readSums } from "./trace-sums.ts";
import { feedbackOf } from "./trace-totals.ts";

/**
 * Totals of traces or spans, by time bucket and group, in this order. @throws RivuletError `deadline_exceeded`,
 * `invalid_argument`
 */
export async function aggregateTraces(
  database: Database,
  query: TraceAggregateQuery,
): Promise<readonly TraceAggregate[]> {
  const rows = (await readRolledUp(database, query)) ?? (await readSums(database, query));
  const partsOf = Map.groupBy(rows, (row) => keyOf(row, query.groupBy.length));
  const sums = [...partsOf.values()].map((parts) => addUp(parts, query));
  return sums.sort((a, b) => inOrder(sortKey(a, query), sortKey(b, query)));
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
  const summary = summarize(parts.map(readDurations));
  if (summary === undefined) return undefined;
  const { mean, p50, p95, p99 } = summary;
  return { mean: inMillis(mean), p50: inMillis(p50), p95: inMillis(p95), p99: inMillis(p99) };
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
