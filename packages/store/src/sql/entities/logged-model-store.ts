import { type LoggedModel, RivuletError } from "@rivulet/domain";
import type {
  LoggedModelPatch,
  LoggedModelStore,
  NewLoggedModel,
} from "../../port/logged-models.ts";
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

async function insertModel(sql: Sql, { pathIfTaken, ...model }: NewLoggedModel): Promise<string> {
  const run = await writableRun(sql, model.runId);
  const artifactPath = await freePath(sql, { ...model, pathIfTaken });
  const experimentId = text(run, "experiment_id");
  await loggedModelRows.create(sql, { ...model, artifactPath, experimentId });
  await insertModelParams(sql, model.id, model.params);
  return artifactPath;
}

type Placed = Pick<LoggedModel, "runId" | "artifactPath"> & {
  readonly pathIfTaken: string | undefined;
};

/** The run is held: nobody else adds a model to it before the transaction ends. */
async function freePath(sql: Sql, { runId, artifactPath, pathIfTaken }: Placed): Promise<string> {
  if (pathIfTaken === undefined) return artifactPath;
  const taken = await sql.all(
    "SELECT 1 FROM logged_models WHERE run_id = ? AND artifact_path = ? LIMIT 1",
    [runId, artifactPath],
  );
  return taken.length === 0 ? artifactPath : pathIfTaken;
}

async function updateModel(sql: Sql, patch: LoggedModelPatch): Promise<LoggedModel> {
  const { id, status, params = {}, lifecycleStage } = patch;
  if (lifecycleStage === undefined) {
    const { runId } = await loggedModelRows.get(sql, [id]);
    // Before the model: a purge locks them in this order, too.
    await writableRun(sql, runId);
  }
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
