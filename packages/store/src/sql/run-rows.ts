import type { LifecycleStage, Run, RunStatus } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { Row, Sql, Statement } from "./database.ts";
import { loadTags } from "./tags.ts";
import {
  number,
  optionalMillis,
  optionalText,
  placeholders,
  present,
  text,
  toMillis,
} from "./values.ts";

/** Rows of `runs` as runs, with what was logged of them. */
export async function loadRuns(sql: Sql, rows: readonly Row[]): Promise<Run[]> {
  const ids = rows.map((row) => text(row, "id"));
  const tags = await loadTags(sql, "run", ids);
  const params = await loadPairs(sql, { table: "run_params", ids, read: text });
  const metrics = await loadPairs(sql, { table: "latest_metrics", ids, read: number });
  return rows.map((row) => {
    const id = text(row, "id");
    return present<Run>({
      id,
      experimentId: text(row, "experiment_id"),
      name: text(row, "name"),
      status: text(row, "status") as RunStatus,
      statusMessage: optionalText(row, "status_message"),
      startTime: toMillis(row["start_us"]),
      endTime: optionalMillis(row, "end_us"),
      parentRunId: optionalText(row, "parent_run_id"),
      userId: optionalText(row, "user_id"),
      lifecycleStage: text(row, "lifecycle") as LifecycleStage,
      params: params.get(id) ?? {},
      tags: tags.get(id) ?? {},
      metrics: metrics.get(id) ?? {},
    });
  });
}

/** The condition that keeps some experiments; none for all. */
export function inExperiments(ids: readonly string[]): readonly Statement[] {
  return ids.length === 0
    ? []
    : [{ sql: `t.experiment_id IN (${placeholders(ids)})`, values: ids }];
}

/** No run has this id. */
export function noRun(id: string): RivuletError {
  return new RivuletError("not_found", `No run has the id "${id}".`, { details: { id } });
}

interface PairSource<T> {
  readonly table: "run_params" | "latest_metrics";
  readonly ids: readonly string[];
  readonly read: (row: Row, column: string) => T;
}

async function loadPairs<T>(
  sql: Sql,
  { table: source, ids, read }: PairSource<T>,
): Promise<ReadonlyMap<string, Record<string, T>>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.all(
    `SELECT run_id, key, value FROM ${source} WHERE run_id IN (${placeholders(ids)}) ORDER BY key`,
    ids,
  );
  const pairs = new Map<string, [string, T][]>();
  for (const row of rows) {
    const runId = text(row, "run_id");
    const known = pairs.get(runId) ?? [];
    known.push([text(row, "key"), read(row, "value")]);
    pairs.set(runId, known);
  }
  return new Map([...pairs].map(([runId, entries]) => [runId, Object.fromEntries(entries)]));
}
