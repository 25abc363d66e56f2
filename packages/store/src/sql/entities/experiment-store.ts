import type {
  Experiment,
  LifecycleFilter,
  MetricDeclaration,
  MetricDeclarations,
} from "@rivulet/domain";
import { LIMITS, RivuletError } from "@rivulet/domain";
import type { ExperimentPatch, ExperimentStore } from "../../port/store.ts";
import type { Database, Sql, Statement } from "../database.ts";
import { attempt } from "../savepoint.ts";
import { byBytes, text } from "../values.ts";
import { experimentRows } from "./experiment-rows.ts";
import { listDeleted, purgeExperiment } from "./purge.ts";
import { deleteRunsOf, requireActiveExperiment, restoreRunsOf } from "./run-lifecycle.ts";

/** Experiments in SQL. */
export function experimentStore(database: Database): ExperimentStore {
  return {
    create: (experiment) =>
      database.transaction((sql) =>
        experimentRows.create(sql, withoutNone(experiment)).catch(async (error: unknown) => {
          const isTaken = error instanceof RivuletError && error.code === "already_exists";
          throw (isTaken ? await nameTaken(sql, experiment.name) : undefined) ?? error;
        }),
      ),
    get: (id) => database.snapshot((sql) => experimentRows.find(sql, [id])),
    getMany: (ids) => database.snapshot((sql) => experimentRows.findMany(sql, ids)),
    findByName: (name) =>
      database.snapshot(async (sql) => {
        const found = await sql.all("SELECT * FROM experiments WHERE name = ?", [name]);
        return (await experimentRows.load(sql, found))[0];
      }),
    update: (patch) =>
      database.transaction((sql) =>
        attempt(
          sql,
          async () => {
            const stage = await moved(sql, patch);
            const metrics = await changedMetrics(sql, patch);
            return experimentRows.patch(sql, [patch.id], { ...patch, ...stage, metrics });
          },
          async (error) => {
            throw (await nameTaken(sql, patch.name ?? "")) ?? error;
          },
        ),
      ),
    declareMetrics: ({ id, metrics, updatedAt }) =>
      database.transaction(async (sql) => {
        const declared = await declaredMetrics(sql, id);
        const added = Object.entries(metrics).filter(([key]) => !Object.hasOwn(declared, key));
        if (added.length === 0) return;
        const all = checkedMetrics([...Object.entries(declared), ...added], id);
        await experimentRows.patch(sql, [id], { metrics: all, updatedAt });
      }),
    listDeleted: (query) => database.snapshot((sql) => listDeleted(sql, "experiments", query)),
    purge: (id) => database.transaction((sql) => purgeExperiment(sql, id)),
    search: ({ lifecycle, ...query }) =>
      experimentRows.search(database, { query, conditions: inStage(lifecycle) }),
  };
}

/** Nothing is written where nothing is declared, as for experiments of earlier versions. */
function withoutNone({ metrics, ...experiment }: Experiment): object {
  return Object.keys(metrics).length === 0 ? experiment : { ...experiment, metrics };
}

/** Since when a patch has it deleted. Its active runs go with it, and come back with it. @throws RivuletError `conflict` */
async function moved(
  sql: Sql,
  { id, lifecycleStage, updatedAt }: ExperimentPatch,
): Promise<{ readonly deletedAt?: number | null }> {
  const row = await experimentRows.hold(sql, [id]);
  if (lifecycleStage === undefined) requireActiveExperiment(row);
  if (lifecycleStage === undefined || lifecycleStage === text(row, "lifecycle_stage")) return {};
  if (lifecycleStage === "deleted") {
    await deleteRunsOf(sql, id, updatedAt);
    return { deletedAt: updatedAt };
  }
  await restoreRunsOf(sql, id);
  return { deletedAt: null };
}

/** What is declared, locked until the transaction ends. */
async function declaredMetrics(sql: Sql, id: string): Promise<MetricDeclarations> {
  const row = await experimentRows.hold(sql, [id]);
  requireActiveExperiment(row);
  return experimentRows.record(row).metrics ?? {};
}

/** All declarations after a patch; `undefined` when it is about none. */
async function changedMetrics(
  sql: Sql,
  { id, metrics, removeMetrics }: ExperimentPatch,
): Promise<MetricDeclarations | undefined> {
  if (metrics === undefined && removeMetrics === undefined) return undefined;
  const all = new Map(Object.entries({ ...(await declaredMetrics(sql, id)), ...metrics }));
  for (const key of removeMetrics ?? []) all.delete(key);
  return checkedMetrics([...all], id);
}

function checkedMetrics(
  entries: readonly (readonly [string, MetricDeclaration])[],
  id: string,
): MetricDeclarations {
  if (entries.length > LIMITS.declaredMetrics) {
    throw new RivuletError(
      "limit_exceeded",
      `Experiment ${id} would declare ${entries.length} metrics; ${LIMITS.declaredMetrics} is the most.`,
      { details: { id } },
    );
  }
  return Object.fromEntries(entries.toSorted(([a], [b]) => byBytes(a, b)));
}

/** The condition for a lifecycle stage. */
export function inStage(lifecycle: LifecycleFilter): readonly Statement[] {
  return lifecycle === "all" ? [] : [{ sql: "t.lifecycle_stage = ?", values: [lifecycle] }];
}

/** Why the name is taken; `undefined` when it is free. */
async function nameTaken(sql: Sql, name: string): Promise<RivuletError | undefined> {
  const [taken] = await sql.all("SELECT lifecycle_stage FROM experiments WHERE name = ?", [name]);
  if (taken === undefined) return undefined;
  const deleted =
    text(taken, "lifecycle_stage") === "deleted"
      ? " and is deleted: restore it, remove it for good with purge, or"
      : ":";
  return new RivuletError(
    "already_exists",
    `Experiment "${name}" exists${deleted} choose another name.`,
    { details: { name } },
  );
}
