import type { MetricPoint, Page } from "@rivulet/domain";
import type { MetricHistoryQuery, MetricSeries, MetricSeriesQuery } from "../../port/store.ts";
import type { Row, Sql, SqlValue } from "../database.ts";
import { decodePageToken, encodePageToken, listName } from "../search/page-token.ts";
import { LIMIT, number, placeholders, text, toMillis } from "../values.ts";

const POINTS = `FROM points p WHERE p.run = (SELECT inner_id FROM runs WHERE id = ?) AND p.key =
  (SELECT k.id FROM runs r JOIN run_keys k ON k.experiment_id = r.experiment_id
   WHERE r.id = ? AND k.kind = 'metric' AND k.key = ?)`;

/** One page of a metric's points, by step, time and value. */
export async function readHistory(
  sql: Sql,
  { runId, key, limit, pageToken }: MetricHistoryQuery,
): Promise<Page<MetricPoint>> {
  const list = listName("history", runId, key);
  const after: readonly SqlValue[] =
    pageToken === undefined
      ? []
      : await decodePageToken(sql, { token: pageToken, list, length: 3 });
  const [step = 0, time = 0, value = 0] = after;
  const from = after.length === 0 ? [] : [step, time, sql.dialect.real(Number(value))];
  const behind = after.length === 0 ? "" : " AND (p.step, p.ts_us, p.value) > (?, ?, ?)";
  const rows = await sql.all(
    `SELECT p.step, p.ts_us, p.value ${POINTS}${behind} ORDER BY p.step, p.ts_us, p.value ${LIMIT}`,
    [runId, runId, key, ...from, limit + 1],
  );
  const items = rows.slice(0, limit).map((row) => ({
    key,
    value: number(row, "value"),
    step: number(row, "step"),
    timestamp: toMillis(row["ts_us"]),
  }));
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { items };
  // As text, because JSON has no NaN.
  const token = [number(last, "step"), number(last, "ts_us"), String(number(last, "value"))];
  return { items, nextPageToken: await encodePageToken(sql, list, token) };
}

/** Curves: the whole series is read and smoothed, then cut to the steps asked for, then reduced. */
export async function listSeries(
  sql: Sql,
  query: MetricSeriesQuery,
): Promise<readonly MetricSeries[]> {
  const { runIds, keys } = query;
  if (runIds.length === 0 || keys.length === 0) return [];
  const found = await sql.all(
    `SELECT r.id AS run_id, k.key, m.run, m.key AS key_number FROM runs r
     JOIN run_keys k ON k.experiment_id = r.experiment_id AND k.kind = 'metric'
     JOIN metrics m ON m.run = r.inner_id AND m.key = k.id
     WHERE r.id IN (${placeholders(runIds)}) AND k.key IN (${placeholders(keys)}) ORDER BY k.key, r.id`,
    [...runIds, ...keys],
  );
  const curves: MetricSeries[] = [];
  for (const series of found) {
    const points = await readPoints(sql, series, query);
    curves.push(curveOf(series, points, query));
  }
  return curves;
}

/** The points of a series that are needed for the steps asked for: an average needs all, whichever steps are shown. */
function readPoints(
  sql: Sql,
  series: Row,
  { fromStep, toStep, smoothing }: MetricSeriesQuery,
): Promise<readonly Row[]> {
  const from = smoothing > 0 ? undefined : fromStep;
  const to = smoothing > 0 ? undefined : toStep;
  const range = `${from === undefined ? "" : " AND step >= ?"}${to === undefined ? "" : " AND step <= ?"}`;
  return sql.all(
    `SELECT step, ts_us, value FROM points WHERE run = ? AND key = ?${range} ORDER BY step, ts_us, value`,
    [number(series, "run"), number(series, "key_number"), from, to].filter(
      (value) => value !== undefined,
    ),
  );
}

function curveOf(
  series: Row,
  all: readonly Row[],
  { fromStep, toStep, maxPoints, smoothing }: MetricSeriesQuery,
): MetricSeries {
  const steps = all.map((point) => number(point, "step"));
  // They are in order.
  const first = fromStep === undefined ? 0 : countUntil(steps, (step) => step >= fromStep);
  const end = toStep === undefined ? all.length : countUntil(steps, (step) => step > toStep);
  const points = all.slice(first, end);
  const whole = all.map((point) => number(point, "value"));
  const values = whole.slice(first, end);
  const smoothed = smoothing > 0 ? smooth(whole, smoothing).slice(first, end) : undefined;
  const kept = thinOut(values, maxPoints);
  return {
    runId: text(series, "run_id"),
    key: text(series, "key"),
    steps: kept.map((index) => number(points[index] ?? {}, "step")),
    timestamps: kept.map((index) => toMillis(points[index]?.["ts_us"])),
    values: kept.map((index) => values[index] ?? 0),
    ...(smoothed === undefined ? {} : { smoothed: kept.map((index) => smoothed[index] ?? 0) }),
    total: values.length,
  };
}

/** How many come before the first that is meant. */
function countUntil(steps: readonly number[], isMeant: (step: number) => boolean): number {
  const index = steps.findIndex(isMeant);
  return index === -1 ? steps.length : index;
}

/**
 * Debiased exponential moving average, as TensorBoard draws it. Constant series and those with fewer than
 * three points stay as they are, as do NaN and the infinities, which count for nothing.
 */
function smooth(values: readonly number[], weight: number): readonly number[] {
  if (values.length < 3 || values.every((value) => value === values[0])) return values;
  let average = 0;
  let count = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    average = average * weight + (1 - weight) * value;
    count += 1;
    return average / (1 - weight ** count);
  });
}

/** Indexes of at most `maxPoints` points: the first, the last, and the minimum and maximum of each interval between. */
function thinOut(values: readonly number[], maxPoints: number): readonly number[] {
  if (values.length <= maxPoints) return values.map((_, index) => index);
  const buckets = Math.max(1, Math.floor((maxPoints - 2) / 2));
  const inner = values.length - 2;
  const kept = new Set([0, values.length - 1]);
  for (let bucket = 0; bucket < buckets && maxPoints > 2; bucket += 1) {
    const from = 1 + Math.floor((bucket * inner) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * inner) / buckets);
    for (const index of extremes(values, from, to)) kept.add(index);
  }
  return [...kept].sort((a, b) => a - b).slice(0, Math.max(2, maxPoints));
}

function extremes(values: readonly number[], from: number, to: number): readonly number[] {
  let smallest = from;
  let largest = from;
  for (let index = from; index < to; index += 1) {
    if ((values[index] ?? 0) < (values[smallest] ?? 0)) smallest = index;
    if ((values[index] ?? 0) > (values[largest] ?? 0)) largest = index;
  }
  return [smallest, largest];
}
