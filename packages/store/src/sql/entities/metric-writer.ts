import { randomInt } from "node:crypto";
import type { MetricPoint } from "@rivulet/domain";
import type { Insert, Sql } from "../database.ts";
import { number, placeholders, text, toMicros } from "../values.ts";

/** The run that points belong to. */
export interface MetricOwner {
  readonly runId: string;
  readonly experimentId: string;
}

const INSERT_POINT: Insert = {
  table: "metric_points",
  columns: ["series", "step", "ts_us", "value"],
  conflict: { key: [], update: [] },
};

const INSERT_LATEST: Insert = {
  table: "latest_metrics",
  columns: ["run_id", "key", "value", "step", "ts_us", "experiment_id"],
  conflict: {
    key: ["run_id", "key"],
    update: ["value", "step", "ts_us"],
    where: `excluded.step > latest_metrics.step
      OR (excluded.step = latest_metrics.step AND excluded.ts_us >= latest_metrics.ts_us)`,
  },
};

/** Adds points, and moves the latest value of each metric along. The same point twice is one point. */
export async function insertMetrics(
  sql: Sql,
  { runId, experimentId }: MetricOwner,
  points: readonly MetricPoint[],
): Promise<void> {
  if (points.length === 0) return;
  const latest = new Map<string, MetricPoint>();
  for (const point of points) {
    const known = latest.get(point.key);
    if (known === undefined || isLater(point, known)) latest.set(point.key, point);
  }
  const series = await seriesOf(sql, runId, [...latest.keys()].sort());
  await sql.insert(
    INSERT_POINT,
    points.map(({ key, step, timestamp, value }) => [
      series.get(key) ?? null,
      step,
      toMicros(timestamp),
      sql.dialect.real(value),
    ]),
  );
  await sql.insert(
    INSERT_LATEST,
    [...latest.values()].map(({ key, value, step, timestamp }) => [
      runId,
      key,
      sql.dialect.real(value),
      step,
      toMicros(timestamp),
      experimentId,
    ]),
  );
}

function isLater(point: MetricPoint, than: MetricPoint): boolean {
  return point.step > than.step || (point.step === than.step && point.timestamp >= than.timestamp);
}

const INSERT_SERIES: Insert = {
  table: "metric_series",
  columns: ["run_id", "key", "id"],
  conflict: { key: [], update: [] },
};

/** The numbers of a run's series; those that are not there are made. */
async function seriesOf(
  sql: Sql,
  runId: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (;;) {
    const rows = await sql.all(
      `SELECT key, id FROM metric_series WHERE run_id = ? AND key IN (${placeholders(keys)})`,
      [runId, ...keys],
    );
    for (const row of rows) found.set(text(row, "key"), number(row, "id"));
    const missing = keys.filter((key) => !found.has(key));
    if (missing.length === 0) return found;
    // A number that somebody else has taken is refused, and another one tried.
    const first = newSeriesId();
    await sql.insert(
      INSERT_SERIES,
      missing.map((key, index) => [runId, key, first + index]),
    );
  }
}

/** Below 2^53 until 2109, and ordered by time, so that new series stand side by side. */
function newSeriesId(): number {
  const perMillisecond = 2048;
  return Date.now() * perMillisecond + randomInt(perMillisecond);
}
