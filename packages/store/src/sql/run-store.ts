import type { Run } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { Owned, RunKeys, RunPatch, RunStore } from "../port/store.ts";
import type { Database, Insert, Row, Sql, SqlValue, Statement } from "./database.ts";
import { inStage, noExperiment } from "./experiment-store.ts";
import { listSeries, readHistory } from "./metric-series.ts";
import { insertMetrics, type MetricOwner } from "./metric-writer.ts";
import { dropOwners, ownRuns } from "./run-owners.ts";
import { inExperiments, loadRuns, noRun } from "./run-rows.ts";
import { searchRows } from "./search.ts";
import { pairLookup, type SearchTable, tagLookup } from "./search-table.ts";
import { patchTags } from "./tags.ts";
import { microsOrNull, orNull, placeholders, text, toMicros } from "./values.ts";

const table: SearchTable = {
  name: "runs",
  attributes: {
    id: { expression: "t.id", type: "text" },
    name: { expression: "t.name", type: "text" },
    status: { expression: "t.status", type: "text" },
    userId: { expression: "t.user_id", type: "text", nullable: true },
    experimentId: { expression: "t.experiment_id", type: "text" },
    parentRunId: { expression: "t.parent_run_id", type: "text", nullable: true },
    startTime: { expression: "t.start_us", type: "time" },
    endTime: { expression: "t.end_us", type: "time", nullable: true },
  },
  lookups: {
    tag: tagLookup("run", "t.id"),
    metric: pairLookup("FROM latest_metrics v WHERE v.run_id = t.id AND v.key = ?", "number"),
    param: pairLookup("FROM run_params v WHERE v.run_id = t.id AND v.key = ?", "text"),
  },
  defaultOrder: [
    { column: "start_us", descending: true },
    { column: "id", descending: true },
  ],
  tieBreak: [{ column: "id", descending: true }],
};

/** Runs, their params and metrics in SQL. */
export function runStore(database: Database): RunStore {
  return {
    create: (run) => database.transaction((sql) => insertRun(sql, run)),
    get: (id) => database.snapshot((sql) => get(sql, id)),
    update: (patch) => database.transaction((sql) => updateRun(sql, patch)),
    logBatch: ({ runId, owner, ...batch }) =>
      database.transaction(async (sql) => {
        const row = await writableRun(sql, runId);
        await ownRuns(sql, owner, [row]);
        const run = { runId, experimentId: text(row, "experiment_id") };
        await insertParams(sql, run, batch.params ?? {});
        await patchTags(sql, { entity: "run", owner: runId }, batch);
        await insertMetrics(sql, run, batch.metrics ?? []);
      }),
    metricHistory: (query) => readHistory(database, query),
    metricSeries: (query) => database.snapshot((sql) => listSeries(sql, query)),
    keys: ({ experimentIds }) =>
      database.snapshot((sql) => listKeys(sql, inExperiments(experimentIds))),
    search: ({ experimentIds, lifecycle, ...query }) =>
      database.snapshot(async (sql) => {
        const conditions = [...inExperiments(experimentIds), ...inStage(lifecycle)];
        const { items, ...rest } = await searchRows(sql, { table, query, conditions });
        return { items: await loadRuns(sql, items), ...rest };
      }),
  };
}

async function get(sql: Sql, id: string): Promise<Run | undefined> {
  return (await loadRuns(sql, await sql.all("SELECT * FROM runs WHERE id = ?", [id])))[0];
}

async function listKeys(sql: Sql, within: readonly Statement[]): Promise<RunKeys> {
  const values = within.flatMap((condition) => condition.values);
  const condition = within.map((part) => part.sql).join(" AND ");
  const where = condition === "" ? "" : `WHERE ${condition}`;
  const list = async (from: string): Promise<readonly string[]> => {
    const rows = await sql.all(`SELECT DISTINCT t.key ${from} ORDER BY t.key`, values);
    return rows.map((row) => text(row, "key"));
  };
  const owned = where === "" ? "" : `AND t.owner IN (SELECT t.id FROM runs t ${where})`;
  return {
    metrics: await list(`FROM latest_metrics t ${where}`),
    params: await list(`FROM run_params t ${where}`),
    tags: await list(`FROM tags t WHERE t.entity = 'run' ${owned}`),
  };
}

const INSERT: Insert = {
  table: "runs",
  columns: [
    "id",
    "experiment_id",
    "name",
    "status",
    "status_message",
    "start_us",
    "end_us",
    "parent_run_id",
    "user_id",
    "lifecycle",
  ],
};

