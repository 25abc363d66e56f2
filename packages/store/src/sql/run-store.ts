import type { LifecycleStage, MetricPoint, Page, Run, RunStatus } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { RunPatch, RunStore } from "../port/store.ts";
import { inStage, noExperiment } from "./experiment-store.ts";
import { listSeries, readHistory } from "./metric-series.ts";
import { insertMetrics } from "./metric-writer.ts";
import { searchRows } from "./search.ts";
import { type SearchTable, tagLookup } from "./search-table.ts";
import type { Row, SqlConnection, Statement } from "./sql-connection.ts";
import { loadTags, patchTags } from "./tags.ts";
import {
  microsOrNull,
  number,
  optionalMillis,
  optionalText,
  orNull,
  placeholders,
  present,
  text,
  toMicros,
  toMillis,
} from "./values.ts";

const metricFrom = "FROM latest_metrics v WHERE v.run_id = t.id AND v.key = ?";
const paramFrom = "FROM run_params v WHERE v.run_id = t.id AND v.key = ?";

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
    metric: {
      from: metricFrom,
      value: "v.value",
      type: "number",
      sortValue: `(SELECT v.value ${metricFrom})`,
    },
    param: {
      from: paramFrom,
      value: "v.value",
      type: "text",
      sortValue: `(SELECT v.value ${paramFrom})`,
    },
  },
  defaultOrder: [
    { column: "start_us", descending: true },
    { column: "id", descending: true },
  ],
  tieBreak: [{ column: "id", descending: true }],
};

/** Runs, their params and metrics in SQL. */
export function runStore(sql: SqlConnection): RunStore {
  const get = async (id: string): Promise<Run | undefined> => {
    const rows = await sql.all("SELECT * FROM runs WHERE id = ?", [id]);
    return (await loadRuns(sql, rows))[0];
  };
  return {
    create: (run) => sql.transaction(() => insertRun(sql, run)),
    get,
    update: (patch) =>
      sql.transaction(async () => {
        const current = await get(patch.id);
        if (current === undefined) throw noRun(patch.id);
        await updateRun(sql, current, patch);
        return (await get(patch.id)) ?? current;
      }),
    logBatch: (batch) =>
      sql.transaction(async () => {
        const experimentId = await writableRun(sql, batch.runId);
        await insertParams(sql, { runId: batch.runId, experimentId }, batch.params ?? {});
        await patchTags(sql, { entity: "run", owner: batch.runId }, batch);
        await insertMetrics(sql, { runId: batch.runId, experimentId }, batch.metrics ?? []);
      }),
    metricHistory: (query): Promise<Page<MetricPoint>> => readHistory(sql, query),
    metricSeries: (query) => listSeries(sql, query),
    async keys({ experimentIds }) {
      const within = inExperiments(experimentIds);
      const list = async (from: string): Promise<readonly string[]> => {
        const rows = await sql.all(`SELECT DISTINCT t.key ${from} ORDER BY t.key`, within.values);
        return rows.map((row) => text(row, "key"));
      };
      const where = within.sql === "" ? "" : `WHERE ${within.sql}`;
      return {
        metrics: await list(`FROM latest_metrics t ${where}`),
        params: await list(`FROM run_params t ${where}`),
        tags: await listTagKeys(sql, within),
      };
    },
    async search({ experimentIds, lifecycle, ...query }) {
      const within = inExperiments(experimentIds);
      const conditions = [...(within.sql === "" ? [] : [within]), ...inStage(lifecycle)];
      const { items, ...rest } = await searchRows(sql, { table, query, conditions });
      return { items: await loadRuns(sql, items), ...rest };
    },
  };
}

/** The condition that keeps some experiments; empty text for all. */
export function inExperiments(ids: readonly string[]): Statement {
  return ids.length === 0
    ? { sql: "", values: [] }
    : { sql: `t.experiment_id IN (${placeholders(ids)})`, values: ids };
}

/** No run has this id. */
export function noRun(id: string): RivuletError {
  return new RivuletError("not_found", `No run has the id "${id}".`, { details: { id } });
}

async function listTagKeys(sql: SqlConnection, within: Statement): Promise<readonly string[]> {
  const owned =
    within.sql === "" ? "" : ` AND g.owner IN (SELECT t.id FROM runs t WHERE ${within.sql})`;
  const rows = await sql.all(
    `SELECT DISTINCT g.key FROM tags g WHERE g.entity = 'run'${owned} ORDER BY g.key`,
    within.values,
  );
  return rows.map((row) => text(row, "key"));
}

