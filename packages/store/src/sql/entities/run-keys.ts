import type { RunKeys } from "../../port/runs.ts";
import { keysInUse, tagKeys } from "../aggregates/keys-in-use.ts";
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
    tags: await keysInUse(sql, tagKeys("run", "runs"), experimentIds),
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
