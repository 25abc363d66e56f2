import type { Run } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { Row, Sql } from "../database.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { number, placeholders, text } from "../values.ts";

/** Runs with their params and the latest value of each metric. */
export const runRows: EntityRows<Run> = entityRows(ENTITIES.run, {
  async load(sql, rows) {
    const runs = rows.map((row) => number(row, "inner_id"));
    const params = await loadPairs(sql, { table: "params", runs, read: text });
    const metrics = await loadPairs(sql, { table: "metrics", runs, read: number });
    return (row) => {
      const id = number(row, "inner_id");
      return { params: params.get(id) ?? {}, metrics: metrics.get(id) ?? {} };
    };
  },
});

/** The error for an unknown run. */
export function noRun(id: string): RivuletError {
  return new RivuletError("not_found", `No run has the id "${id}".`, { details: { id } });
}

/** The row of a run, locked until the transaction ends. @throws RivuletError `not_found`; `conflict` when it is deleted */
export async function writableRun(sql: Sql, id: string): Promise<Row> {
  const row = await runRows.hold(sql, [id]);
  if (text(row, "lifecycle_stage") !== "deleted") return row;
  throw new RivuletError("conflict", `Run "${id}" is deleted. Restore it before writing to it.`, {
    details: { id },
  });
}

interface PairSource<T> {
  readonly table: "params" | "metrics";
  readonly runs: readonly number[];
  readonly read: (row: Row, column: string) => T;
}

async function loadPairs<T>(
  sql: Sql,
  { table, runs, read }: PairSource<T>,
): Promise<ReadonlyMap<number, Record<string, T>>> {
  if (runs.length === 0) return new Map();
  const rows = await sql.all(
    `SELECT v.run, k.key, v.value FROM ${table} v CROSS JOIN run_keys k
     WHERE v.run IN (${placeholders(runs)}) AND k.id = v.key ORDER BY k.key`,
    runs,
  );
  const pairs = new Map<number, [string, T][]>();
  for (const row of rows) {
    const run = number(row, "run");
    const known = pairs.get(run) ?? [];
    known.push([text(row, "key"), read(row, "value")]);
    pairs.set(run, known);
  }
  return new Map([...pairs].map(([run, entries]) => [run, Object.fromEntries(entries)]));
}
