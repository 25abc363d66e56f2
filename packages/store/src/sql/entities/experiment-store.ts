import type {
  Experiment,
  LifecycleFilter,
  MetricDeclaration,
  MetricDeclarations,
} from "@rivulet/domain";
import { LIMITS, RivuletError } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { ExperimentPatch, ExperimentStore } from "../../port/store.ts";
import type { Database, Sql, Statement } from "../database.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { attempt } from "../savepoint.ts";
import { byBytes, text } from "../values.ts";

const rows: EntityRows<Experiment> = entityRows(ENTITIES.experiment, {
  shape: (fields) => ({ metrics: {}, ...fields }) as Experiment,
});

/** Experiments in SQL. */
export function experimentStore(database: Database): ExperimentStore {
  return {
    create: (experiment) =>
      database.transaction((sql) =>
        rows.create(sql, withoutNone(experiment)).catch(async (error: unknown) => {
          const isTaken = error instanceof RivuletError && error.code === "already_exists";
          throw (isTaken ? await nameTaken(sql, experiment.name) : undefined) ?? error;
        }),
      ),
    get: (id) => database.snapshot((sql) => rows.find(sql, [id])),
    getMany: (ids) => database.snapshot((sql) => rows.findMany(sql, ids)),
    findByName: (name) =>
      database.snapshot(async (sql) => {
        const found = await sql.all("SELECT * FROM experiments WHERE name = ?", [name]);
        return (await rows.load(sql, found))[0];
      }),
    update: (patch) =>
      database.transaction((sql) =>
        attempt(
          sql,
          async () => {
            const metrics = await changedMetrics(sql, patch);
            return rows.patch(sql, [patch.id], { ...patch, metrics });
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
        await rows.patch(sql, [id], { metrics: all, updatedAt });
      }),
    search: ({ lifecycle, ...query }) =>
      rows.search(database, { query, conditions: inStage(lifecycle) }),
  };
}

/** Nothing is written where nothing is declared, as for experiments of earlier versions. */
function withoutNone({ metrics, ...experiment }: Experiment): object {
  return Object.keys(metrics).length === 0 ? experiment : { ...experiment, metrics };
}

/** What is declared, locked until the transaction ends. */
async function declaredMetrics(sql: Sql, id: string): Promise<MetricDeclarations> {
  return rows.record(await rows.hold(sql, [id])).metrics ?? {};
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
    text(taken, "lifecycle_stage") === "deleted" ? " and is deleted: restore it or" : ":";
  return new RivuletError(
    "already_exists",
    `Experiment "${name}" exists${deleted} choose another name.`,
    { details: { name } },
  );
}
