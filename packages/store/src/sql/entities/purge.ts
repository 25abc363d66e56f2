import { type ManyChanged, RivuletError } from "@rivulet/domain";
import type { DeletedPlace, DeletedQuery } from "../../port/purge.ts";
import type { Row, Sql, SqlValue } from "../database.ts";
import { changeMany } from "../kit/change-many.ts";
import { deleteTags } from "../tags.ts";
import { LIMIT, number, placeholders, text, toMicros, toMillis } from "../values.ts";
import { experimentRows } from "./experiment-rows.ts";
import { runRows } from "./run-rows.ts";

/** What is deleted of a table, longest deleted first. */
export async function listDeleted(
  sql: Sql,
  table: "runs" | "experiments",
  { upTo, after, experimentId, limit }: DeletedQuery,
): Promise<readonly DeletedPlace[]> {
  const conditions: readonly (readonly [string, readonly SqlValue[]])[] = [
    ...(upTo === undefined ? [] : [["deleted_us <= ?", [toMicros(upTo)]] as const]),
    ...(after === undefined
      ? []
      : [["(deleted_us, id) > (?, ?)", [toMicros(after.deletedAt), after.id]] as const]),
    ...(experimentId === undefined ? [] : [["experiment_id = ?", [experimentId]] as const]),
  ];
  const rows = await sql.all(
    `SELECT id, deleted_us FROM ${table}
     WHERE deleted_us IS NOT NULL ${conditions.map(([text]) => `AND ${text}`).join(" ")}
     ORDER BY deleted_us, id ${LIMIT}`,
    [...conditions.flatMap(([, values]) => values), limit],
  );
  return rows.map((row) => ({ id: text(row, "id"), deletedAt: toMillis(row["deleted_us"]) }));
}

/** Tables whose rows belong to a run, by its number or by its id. */
const OF_NUMBER = ["points", "metrics", "params"];
const OF_ID = ["run_owners", "artifacts", "run_inputs", "logged_models"];
/** Tables whose rows belong to a logged model. */
const OF_MODEL = ["model_params", "model_metrics"];

/** What a purge does besides. */
export interface PurgeOptions {
  /** Only tells what it would do. */
  readonly dryRun: boolean;
  /** Takes the files that nothing may refer to any more, to be removed once the transaction is committed. */
  readonly freed: Set<string>;
}

/** Removes deleted runs with everything that belongs to them. A run that a version of a model names is kept. */
export async function purgeRuns(
  sql: Sql,
  ids: readonly string[],
  { dryRun, freed }: PurgeOptions,
): Promise<ManyChanged> {
  const rows: Row[] = [];
  const result = await changeMany(ids, async (id) => {
    const row = await runRows.hold(sql, [id]);
    requireDeleted(row, "Run");
    await requireUnnamed(sql, id);
    rows.push(row);
  });
  if (dryRun || rows.length === 0) return result;
  const [names, numbers] = [rows.map((row) => text(row, "id")), rows.map(innerId)];
  const list = placeholders(names);
  const files = await sql.all(
    `SELECT DISTINCT file_id FROM artifacts WHERE run_id IN (${list})`,
    names,
  );
  for (const row of files) freed.add(text(row, "file_id"));
  for (const table of OF_NUMBER) {
    await sql.run(`DELETE FROM ${table} WHERE run IN (${list})`, numbers);
  }
  await purgeLoggedModels(sql, names);
  for (const table of OF_ID) {
    await sql.run(`DELETE FROM ${table} WHERE run_id IN (${list})`, names);
  }
  await deleteTags(sql, "run", names);
  await sql.run(`UPDATE runs SET parent_run_id = NULL WHERE parent_run_id IN (${list})`, names);
  await sql.run(`DELETE FROM runs WHERE id IN (${list})`, names);
  return result;
}

/** Removes what belongs to the models that runs have made. */
async function purgeLoggedModels(sql: Sql, runIds: readonly string[]): Promise<void> {
  const ofRuns = `SELECT id FROM logged_models WHERE run_id IN (${placeholders(runIds)})`;
  for (const table of OF_MODEL) {
    await sql.run(`DELETE FROM ${table} WHERE model_id IN (${ofRuns})`, runIds);
  }
  await sql.run(`DELETE FROM tags WHERE entity = 'loggedModel' AND owner IN (${ofRuns})`, runIds);
}

/** Removes a deleted experiment whose runs and traces are gone. @throws RivuletError `not_found`, `conflict` */
export async function purgeExperiment(sql: Sql, id: string): Promise<void> {
  const row = await experimentRows.hold(sql, [id]);
  requireDeleted(row, "Experiment");
  for (const table of ["runs", "traces"]) {
    const [left] = await sql.all(`SELECT id FROM ${table} WHERE experiment_id = ? LIMIT 1`, [id]);
    if (left !== undefined) {
      const message = `Experiment "${id}" was kept: there are ${table} in it that were not removed.`;
      throw new RivuletError("conflict", message, { details: { id } });
    }
  }
  await sql.run(
    "DELETE FROM evaluation_rows WHERE evaluation_id IN (SELECT id FROM evaluations WHERE experiment_id = ?)",
    [id],
  );
  for (const table of ["evaluations", "views", "run_keys", "input_datasets"]) {
    await sql.run(`DELETE FROM ${table} WHERE experiment_id = ?`, [id]);
  }
  await experimentRows.remove(sql, [id]);
}

function innerId(row: Row): number {
  return number(row, "inner_id");
}

function requireDeleted(row: Row, noun: string): void {
  if (text(row, "lifecycle_stage") === "deleted") return;
  const id = text(row, "id");
  throw new RivuletError(
    "conflict",
    `${noun} "${id}" is not deleted, and only what is deleted is removed for good. Delete it first.`,
    { details: { id } },
  );
}

async function requireUnnamed(sql: Sql, id: string): Promise<void> {
  const [named] = await sql.all(
    "SELECT name, version FROM model_versions WHERE run_id = ? ORDER BY name, version LIMIT 1",
    [id],
  );
  if (named === undefined) return;
  throw new RivuletError(
    "conflict",
    `Run "${id}" was kept: version ${number(named, "version")} of the model "${text(named, "name")}" is made of it.`,
    { details: { id } },
  );
}
