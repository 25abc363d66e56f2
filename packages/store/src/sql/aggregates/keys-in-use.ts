import type { Row, Sql, SqlValue } from "../database.ts";
import { beginning } from "../kit/declared-table.ts";
import { placeholders, text } from "../values.ts";

/** Most keys of a kind that are listed. */
const MOST_KEYS = 1_000;

/** Rows that have keys, over which an index runs in the order of the keys. */
export interface KeyedRows {
  /** Operand of FROM, with the alias `v`. */
  readonly from: string;
  /** The key, as the index has it. */
  readonly key: string;
  /** Condition for the rows, as the index has it. */
  readonly where: string;
  /** The owner's table, and the condition that a row of `v` belongs to a row `t` of it. */
  readonly owner: { readonly table: string; readonly owned: string };
}

/** The keys that tags of an entity have. */
export function tagKeys(entity: "run" | "trace", table: string): KeyedRows {
  return {
    from: "tags v",
    key: "v.key",
    where: `v.entity = '${entity}'`,
    owner: { table, owned: "t.id = v.owner" },
  };
}

const TRACE = { table: "traces", owned: "t.id = v.trace_id" };

/** The names that feedback, or expectations, have. */
export function assessmentNames(kind: "feedback" | "expectation"): KeyedRows {
  return { from: "assessments v", key: "v.name", where: `v.kind = '${kind}'`, owner: TRACE };
}

/** The models that spans called. */
export const modelNames: KeyedRows = {
  from: "spans v",
  key: beginning("v.model"),
  where: "v.model IS NOT NULL",
  owner: TRACE,
};

/** The names of the spans that are tools. */
export const toolNames: KeyedRows = {
  from: "spans v",
  key: beginning("v.name"),
  where: "v.type = 'tool'",
  owner: TRACE,
};

/**
 * The keys that rows of some experiments have, or of all: in order, at most 1,000. Each key costs one index lookup,
 * however many rows have it.
 */
export async function keysInUse(
  sql: Sql,
  rows: KeyedRows,
  experimentIds: readonly string[],
): Promise<readonly string[]> {
  const keys = (await allKeys(sql, rows)).map((row) => text(row, "key"));
  if (experimentIds.length === 0) return keys;
  const used: string[] = [];
  for (const key of keys) {
    if (await isUsed(sql, rows, [key, ...experimentIds])) used.push(key);
  }
  return used;
}

/** Jumps from key to key: `DISTINCT` would scan all rows of each. */
function allKeys(sql: Sql, { from, key, where }: KeyedRows): Promise<readonly Row[]> {
  const first = (isNext: string): string =>
    `(SELECT ${key} FROM ${from} WHERE ${where}${isNext} ORDER BY ${key} LIMIT 1)`;
  return sql.all(
    `WITH RECURSIVE found (key, place) AS (
       SELECT ${first("")}, 1
       UNION ALL
       SELECT ${first(` AND ${key} > found.key`)}, found.place + 1
       FROM found WHERE found.key IS NOT NULL AND found.place < ${MOST_KEYS}
     ) SELECT key FROM found WHERE key IS NOT NULL ORDER BY place`,
  );
}

async function isUsed(
  sql: Sql,
  { from, key, where, owner: { table, owned } }: KeyedRows,
  [name = null, ...experimentIds]: readonly SqlValue[],
): Promise<boolean> {
  const [found] = await sql.all(
    `SELECT 1 FROM ${from} JOIN ${table} t ON ${owned}
     WHERE ${where} AND ${key} = ? AND t.experiment_id IN (${placeholders(experimentIds)}) LIMIT 1`,
    [name, ...experimentIds],
  );
  return found !== undefined;
}
