import type { Sql } from "../database.ts";
import { placeholders, text } from "../values.ts";

/**
 * Removes the records of datasets that were made of these traces, out of every version; and what evaluations hold of
 * records of which nothing is left. Returns the traces that those evaluations have recorded of them.
 */
export async function eraseRecords(
  sql: Sql,
  traceIds: readonly string[],
): Promise<readonly string[]> {
  if (traceIds.length === 0) return [];
  const made = `source_trace_id IN (${placeholders(traceIds)})`;
  const named = await sql.all(
    `SELECT DISTINCT dataset FROM dataset_records WHERE ${made} ORDER BY dataset`,
    traceIds,
  );
  const recorded: string[] = [];
  for (const row of named) {
    const dataset = text(row, "dataset");
    // Nobody else creates a version before this transaction ends.
    await sql.all(`SELECT 1 FROM datasets WHERE name = ? ${sql.dialect.forUpdate}`, [dataset]);
    const ids = await sql.all(
      `SELECT DISTINCT id FROM dataset_records WHERE dataset = ? AND ${made}`,
      [dataset, ...traceIds],
    );
    await sql.run(`DELETE FROM dataset_records WHERE dataset = ? AND ${made}`, [
      dataset,
      ...traceIds,
    ]);
    await sql.run(
      `UPDATE datasets SET record_count = (SELECT COUNT(*) FROM dataset_records r
         WHERE r.dataset = datasets.name AND r.until_version IS NULL) WHERE name = ?`,
      [dataset],
    );
    for (const found of ids) {
      recorded.push(...(await eraseRows(sql, { dataset, id: text(found, "id") })));
    }
  }
  return recorded;
}

/** The evaluation rows of a record that is in no version any more. */
async function eraseRows(
  sql: Sql,
  { dataset, id }: { readonly dataset: string; readonly id: string },
): Promise<readonly string[]> {
  const [left] = await sql.all(
    "SELECT 1 FROM dataset_records WHERE dataset = ? AND id = ? LIMIT 1",
    [dataset, id],
  );
  if (left !== undefined) return [];
  const own = "row_id = ? AND evaluation_id IN (SELECT id FROM evaluations WHERE dataset_name = ?)";
  const rows = await sql.all(
    `SELECT trace_id FROM evaluation_rows WHERE ${own} AND trace_id IS NOT NULL`,
    [id, dataset],
  );
  await sql.run(`DELETE FROM evaluation_rows WHERE ${own}`, [id, dataset]);
  return rows.map((row) => text(row, "trace_id"));
}
