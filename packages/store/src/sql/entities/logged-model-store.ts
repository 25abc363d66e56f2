import { type LoggedModel, RivuletError } from "@rivulet/domain";
import type { LoggedModelPatch, LoggedModelStore } from "../../port/logged-models.ts";
import type { Database, Sql } from "../database.ts";
import { text } from "../values.ts";
import { inStage } from "./experiment-store.ts";
import { insertModelParams, loggedModelRows } from "./logged-model-rows.ts";
import { writableRun } from "./run-rows.ts";

/** Logged models in SQL. */
export function loggedModelStore(database: Database): LoggedModelStore {
  return {
    create: (model) => database.transaction((sql) => insertModel(sql, model)),
    get: (id) => database.snapshot((sql) => loggedModelRows.find(sql, [id])),
    update: (patch) => database.transaction((sql) => updateModel(sql, patch)),
    search: ({ experimentIds, lifecycle, datasets = [], ...query }) =>
      loggedModelRows.search(database, {
        query,
        experimentIds,
        conditions: inStage(lifecycle),
        datasets,
      }),
  };
}

async function insertModel(sql: Sql, model: LoggedModel): Promise<void> {
  const run = await writableRun(sql, model.runId);
  await loggedModelRows.create(sql, { ...model, experimentId: text(run, "experiment_id") });
  await insertModelParams(sql, model.id, model.params);
}

async function updateModel(sql: Sql, patch: LoggedModelPatch): Promise<LoggedModel> {
  const { id, status, params = {}, lifecycleStage } = patch;
  const row = await loggedModelRows.hold(sql, [id]);
  if (lifecycleStage === undefined && text(row, "lifecycle_stage") === "deleted") {
    throw new RivuletError(
      "conflict",
      `Logged model "${id}" is deleted. Restore it before writing to it.`,
      { details: { id } },
    );
  }
  await insertModelParams(sql, id, params);
  // A new status replaces the message, too.
  const reason = status === undefined ? {} : { statusMessage: patch.statusMessage ?? null };
  return loggedModelRows.patch(sql, [id], { ...patch, ...reason });
}
