import type { ChildMetric, RankedChild, RunStatus } from "@rivulet/domain";
import type { ChildSummariesQuery, StoredChildSummary } from "../../port/runs.ts";
import type { Row, Sql } from "../database.ts";
import { number, placeholders, text } from "../values.ts";

/** The children of some runs, summed up: one entry per run that has any. */
export async function summariseChildren(
  sql: Sql,
  { runIds, metrics }: ChildSummariesQuery,
): Promise<readonly StoredChildSummary[]> {
  if (runIds.length === 0) return [];
  const summaries = new Map<string, Summary>();
  for (const row of await countByStatus(sql, runIds)) addStatus(summaries, row);
  if (metrics.length > 0) {
    for (const row of await sumUpMetrics(sql, { runIds, metrics })) {
      summaries.get(text(row, "parent"))?.metrics.push(metricOf(row));
    }
  }
  return [...summaries.values()];
}

/** A summary that is put together row by row. */
interface Summary {
  readonly runId: string;
  count: number;
  readonly statuses: Partial<Record<RunStatus, number>>;
  readonly metrics: ChildMetric[];
}

function countByStatus(sql: Sql, runIds: readonly string[]): Promise<readonly Row[]> {
  return sql.all(
    `SELECT t.parent_run_id AS parent, t.status, COUNT(*) AS count FROM runs t
     WHERE t.parent_run_id IN (${placeholders(runIds)}) AND t.lifecycle_stage = 'active'
     GROUP BY t.parent_run_id, t.status`,
    runIds,
  );
}

function addStatus(summaries: Map<string, Summary>, row: Row): void {
  const runId = text(row, "parent");
  const summary = summaries.get(runId) ?? { runId, count: 0, statuses: {}, metrics: [] };
  summaries.set(runId, summary);
  const count = number(row, "count");
  summary.statuses[text(row, "status") as RunStatus] = count;
  summary.count += count;
}

/**
 * One row per run and metric. `standing` is 0 for a value that counts, so that those are ranked among themselves: `up`
 * from the least, `down` from the greatest, of the same ones the run that started first.
 */
function sumUpMetrics(sql: Sql, { runIds, metrics }: ChildSummariesQuery): Promise<readonly Row[]> {
  const group = "PARTITION BY v.parent, v.metric, v.standing";
  return sql.all(
    `WITH child_values AS (
       SELECT t.parent_run_id AS parent, mk.key AS metric, t.id, t.name, t.start_us, mv.value,
         CASE WHEN t.status IN ('failed', 'killed') THEN 2 WHEN mv.value BETWEEN ? AND ? THEN 0 ELSE 1 END AS standing
       FROM runs t CROSS JOIN metrics mv CROSS JOIN run_keys mk
       WHERE t.parent_run_id IN (${placeholders(runIds)}) AND t.lifecycle_stage = 'active'
         AND mv.run = t.inner_id AND mk.id = mv.key AND mk.key IN (${placeholders(metrics)})
     ), ranked AS (
       SELECT v.*, COUNT(*) OVER (${group}) AS many,
         ROW_NUMBER() OVER (${group} ORDER BY v.value, v.start_us, v.id) AS up,
         ROW_NUMBER() OVER (${group} ORDER BY v.value DESC, v.start_us, v.id) AS down
       FROM child_values v
     )
     SELECT r.parent, r.metric,
       SUM(CASE WHEN r.standing = 0 THEN 1 ELSE 0 END) AS count,
       SUM(CASE WHEN r.standing = 2 THEN 1 ELSE 0 END) AS failed,
       SUM(CASE WHEN r.standing = 1 THEN 1 ELSE 0 END) AS diverged,
       AVG(CASE WHEN r.standing = 0 THEN r.value END) AS mean,
       AVG(CASE WHEN r.standing = 0 AND r.up IN ((r.many + 1) / 2, (r.many + 2) / 2) THEN r.value END) AS median,
       MAX(CASE WHEN r.standing = 0 AND r.up = 1 THEN r.id END) AS least_id,
       MAX(CASE WHEN r.standing = 0 AND r.up = 1 THEN r.name END) AS least_name,
       MAX(CASE WHEN r.standing = 0 AND r.up = 1 THEN r.value END) AS least_value,
       MAX(CASE WHEN r.standing = 0 AND r.down = 1 THEN r.id END) AS greatest_id,
       MAX(CASE WHEN r.standing = 0 AND r.down = 1 THEN r.name END) AS greatest_name,
       MAX(CASE WHEN r.standing = 0 AND r.down = 1 THEN r.value END) AS greatest_value
     FROM ranked r GROUP BY r.parent, r.metric`,
    [-Number.MAX_VALUE, Number.MAX_VALUE, ...runIds, ...metrics],
  );
}

function metricOf(row: Row): ChildMetric {
  const counts = {
    key: text(row, "metric"),
    count: number(row, "count"),
    failed: number(row, "failed"),
    diverged: number(row, "diverged"),
  };
  if (counts.count === 0) return counts;
  return {
    ...counts,
    mean: number(row, "mean"),
    median: number(row, "median"),
    least: childOf(row, "least"),
    greatest: childOf(row, "greatest"),
  };
}

function childOf(row: Row, place: "least" | "greatest"): RankedChild {
  return {
    runId: text(row, `${place}_id`),
    name: text(row, `${place}_name`),
    value: number(row, `${place}_value`),
  };
}
