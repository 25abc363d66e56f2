import type { Sql } from "./database.ts";
import type { Table } from "./table.ts";

const runParams: Table = {
  name: "run_params",
  columns: { run_id: "text", key: "text", value: "text", experiment_id: "text" },
  key: ["run_id", "key"],
  indexes: [
    {
      name: "run_params_value",
      columns: ["experiment_id", "key", "value", "run_id"],
      long: ["value"],
    },
  ],
  narrow: true,
};

const latestMetrics: Table = {
  name: "latest_metrics",
  columns: {
    run_id: "text",
    key: "text",
    value: "real",
    step: "integer",
    ts_us: "integer",
    experiment_id: "text",
  },
  key: ["run_id", "key"],
  indexes: [
    { name: "latest_metrics_value", columns: ["experiment_id", "key", "value DESC", "run_id"] },
  ],
  narrow: true,
};

const metricSeries: Table = {
  name: "metric_series",
  columns: { run_id: "text", key: "text", id: "integer" },
  key: ["run_id", "key"],
  indexes: [{ name: "metric_series_id", columns: ["id"], unique: true }],
  narrow: true,
};

const metricPoints: Table = {
  name: "metric_points",
  columns: { series: "integer", step: "integer", ts_us: "integer", value: "real" },
  key: ["series", "step", "ts_us", "value"],
  narrow: true,
};

/** Tables that schema 1 has and schema 2 has not: they held the id of a run, and the name of a key, in every row. */
export const TABLES_OF_1: readonly Table[] = [
  runParams,
  latestMetrics,
  metricSeries,
  metricPoints,
].map((table) => ({ ...table, until: 1 }));

/** Gives every run its number, and moves what the tables of schema 1 hold, where they are there. */
export async function moveRunsTo2(sql: Sql): Promise<void> {
  await sql.run(
    `UPDATE runs SET inner_id = n.number FROM
       (SELECT id, ROW_NUMBER() OVER (ORDER BY start_us, id) AS number FROM runs) n
     WHERE n.id = runs.id`,
  );
  const tables = await sql.all(sql.dialect.listTables);
  if (!tables.some(({ name }) => name === runParams.name)) return;
  await sql.run(
    `INSERT INTO run_keys (id, experiment_id, kind, key)
     SELECT ROW_NUMBER() OVER (ORDER BY experiment_id, kind, key), experiment_id, kind, key
     FROM (SELECT experiment_id, 'metric' AS kind, key FROM latest_metrics
       UNION SELECT experiment_id, 'param' AS kind, key FROM run_params) used`,
  );
  const numbered = (kind: string): string =>
    `JOIN runs r ON r.id = v.run_id
     JOIN run_keys k ON k.experiment_id = r.experiment_id AND k.kind = '${kind}' AND k.key = v.key`;
  await sql.run(
    `INSERT INTO params (run, key, value, number)
     SELECT r.inner_id, k.id, v.value, ${sql.dialect.number("v.value")}
     FROM run_params v ${numbered("param")}`,
  );
  await sql.run(
    `INSERT INTO metrics (run, key, value, step, ts_us)
     SELECT r.inner_id, k.id, v.value, v.step, v.ts_us FROM latest_metrics v ${numbered("metric")}`,
  );
  await sql.run(
    `INSERT INTO points (run, key, step, ts_us, value)
     SELECT r.inner_id, k.id, p.step, p.ts_us, p.value
     FROM metric_points p JOIN metric_series v ON v.id = p.series ${numbered("metric")}`,
  );
  for (const { name } of TABLES_OF_1) await sql.run(`DROP TABLE ${name}`);
}
