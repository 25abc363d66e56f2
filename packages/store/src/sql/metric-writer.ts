import type { MetricPoint } from "@rivulet/domain";
import type { SqlConnection } from "./sql-connection.ts";
import { number, toMicros } from "./values.ts";

/** The run that points belong to. */
export interface MetricOwner {
  readonly runId: string;
  readonly experimentId: string;
}

/** Adds points, and moves the latest value of each metric along. The same point twice is one point. */
export async function insertMetrics(
  sql: SqlConnection,
  owner: MetricOwner,
  points: readonly MetricPoint[],
): Promise<void> {
  const latest = new Map<string, MetricPoint>();
  const series = new Map<string, number>();
  for (const point of points) {
    const id = series.get(point.key) ?? (await seriesId(sql, owner.runId, point.key));
    series.set(point.key, id);
    await sql.run("INSERT INTO metric_points VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", [
      id,
      point.step,
      toMicros(point.timestamp),
      point.value,
    ]);
    const known = latest.get(point.key);
    if (known === undefined || isLater(point, known)) latest.set(point.key, point);
  }
  for (const point of latest.values()) await moveLatest(sql, owner, point);
}

async function seriesId(sql: SqlConnection, runId: string, key: string): Promise<number> {
  const find = "SELECT id FROM metric_series WHERE run_id = ? AND key = ?";
  const [known] = await sql.all(find, [runId, key]);
  if (known !== undefined) return number(known, "id");
  await sql.run(
    "INSERT INTO metric_series (id, run_id, key) SELECT COALESCE(MAX(id), 0) + 1, ?, ? FROM metric_series",
    [runId, key],
  );
  const [made = {}] = await sql.all(find, [runId, key]);
  return number(made, "id");
}

async function moveLatest(
  sql: SqlConnection,
  owner: MetricOwner,
  point: MetricPoint,
): Promise<void> {
  await sql.run(
    `INSERT INTO latest_metrics (experiment_id, run_id, key, value, step, ts_us) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id, key) DO UPDATE SET value = excluded.value, step = excluded.step, ts_us = excluded.ts_us
     WHERE excluded.step > latest_metrics.step
       OR (excluded.step = latest_metrics.step AND excluded.ts_us >= latest_metrics.ts_us)`,
    [
      owner.experimentId,
      owner.runId,
      point.key,
      point.value,
      point.step,
      toMicros(point.timestamp),
    ],
  );
}

function isLater(point: MetricPoint, than: MetricPoint): boolean {
  return point.step > than.step || (point.step === than.step && point.timestamp >= than.timestamp);
}
