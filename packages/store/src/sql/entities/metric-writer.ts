import type { MetricPoint } from "@rivulet/domain";
import type { Insert, Sql } from "../database.ts";
import { toMicros } from "../values.ts";
import { keyNumbers } from "./key-numbers.ts";

/** The run that values belong to. */
export interface ValueOwner {
  /** Its number. */
  readonly run: number;
  readonly experimentId: string;
}

const INSERT_POINT: Insert = {
  table: "points",
  columns: ["run", "key", "step", "ts_us", "value"],
  conflict: { key: [], update: [] },
};

const INSERT_LATEST: Insert = {
  table: "metrics",
  columns: ["run", "key", "value", "step", "ts_us"],
  conflict: {
    key: ["run", "key"],
    update: ["value", "step", "ts_us"],
    where: `excluded.step > metrics.step
      OR (excluded.step = metrics.step AND excluded.ts_us >= metrics.ts_us)`,
  },
};

/** Adds points and updates the latest value of each metric. The same point twice counts once. */
export async function insertMetrics(
  sql: Sql,
  { run, experimentId }: ValueOwner,
  points: readonly MetricPoint[],
): Promise<void> {
  if (points.length === 0) return;
  const latest = new Map<string, MetricPoint>();
  for (const point of points) {
    const known = latest.get(point.key);
    if (known === undefined || isLater(point, known)) latest.set(point.key, point);
  }
  const space = { experimentId, kind: "metric" } as const;
  const numbers = await keyNumbers(sql, space, [...latest.keys()].sort());
  await sql.insert(
    INSERT_POINT,
    points.map(({ key, step, timestamp, value }) => [
      run,
      numbers.get(key) ?? null,
      step,
      toMicros(timestamp),
      sql.dialect.real(value),
    ]),
  );
  await sql.insert(
    INSERT_LATEST,
    [...latest.values()].map(({ key, value, step, timestamp }) => [
      run,
      numbers.get(key) ?? null,
      sql.dialect.real(value),
      step,
      toMicros(timestamp),
    ]),
  );
}

function isLater(point: MetricPoint, than: MetricPoint): boolean {
  return point.step > than.step || (point.step === than.step && point.timestamp >= than.timestamp);
}
