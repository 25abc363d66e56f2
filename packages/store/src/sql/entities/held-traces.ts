import type { Sql, Statement } from "../database.ts";
import { placeholders, text } from "../values.ts";

/** SELECTs of the traces among some that something protects from retention, each found by an index. */
const PROTECTED = (list: string): readonly string[] => [
  `SELECT id FROM traces WHERE id IN (${list}) AND pinned IS NOT NULL`,
  `SELECT trace_id FROM assessments WHERE trace_id IN (${list})`,
  `SELECT trace_id FROM evaluation_rows WHERE trace_id IN (${list})`,
  `SELECT source_trace_id FROM dataset_records WHERE source_trace_id IN (${list})`,
];

/**
 * Those of some traces that are protected. They are marked, so that no later round of retention walks over them; and
 * locked, as are the others, until the transaction ends.
 */
export async function holdProtected(sql: Sql, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const list = placeholders(ids);
  await sql.all(
    `SELECT id FROM traces WHERE id IN (${list}) ORDER BY id ${sql.dialect.forUpdate}`,
    ids,
  );
  const selects = PROTECTED(list);
  const rows = await sql.all(
    selects.join(" UNION "),
    selects.flatMap(() => ids),
  );
  const held = rows.map((row) => text(row, "id"));
  if (held.length > 0) {
    await sql.run(`UPDATE traces SET held = 1 WHERE id IN (${placeholders(held)})`, held);
  }
  return held;
}

/** Whether something still protects the traces that a SELECT names is to be looked up again. */
export async function lookAgain(sql: Sql, { sql: select, values }: Statement): Promise<void> {
  await sql.run(
    `UPDATE traces SET held = NULL WHERE held IS NOT NULL AND id IN (${select})`,
    values,
  );
}
