import type { RunKeys } from "../../port/runs.ts";
import type { Sql } from "../database.ts";
import { byBytes, placeholders, text } from "../values.ts";
import type { KeySpace } from "./key-numbers.ts";

/**
 * The keys in use by runs of some experiments, or of all. Each key costs one index lookup, however many runs use it.
 */
export async function listKeys(sql: Sql, experimentIds: readonly string[]): Promise<RunKeys> {
  return {
    metrics: await keysOf(sql, "metric", experimentIds),
    params: await keysOf(sql, "param", experimentIds),
    tags: await tagKeys(sql, experimentIds),
  };
}

async function keysOf(
  sql: Sql,
  kind: KeySpace["kind"],
  experimentIds: readonly string[],
): Promise<readonly string[]> {
  const within =
    experimentIds.length === 0 ? "" : ` AND experiment_id IN (${placeholders(experimentIds)})`;
  const rows = await sql.all(`SELECT DISTINCT key FROM run_keys WHERE kind = ?${within}`, [
    kind,
    ...experimentIds,
  ]);
  return rows.map((row) => text(row, "key")).sort(byBytes);
}

async function tagKeys(sql: Sql, experimentIds: readonly string[]): Promise<readonly string[]> {
  const keys = await allTagKeys(sql);
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

/** Jumps from key to key: `DISTINCT` would scan all rows of each. */
async function allTagKeys(sql: Sql): Promise<readonly string[]> {
  const rows = await sql.all(
    `WITH RECURSIVE found (key) AS (
       SELECT MIN(key) FROM tags WHERE entity = 'run'
       UNION ALL
       SELECT (SELECT MIN(v.key) FROM tags v WHERE v.entity = 'run' AND v.key > found.key)
       FROM found WHERE found.key IS NOT NULL
     ) SELECT key FROM found WHERE key IS NOT NULL`,
  );
  return rows.map((row) => text(row, "key"));
}
