import type { Sql } from "./database.ts";

/** What was deleted before it was noted when has been deleted now, and every metric is summed up from its points. */
export async function moveRunsTo4(sql: Sql): Promise<void> {
  for (const table of ["runs", "experiments"]) {
    await sql.run(
      `UPDATE ${table} SET deleted_us = ${sql.dialect.now} WHERE lifecycle_stage = 'deleted'`,
    );
  }
  const of = "p.run = metrics.run AND p.key = metrics.key";
  const finite = "p.value <= ?";
  const first = (column: string): string =>
    `(SELECT p.${column} FROM points p WHERE ${of} ORDER BY p.step, p.ts_us, p.value LIMIT 1)`;
  await sql.run(
    `UPDATE metrics SET
       min_value = (SELECT MIN(p.value) FROM points p WHERE ${of} AND ${finite}),
       max_value = (SELECT MAX(p.value) FROM points p WHERE ${of} AND ${finite}),
       first_value = ${first("value")}, first_step = ${first("step")}, first_us = ${first("ts_us")},
       points = (SELECT COUNT(*) FROM points p WHERE ${of})
     WHERE EXISTS (SELECT 1 FROM points p WHERE ${of})`,
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  );
}
