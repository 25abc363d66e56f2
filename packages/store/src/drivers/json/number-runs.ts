import type { Sql } from "../../sql/database.ts";
import { keyNumbers } from "../../sql/entities/key-numbers.ts";
import { METRICS, RUNS, tableOf } from "./file-kinds.ts";
import type { ReadRow } from "./project-rows.ts";

const KEYED = { [tableOf("params").name]: "param", [METRICS.table.name]: "metric" } as const;

/** The rows as the database has them: those of runs refer to numbers, which shared files do not contain. */
export async function numbered(
  sql: Sql,
  rows: readonly ReadRow[],
  known: ReadonlyMap<string, number>,
): Promise<readonly ReadRow[]> {
  const numbers = new Map(known);
  let last = Math.max(0, ...known.values());
  const numberOf = (id: string): number => {
    const number = numbers.get(id) ?? ++last;
    numbers.set(id, number);
    return number;
  };
  const keys = await keysOf(sql, rows);
  return rows.map((one) => {
    const { table, row } = one;
    if (table.name === RUNS.table.name) {
      return { ...one, row: { ...row, inner_id: numberOf(String(row["id"])) } };
    }
    const kind = KEYED[table.name];
    if (kind === undefined) return one;
    const key = keys.get(spaceOf(one))?.get(String(row["key"])) ?? null;
    return { ...one, row: { ...row, run: numberOf(String(row["run"])), key } };
  });
}

/** Numbers of the names of params and metrics, by their owner. */
async function keysOf(
  sql: Sql,
  rows: readonly ReadRow[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const keys = new Map<string, ReadonlyMap<string, number>>();
  const keyed = rows.filter(({ table }) => KEYED[table.name] !== undefined);
  for (const [space, own] of Map.groupBy(keyed, spaceOf)) {
    const [experimentId, kind] = JSON.parse(space);
    const names = [...new Set(own.map(({ row }) => String(row["key"])))];
    keys.set(space, await keyNumbers(sql, { experimentId, kind }, names.sort()));
  }
  return keys;
}

function spaceOf({ table, row }: ReadRow): string {
  return JSON.stringify([row["experiment_id"], KEYED[table.name]]);
}
