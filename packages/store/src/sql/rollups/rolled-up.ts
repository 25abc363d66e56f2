import type { Condition, FilterClause, FilterValue } from "@rivulet/domain";
import type { TraceAggregateQuery } from "../../port/traces.ts";
import { readSums, SUMMED } from "../aggregates/trace-sums.ts";
import type { Database, Row, Sql, SqlValue, Statement } from "../database.ts";
import { timeOf } from "../search/compare.ts";
import { number, placeholders, toMicros } from "../values.ts";
import { ALL_TIME, SLICE_US, type Stretch, startsIn } from "./slice.ts";

/** Most stretches of time that are counted from the rows beside what is summed up. */
const MOST_STRETCHES = 32;

/**
 * The rows of {@link readSums}, from what is summed up behind the rows of traces. Slices that have changed since, and
 * the parts of slices at both ends, are counted from the rows.
 *
 * @returns `undefined` where that cannot answer the query: other conditions than on the start, other groups than the
 * experiment, feedback, buckets that no slices fill, or too much that has changed
 * @throws RivuletError `deadline_exceeded`
 */
export async function readRolledUp(
  database: Database,
  query: TraceAggregateQuery,
): Promise<readonly Row[] | undefined> {
  const stretch = canRollUp(database, query) ? stretchOf(query) : undefined;
  if (stretch === undefined) return undefined;
  const whole = {
    from: Math.ceil(Math.max(0, stretch.from) / SLICE_US) * SLICE_US,
    to: Math.floor(stretch.to / SLICE_US) * SLICE_US,
  };
  if (whole.from >= whole.to) return undefined;
  const { rows, stale } = await database.snapshot((sql) => readSlices(sql, query, whole));
  const stretches = [
    { from: stretch.from, to: whole.from },
    ...join(stale),
    { from: whole.to, to: stretch.to },
  ].filter(({ from, to }) => from < to);
  if (stretches.length > MOST_STRETCHES) return undefined;
  const counted = [...rows, ...nothing(query)];
  for (const part of stretches) {
    counted.push(...(await readSums(database, { ...query, where: startsIn(part) })));
  }
  return counted;
}

function canRollUp(
  { dialect }: Database,
  { groupBy, bucketMs, withFeedback = false }: TraceAggregateQuery,
): boolean {
  const fits = bucketMs === undefined || toMicros(bucketMs) % SLICE_US === 0;
  return dialect.rollsUp && fits && !withFeedback && groupBy.every((by) => by === "experimentId");
}

/** A group without a key is there even if nothing is in it. */
function nothing({ groupBy, bucketMs }: TraceAggregateQuery): readonly Row[] {
  return groupBy.length === 0 && bucketMs === undefined ? [{ count: 0 }] : [];
}

interface Slices {
  readonly rows: readonly Row[];
  /** Starts of slices in rising order. */
  readonly stale: readonly number[];
}

async function readSlices(sql: Sql, query: TraceAggregateQuery, whole: Stretch): Promise<Slices> {
  const { groupBy, bucketMs, experimentIds } = query;
  const where = withinSlices(whole, experimentIds);
  const noted = await sql.all(
    `SELECT DISTINCT slice_us FROM stale_rollups WHERE ${where.sql} ORDER BY slice_us`,
    where.values,
  );
  const bucket = bucketMs === undefined ? [] : [toMicros(bucketMs)];
  const columns = [
    ...bucket.map(() => "slice_us - slice_us % CAST(? AS BIGINT) AS bucket"),
    ...groupBy.map((_, index) => `experiment_id AS group_${index}`),
    "slice_us, traces AS count, errors, durations, bins, binned_us",
    ...SUMMED,
  ];
  const rows = await sql.all(`SELECT ${columns.join(", ")} FROM trace_rollups WHERE ${where.sql}`, [
    ...bucket,
    ...where.values,
  ]);
  const stale = noted.map((row) => number(row, "slice_us"));
  const isStale = new Set(stale);
  return { rows: rows.filter((row) => !isStale.has(number(row, "slice_us"))), stale };
}

function withinSlices({ from, to }: Stretch, experimentIds: readonly string[]): Statement {
  const values: readonly SqlValue[] = [from, to, ...experimentIds];
  const within =
    experimentIds.length === 0 ? "" : ` AND experiment_id IN (${placeholders(experimentIds)})`;
  return { sql: `slice_us >= ? AND slice_us < ?${within}`, values };
}

/** Slices that follow each other, as one stretch. */
function join(slices: readonly number[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const from of slices) {
    const last = stretches.at(-1);
    const to = from + SLICE_US;
    if (last?.to === from) stretches[stretches.length - 1] = { from: last.from, to };
    else stretches.push({ from, to });
  }
  return stretches;
}

/** The time that the conditions of a query leave; `undefined` when they test anything else. */
function stretchOf({ where, now }: TraceAggregateQuery): Stretch | undefined {
  return where.reduce<Stretch | undefined>(
    (stretch, condition) => stretch && narrow(stretch, condition, now),
    ALL_TIME,
  );
}

function narrow(
  stretch: Stretch,
  condition: Condition,
  now: number | undefined,
): Stretch | undefined {
  if ("all" in condition) {
    return condition.all.reduce<Stretch | undefined>(
      (left, part) => left && narrow(left, part, now),
      stretch,
    );
  }
  if (!("field" in condition) || !isOnStart(condition)) return undefined;
  const value = condition.value as FilterValue;
  if (typeof value === "object" && now === undefined) return undefined;
  const micros = timeOf({ value, scope: { now: () => now ?? 0 } }, condition);
  switch (condition.operator) {
    case ">=":
      return { ...stretch, from: Math.max(stretch.from, micros) };
    case ">":
      return { ...stretch, from: Math.max(stretch.from, micros + 1) };
    case "<":
      return { ...stretch, to: Math.min(stretch.to, micros) };
    case "<=":
      return { ...stretch, to: Math.min(stretch.to, micros + 1) };
    default:
      return undefined;
  }
}

function isOnStart({ field, value }: FilterClause): boolean {
  return field.kind === "attribute" && field.key === "startTime" && !Array.isArray(value);
}