async function insertRun(sql: Sql, run: Run & Owned): Promise<void> {
  const [experiment] = await sql.all("SELECT 1 FROM experiments WHERE id = ?", [run.experimentId]);
  if (experiment === undefined) throw noExperiment(run.experimentId);
  if (run.parentRunId !== undefined) {
    const [parent] = await sql.all("SELECT 1 FROM runs WHERE id = ?", [run.parentRunId]);
    if (parent === undefined) throw noRun(run.parentRunId);
  }
  await sql.insert(INSERT, [
    [
      run.id,
      run.experimentId,
      run.name,
      run.status,
      orNull(run.statusMessage),
      toMicros(run.startTime),
      microsOrNull(run.endTime),
      orNull(run.parentRunId),
      orNull(run.userId),
      run.lifecycleStage,
    ],
  ]);
  await ownRuns(sql, run.owner, [{ id: run.id, status: run.status }]);
  const key = { runId: run.id, experimentId: run.experimentId };
  await insertParams(sql, key, run.params);
  await patchTags(sql, { entity: "run", owner: run.id }, run);
  const points = Object.entries(run.metrics).map(([metric, value]) => ({
    key: metric,
    value,
    step: 0,
    timestamp: run.startTime,
  }));
  await insertMetrics(sql, key, points);
}

async function updateRun(sql: Sql, patch: RunPatch): Promise<Run> {
  const { id, owner, status } = patch;
  const row = await (patch.lifecycleStage === undefined ? writableRun : lockRun)(sql, id);
  if (status === undefined) await ownRuns(sql, owner, [row]);
  else if (status === "running") await ownRuns(sql, owner, [{ id, status }]);
  else if (status !== "scheduled") await dropOwners(sql, id);
  const changed = changedColumns(patch);
  if (changed.length > 0) {
    await sql.run(
      `UPDATE runs SET ${changed.map(([column]) => `${column} = ?`).join(", ")} WHERE id = ?`,
      [...changed.map(([, value]) => value), id],
    );
  }
  await patchTags(sql, { entity: "run", owner: id }, patch);
  const run = await get(sql, id);
  if (run === undefined) throw noRun(id);
  return run;
}

function changedColumns(patch: RunPatch): readonly (readonly [string, SqlValue])[] {
  const { name, status, statusMessage, endTime, lifecycleStage } = patch;
  const columns: readonly (readonly [string, SqlValue | undefined])[] = [
    ["name", name],
    ["status", status],
    ["status_message", status === undefined ? undefined : orNull(statusMessage)],
    ["end_us", endTime === undefined ? undefined : toMicros(endTime)],
    ["lifecycle", lifecycleStage],
  ];
  return columns.flatMap(([column, value]) => (value === undefined ? [] : [[column, value]]));
}

/** The run's row; nobody else changes it until the transaction ends. */
async function lockRun(sql: Sql, id: string): Promise<Row> {
  const [row] = await sql.all(`SELECT * FROM runs WHERE id = ? ${sql.dialect.forUpdate}`, [id]);
  if (row === undefined) throw noRun(id);
  return row;
}

async function writableRun(sql: Sql, id: string): Promise<Row> {
  const row = await lockRun(sql, id);
  if (text(row, "lifecycle") !== "deleted") return row;
  throw new RivuletError("conflict", `Run "${id}" is deleted. Restore it before writing to it.`, {
    details: { id },
  });
}

const INSERT_PARAM: Insert = {
  table: "run_params",
  columns: ["run_id", "key", "value", "experiment_id"],
  conflict: { key: ["run_id", "key"], update: [] },
};

async function insertParams(
  sql: Sql,
  { runId, experimentId }: MetricOwner,
  params: Readonly<Record<string, string>>,
): Promise<void> {
  const entries = Object.entries(params);
  const rows = entries.map(([key, value]) => [runId, key, value, experimentId]);
  if (rows.length === 0 || (await sql.insert(INSERT_PARAM, rows)) === rows.length) return;
  const known = await sql.all(
    `SELECT key, value FROM run_params WHERE run_id = ? AND key IN (${placeholders(entries)})`,
    [runId, ...entries.map(([key]) => key)],
  );
  const values = new Map(known.map((row) => [text(row, "key"), text(row, "value")]));
  for (const [key, value] of entries) {
    const before = values.get(key);
    if (before !== value) throw writtenOnce({ runId, key }, before, value);
  }
}

function writtenOnce(
  { runId, key }: { readonly runId: string; readonly key: string },
  before: string | undefined,
  value: string,
): RivuletError {
  return new RivuletError(
    "conflict",
    `Param "${key}" of run "${runId}" has the value "${before}" and cannot become "${value}". Params are written once.`,
    { details: { runId, key } },
  );
}
