import type { Experiment, LifecycleFilter } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { ExperimentStore } from "../../port/store.ts";
import type { Database, Sql, Statement } from "../database.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { attempt } from "../savepoint.ts";
import { text } from "../values.ts";

const rows: EntityRows<Experiment> = entityRows(ENTITIES.experiment);

/** Experiments in SQL. */
export function experimentStore(database: Database): ExperimentStore {
  return {
    create: (experiment) =>
      database.transaction((sql) =>
        rows.create(sql, experiment).catch(async (error: unknown) => {
          const isTaken = error instanceof RivuletError && error.code === "already_exists";
          throw (isTaken ? await nameTaken(sql, experiment.name) : undefined) ?? error;
        }),
      ),
    get: (id) => database.snapshot((sql) => rows.find(sql, [id])),
    findByName: (name) =>
      database.snapshot(async (sql) => {
        const found = await sql.all("SELECT * FROM experiments WHERE name = ?", [name]);
        return (await rows.load(sql, found))[0];
      }),
    update: (patch) =>
      database.transaction((sql) =>
        attempt(
          sql,
          () => rows.patch(sql, [patch.id], patch),
          async (error) => {
            throw (await nameTaken(sql, patch.name ?? "")) ?? error;
          },
        ),
      ),
    search: ({ lifecycle, ...query }) =>
      rows.search(database, { query, conditions: inStage(lifecycle) }),
  };
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
