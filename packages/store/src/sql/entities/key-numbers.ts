import type { Insert, Sql } from "../database.ts";
import { number, placeholders, text } from "../values.ts";

/** The scope of a key's number. */
export interface KeySpace {
  readonly experimentId: string;
  readonly kind: "metric" | "param";
}

const INSERT_KEY: Insert = {
  table: "run_keys",
  columns: ["id", "experiment_id", "kind", "key"],
  conflict: { key: [], update: [] },
};

/** Key → its number, for some keys of an experiment; new keys get one. */
export async function keyNumbers(
  sql: Sql,
  { experimentId, kind }: KeySpace,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const stored = new Map<string, number>();
  // A database may not store lone surrogates: then it returns a different text.
  const numberOf = (key: string): number | undefined =>
    stored.get(key) ?? stored.get(key.toWellFormed());
  for (;;) {
    const rows = await sql.all(
      `SELECT key, id FROM run_keys WHERE experiment_id = ? AND kind = ? AND key IN (${placeholders(keys)})`,
      [experimentId, kind, ...keys],
    );
    for (const row of rows) stored.set(text(row, "key"), number(row, "id"));
    const missing = keys.filter((key) => numberOf(key) === undefined);
    if (missing.length === 0) return new Map(keys.map((key) => [key, numberOf(key) ?? 0]));
    // A number or key that somebody else has taken meanwhile is refused, and looked up again.
    const [row = {}] = await sql.all("SELECT MAX(id) AS last FROM run_keys");
    const first = number(row, "last") + 1;
    await sql.insert(
      INSERT_KEY,
      missing.map((key, index) => [first + index, experimentId, kind, key]),
    );
  }
}
