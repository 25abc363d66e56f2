import type { Run } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { FileStore } from "../../port/files.ts";
import type { Owned, RunPatch, RunStore } from "../../port/store.ts";
import { summariseChildren } from "../aggregates/child-summaries.ts";
import { countFound } from "../aggregates/count.ts";
import { groupRuns } from "../aggregates/run-groups.ts";
import { valuesInUse } from "../aggregates/values-in-use.ts";
import type { Database, Insert, Row, Sql } from "../database.ts";
import { changeMany } from "../kit/change-many.ts";
import { notFound } from "../kit/entity-errors.ts";
import { patchTags, requireTags } from "../tags.ts";
import { number, numberIn, optionalNumber, placeholders, text } from "../values.ts";
import { inStage } from "./experiment-store.ts";
import { newInnerId } from "./inner-ids.ts";
import { keyNumbers } from "./key-numbers.ts";
import { listSeries, readHistory } from "./metric-series.ts";
import { listSummaries } from "./metric-summaries.ts";
import { insertMetrics, type ValueOwner } from "./metric-writer.ts";
import { insertModelMetrics } from "./model-metric-writer.ts";
import { listDeleted, purgeRuns } from "./purge.ts";
import { insertInputs, listInputDatasets, listInputs } from "./run-input-store.ts";
import { listKeys } from "./run-keys.ts";
import { requireActiveExperiment } from "./run-lifecycle.ts";
import { dropOwners, listOwners, ownRuns } from "./run-owners.ts";
import { noRun, runRows, writableRun } from "./run-rows.ts";

/** Runs, their params and metrics in SQL. */
export function runStore(database: Database, deleteFiles: FileStore["delete"]): RunStore {
  return {
    create: (run) => database.transaction((sql) => insertRun(sql, run)),
    get: (id) => database.snapshot((sql) => runRows.find(sql, [id])),
    getMany: (ids) => database.snapshot((sql) => runRows.findMany(sql, ids)),
    update: (patch) => database.transaction((sql) => updateRun(sql, patch)),
    updateMany: ({ ids, ...patch }) =>
      database.transaction((sql) => changeMany(ids, (id) => updateRun(sql, { ...patch, id }))),
    logBatch: ({ runId, owner, expectedTags, ...batch }) =>
      database.transaction(async (sql) => {
        const row = await writableRun(sql, runId);
        await ownRuns(sql, owner, [row]);
        const run = { run: number(row, "inner_id"), experimentId: text(row, "experiment_id") };
        await requireTags(sql, { entity: "run", owner: runId }, expectedTags);
        await insertParams(sql, { ...run, runId }, batch.params ?? {});
        await patchTags(sql, { entity: "run", owner: runId }, batch);
        await insertMetrics(sql, run, batch.metrics ?? []);
        const points = (batch.metrics ?? []).map((point) => ({ ...point, runId }));
        const [missing] = (await insertModelMetrics(sql, points)).refused;
        // Nothing of the batch is written.
        if (missing !== undefined) throw missing;
      }),
    logInputs: (write) =>
      database.transaction(async (sql) => {
        const row = await writableRun(sql, write.runId);
        await insertInputs(sql, text(row, "experiment_id"), write);
      }),
    inputs: (query) => listInputs(database, query),
    inputDatasets: (query) => listInputDatasets(database, query),
    metricHistory: (query) => readHistory(database, query),
    metricSeries: (query) => database.snapshot((sql) => listSeries(sql, query)),
    keys: ({ experimentIds }) => database.snapshot((sql) => listKeys(sql, experimentIds)),
    values: ({ lifecycle, ...query }) =>
      valuesInUse(database, { entity: ENTITIES.run, conditions: inStage(lifecycle) }, query),
    listDeleted: (query) => database.snapshot((sql) => listDeleted(sql, "runs", query)),
    async purge({ ids, dryRun }) {
      const freed = new Set<string>();
      const result = await database.transaction((sql) => purgeRuns(sql, ids, { dryRun, freed }));
      await deleteFiles([...freed]);
      return result;
    },
    owners: (query) => database.snapshot((sql) => listOwners(sql, query)),
    metricSummaries: (query) => database.snapshot((sql) => listSummaries(sql, query)),
    groups: ({ lifecycle, ...query }) => groupRuns(database, inStage(lifecycle), query),
    childSummaries: (query) => database.snapshot((sql) => summariseChildren(sql, query)),
    count: ({ experimentIds, lifecycle, ...query }) =>
      countFound(database, {
        entity: ENTITIES.run,
        query,
        experimentIds,
        conditions: inStage(lifecycle),
      }),
    search: ({ experimentIds, lifecycle, ...query }) =>
      runRows.search(database, { query, experimentIds, conditions: inStage(lifecycle) }),
  };
}