async function insertRun(sql: SqlConnection, run: Run): Promise<void> {
  const [experiment] = await sql.all("SELECT 1 FROM experiments WHERE id = ?", [run.experimentId]);
  if (experiment === undefined) throw noExperiment(run.experimentId);
  if (run.parentRunId !== undefined) {
    const [parent] = await sql.all("SELECT 1 FROM runs WHERE id = ?", [run.parentRunId]);
    if (parent === undefined) throw noRun(run.parentRunId);
  }
  await sql.run("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [
    run.id,
    run.experimentId,
    run.name,
    run.status,
    toMicros(run.startTime),
    microsOrNull(run.endTime),
    orNull(run.parentRunId),
    orNull(run.userId),
    run.lifecycleStage,
  ]);
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

async function updateRun(sql: SqlConnection, current: Run, patch: RunPatch): Promise<void> {
  if (current.lifecycleStage === "deleted" && patch.lifecycleStage === undefined) {
    throw deletedRun(current.id);
  }
  const next = { ...current, ...patch };
  await sql.run("UPDATE runs SET name = ?, status = ?, end_us = ?, lifecycle = ? WHERE id = ?", [
    next.name,
    next.status,
    microsOrNull(next.endTime),
    next.lifecycleStage,
    patch.id,
  ]);
  await patchTags(sql, { entity: "run", owner: patch.id }, patch);
}

async function writableRun(sql: SqlConnection, id: string): Promise<string> {
  const [row] = await sql.all("SELECT experiment_id, lifecycle FROM runs WHERE id = ?", [id]);
  if (row === undefined) throw noRun(id);
  if (text(row, "lifecycle") === "deleted") throw deletedRun(id);
  return text(row, "experiment_id");
}

function deletedRun(id: string): RivuletError {
  return new RivuletError("conflict", `Run "${id}" is deleted. Restore it before writing to it.`, {
    details: { id },
  });
}

interface RunKey {
  readonly runId: string;
  readonly experimentId: string;
}

async function insertParams(
  sql: SqlConnection,
  { runId, experimentId }: RunKey,
  params: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [key, value] of Object.entries(params)) {
    const inserted = await sql.run(
      "INSERT INTO run_params VALUES (?, ?, ?, ?) ON CONFLICT (run_id, key) DO NOTHING",
      [experimentId, runId, key, value],
    );
    if (inserted === 0) await refuseOtherValue(sql, { runId, key }, value);
  }
}

async function refuseOtherValue(
  sql: SqlConnection,
  { runId, key }: { runId: string; key: string },
  value: string,
): Promise<void> {
  const [row = {}] = await sql.all("SELECT value FROM run_params WHERE run_id = ? AND key = ?", [
    runId,
    key,
  ]);
  if (text(row, "value") === value) return;
  throw new RivuletError(
    "conflict",
    `Param "${key}" of run "${runId}" has the value "${text(row, "value")}" and cannot become "${value}". Params are written once.`,
    { details: { runId, key } },
  );
}

async function loadRuns(sql: SqlConnection, rows: readonly Row[]): Promise<Run[]> {
  const ids = rows.map((row) => text(row, "id"));
  const tags = await loadTags(sql, "run", ids);
  const params = await loadPairs(sql, { table: "run_params", ids, read: text });
  const metrics = await loadPairs(sql, { table: "latest_metrics", ids, read: number });
  return rows.map((row) => {
    const id = text(row, "id");
    return present<Run>({
      id,
      experimentId: text(row, "experiment_id"),
      name: text(row, "name"),
      status: text(row, "status") as RunStatus,
      startTime: toMillis(row["start_us"]),
      endTime: optionalMillis(row, "end_us"),
      parentRunId: optionalText(row, "parent_run_id"),
      userId: optionalText(row, "user_id"),
      lifecycleStage: text(row, "lifecycle") as LifecycleStage,
      params: params.get(id) ?? {},
      tags: tags.get(id) ?? {},
      metrics: metrics.get(id) ?? {},
    });
  });
}

interface PairSource<T> {
  readonly table: "run_params" | "latest_metrics";
  readonly ids: readonly string[];
  readonly read: (row: Row, column: string) => T;
}

async function loadPairs<T>(
  sql: SqlConnection,
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
