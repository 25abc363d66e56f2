import { DEFAULT_EXPERIMENT_ID } from "@rivulet/domain";
import type { RunKeys } from "../../port/runs.ts";
import type { Sql, SqlValue } from "../database.ts";
import { byBytes, placeholders, text } from "../values.ts";

/**
 * The keys that runs use, of some experiments or of all. Each key costs one step in an index, however many runs
 * have it.
 */
export async function listKeys(sql: Sql, experimentIds: readonly string[]): Promise<RunKeys> {
  const experiments = experimentIds.length > 0 ? experimentIds : await allExperiments(sql);
  return {
    metrics: await keysIn(sql, "latest_metrics", experiments),
    params: await keysIn(sql, "run_params", experiments),
    tags: await tagKeys(sql, experimentIds),
  };
}

async function allExperiments(sql: Sql): Promise<readonly string[]> {
  const rows = await sql.all("SELECT id FROM experiments");
  return rows.length === 0 ? [DEFAULT_EXPERIMENT_ID] : rows.map((row) => text(row, "id"));
}

async function keysIn(
  sql: Sql,
  table: "latest_metrics" | "run_params",
  experimentIds: readonly string[],
): Promise<readonly string[]> {
  const keys = new Set<string>();
  for (const id of experimentIds) {
    const own = await distinctKeys(sql, { table, where: "experiment_id = ?", values: [id] });
    for (const key of own) keys.add(key);
  }
  return [...keys].sort(byBytes);
}

async function tagKeys(sql: Sql, experimentIds: readonly string[]): Promise<readonly string[]> {
  const keys = await distinctKeys(sql, { table: "tags", where: "entity = ?", values: ["run"] });
  if (experimentIds.length === 0) return keys.toSorted(byBytes);
  const used: string[] = [];
  for (const key of keys) {
    const [found] = await sql.all(
      `SELECT 1 FROM tags v JOIN runs t ON t.id = v.owner
       WHERE v.entity = 'run' AND v.key = ? AND t.experiment_id IN (${placeholders(experimentIds)}) LIMIT 1`,
      [key, ...experimentIds],
    );
    if (found !== undefined) used.push(key);
  }
  return used.sort(byBytes);
}

interface Keyed {
  readonly table: string;
  /** What comes before the key in an index. */
  readonly where: string;
  readonly values: readonly SqlValue[];
}

/** Jumps from key to key: `DISTINCT` would walk all rows of each. */
async function distinctKeys(sql: Sql, { table, where, values }: Keyed): Promise<readonly string[]> {
  const rows = await sql.all(
    `WITH RECURSIVE found (key) AS (
       SELECT MIN(key) FROM ${table} WHERE ${where}
       UNION ALL
       SELECT (SELECT MIN(v.key) FROM ${table} v WHERE ${where} AND v.key > found.key)
       FROM found WHERE found.key IS NOT NULL
     ) SELECT key FROM found WHERE key IS NOT NULL`,
    [...values, ...values],
  );
  return rows.map((row) => text(row, "key"));
}
