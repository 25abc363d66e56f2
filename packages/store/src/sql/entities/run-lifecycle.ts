import { RivuletError } from "@rivulet/domain";
import type { Row, Sql } from "../database.ts";
import { text, toMicros } from "../values.ts";

/** The experiment of a new run, locked so that it is not deleted meanwhile. @throws RivuletError `conflict` if it is deleted */
export function requireActiveExperiment(row: Row): void {
  if (text(row, "lifecycle_stage") === "active") return;
  const [id, name] = [text(row, "id"), text(row, "name")];
  throw new RivuletError(
    "conflict",
    `The experiment "${name}" is deleted. Restore it (id ${id}) before writing to it, or use another one.`,
    { details: { id } },
  );
}

/** Deletes the active runs of an experiment with it. */
export async function deleteRunsOf(sql: Sql, experimentId: string, at: number): Promise<void> {
  await sql.run(
    `UPDATE runs SET lifecycle_stage = 'deleted', deleted_us = ?, with_experiment = 1
     WHERE experiment_id = ? AND lifecycle_stage = 'active'`,
    [toMicros(at), experimentId],
  );
}

/** Restores the runs that were deleted with their experiment, and no others. */
export async function restoreRunsOf(sql: Sql, experimentId: string): Promise<void> {
  await sql.run(
    `UPDATE runs SET lifecycle_stage = 'active', deleted_us = NULL, with_experiment = NULL
     WHERE experiment_id = ? AND with_experiment = 1`,
    [experimentId],
  );
}