async function insertRun(sql: Sql, run: Run & Owned): Promise<void> {
  const [experiment] = await sql.all(
    `SELECT id, name, lifecycle_stage FROM experiments WHERE id = ? ${sql.dialect.forShare}`,
    [run.experimentId],
  );
  if (experiment === undefined) throw notFound("experiment", ["id"], [run.experimentId]);
  requireActiveExperiment(experiment);
  if (run.parentRunId !== undefined) {
    const [parent] = await sql.all("SELECT 1 FROM runs WHERE id = ?", [run.parentRunId]);
    if (parent === undefined) throw noRun(run.parentRunId);
  }
  const owner = { run: await insertRow(sql, run), experimentId: run.experimentId };
  await ownRuns(sql, run.owner, [{ id: run.id, status: run.status }]);
  await insertParams(sql, { ...owner, runId: run.id }, run.params);
  const points = Object.entries(run.metrics).map(([metric, value]) => ({
    key: metric,
    value,
    step: 0,
    timestamp: run.startTime,
  }));
  await insertMetrics(sql, owner, points);
}

/** Returns the run's number. If another process has taken it meanwhile, the next one is tried. */
async function insertRow(sql: Sql, run: Run): Promise<number> {
  for (;;) {
    const innerId = await newInnerId(sql);
    try {
      await runRows.create(sql, { ...run, innerId });
      return innerId;
    } catch (error) {
      if (!(error instanceof RivuletError && error.code === "already_exists")) throw error;
      const [same] = await sql.all("SELECT 1 FROM runs WHERE inner_id = ?", [innerId]);
      if (same === undefined) throw error;
    }
  }
}

async function updateRun(sql: Sql, patch: RunPatch): Promise<Run> {
  const { id, owner, status } = patch;
  const row = await (patch.lifecycleStage === undefined
    ? writableRun(sql, id)
    : runRows.hold(sql, [id]));
  if (status === undefined) await ownRuns(sql, owner, [row]);
  else if (status === "running") await ownRuns(sql, owner, [{ id, status }]);
  else if (status !== "scheduled") await dropOwners(sql, id);
  // A new status replaces the message, too.
  const reason = status === undefined ? {} : { statusMessage: patch.statusMessage ?? null };
  return runRows.patch(sql, [id], { ...patch, ...reason, ...(await moved(sql, row, patch)) });
}

/** Since when a patch has the run deleted. @throws RivuletError `conflict` for one whose experiment stays deleted */
async function moved(
  sql: Sql,
  row: Row,
  { lifecycleStage, deletedAt }: RunPatch,
): Promise<{ readonly deletedAt?: number | null; readonly withExperiment?: null }> {
  const before = optionalNumber(row, "deleted_us");
  if (lifecycleStage === undefined) return {};
  if (lifecycleStage === "deleted") {
    return before === undefined ? { deletedAt: deletedAt ?? null } : { deletedAt: before / 1000 };
  }
  const [experiment = {}] = await sql.all(
    `SELECT id, name, lifecycle_stage FROM experiments WHERE id = ? ${sql.dialect.forShare}`,
    [text(row, "experiment_id")],
  );
  requireActiveExperiment(experiment);
  return { deletedAt: null, withExperiment: null };
}

const INSERT_PARAM: Insert = {
  table: "params",
  columns: ["run", "key", "value", "number"],
  conflict: { key: ["run", "key"], update: [] },
};

interface ParamOwner extends ValueOwner {
  /** For messages. */
  readonly runId: string;
}

async function insertParams(
  sql: Sql,
  { run, runId, experimentId }: ParamOwner,
  params: Readonly<Record<string, string>>,
): Promise<void> {
  const entries = Object.entries(params);
  if (entries.length === 0) return;
  const space = { experimentId, kind: "param" } as const;
  const numbers = await keyNumbers(sql, space, Object.keys(params).sort());
  const rows = entries.map(([key, value]) => [
    run,
    numbers.get(key) ?? null,
    value,
    numberIn(value),
  ]);
  if ((await sql.insert(INSERT_PARAM, rows)) === rows.length) return;
  const known = await sql.all(
    `SELECT key, value FROM params WHERE run = ? AND key IN (${placeholders(entries)})`,
    [run, ...numbers.values()],
  );
  const values = new Map(known.map((row) => [number(row, "key"), text(row, "value")]));
  for (const [key, value] of entries) {
    const before = values.get(numbers.get(key) ?? 0);
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
