import type { Run } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { Row, Sql } from "../database.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { number, placeholders, text } from "../values.ts";

/** Runs; each knows its params and the latest value of each of its metrics. */
export const runRows: EntityRows<Run> = entityRows(ENTITIES.run, {
  async load(sql, rows) {
    const ids = rows.map((row) => text(row, "id"));
    const params = await loadPairs(sql, { table: "run_params", ids, read: text });
    const metrics = await loadPairs(sql, { table: "latest_metrics", ids, read: number });
    return (row) => {
      const id = text(row, "id");
      return { params: params.get(id) ?? {}, metrics: metrics.get(id) ?? {} };
    };
  },
});

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
