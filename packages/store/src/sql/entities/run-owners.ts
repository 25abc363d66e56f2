import type { RunOwner } from "@rivulet/domain";
import type { RunEnding } from "../../port/backend.ts";
import type { Insert, Row, Sql } from "../database.ts";
import { number, optionalNumber, placeholders, text, toMillis } from "../values.ts";

const WATCH: Insert = {
  table: "run_owners",
  columns: ["run_id", "owner", "gone_us"],
  conflict: {
    key: ["run_id", "owner"],
    update: ["gone_us"],
    where: "run_owners.gone_us IS NOT NULL",
  },
};

/**
 * The owner watches over these runs from now on, as far as they are running. Those that were ended because it
 * seemed to be gone go on. Call it with the runs' rows locked.
 */
export async function ownRuns(
  sql: Sql,
  owner: string | undefined,
  runs: readonly Row[],
): Promise<void> {
  if (owner === undefined || owner === "") return;
  const isRunning = Map.groupBy(runs, (run) => text(run, "status") === "running");
  const idsOf = (some: readonly Row[] = []): string[] => some.map((run) => text(run, "id"));
  const reopened = await reopen(sql, owner, idsOf(isRunning.get(false)));
  const ids = [...idsOf(isRunning.get(true)), ...reopened];
  const begun = await sql.insert(
    WATCH,
    ids.map((id) => [id, owner, null]),
  );
  if (begun > 0) await beat(sql, owner);
}

/** The same, but only for runs that have or had an owner: others stay without. */
export async function joinOwners(sql: Sql, owner: string, runs: readonly Row[]): Promise<void> {
  if (runs.length === 0) return;
  const ids = runs.map((run) => text(run, "id"));
  const rows = await sql.all(
    `SELECT DISTINCT run_id FROM run_owners WHERE run_id IN (${placeholders(ids)})`,
    ids,
  );
  const owned = new Set(rows.map((row) => text(row, "run_id")));
  const watched = runs.filter((run) => owned.has(text(run, "id")));
  await ownRuns(sql, owner, watched);
}

/** Of runs that have ended, reopens those that were ended because the owner seemed to be gone. */
async function reopen(sql: Sql, owner: string, ended: readonly string[]): Promise<string[]> {
  if (ended.length === 0) return [];
  // Runs that somebody ended explicitly have no owners any more.
  const rows = await sql.all(
    `SELECT run_id FROM run_owners WHERE owner = ? AND gone_us IS NOT NULL AND run_id IN (${placeholders(ended)})`,
    [owner, ...ended],
  );
  const ids = rows.map((row) => text(row, "run_id"));
  if (ids.length === 0) return [];
  await sql.run(
    `UPDATE runs SET status = 'running', status_message = NULL, end_us = NULL WHERE id IN (${placeholders(ids)})`,
    ids,
  );
  return ids;
}

/** Who watches over runs that are running, by run, then id. */
export async function listOwners(
  sql: Sql,
  { runIds }: { readonly runIds: readonly string[] },
): Promise<readonly RunOwner[]> {
  if (runIds.length === 0) return [];
  const rows = await sql.all(
    `SELECT w.run_id, w.owner, o.seen_us, ${sql.dialect.now} AS now FROM run_owners w
     JOIN owners o ON o.id = w.owner JOIN runs r ON r.id = w.run_id
     WHERE w.run_id IN (${placeholders(runIds)}) AND w.gone_us IS NULL AND r.status = 'running'
     ORDER BY w.run_id, w.owner`,
    runIds,
  );
  return rows.map((row) => ({
    runId: text(row, "run_id"),
    id: text(row, "owner"),
    seenAt: toMillis(row["seen_us"]),
    silentMs: Math.max(0, toMillis(row["now"]) - toMillis(row["seen_us"])),
  }));
}

/** Removes all owners of the run. */
export async function dropOwners(sql: Sql, runId: string): Promise<void> {
  await sql.run("DELETE FROM run_owners WHERE run_id = ?", [runId]);
}

/** Records a heartbeat, by the database's clock. */
export async function beat(sql: Sql, owner: string): Promise<void> {
  const conflict = "ON CONFLICT (id) DO UPDATE SET seen_us = excluded.seen_us";
  await sql.run(`INSERT INTO owners (id, seen_us) VALUES (?, ${sql.dialect.now}) ${conflict}`, [
    owner,
  ]);
}

/** The owner is gone: ends its running runs that have no other owner. Returns their ids. */
export async function releaseRuns(
  sql: Sql,
  owner: string,
  ending: RunEnding,
): Promise<readonly string[]> {
  const running = await sql.all(
    `SELECT id, start_us FROM runs WHERE status = 'running' AND id IN
     (SELECT run_id FROM run_owners WHERE owner = ? AND gone_us IS NULL) ORDER BY id ${sql.dialect.forUpdate}`,
    [owner],
  );
  await sql.run(
    `UPDATE run_owners SET gone_us = ${sql.dialect.now} WHERE owner = ? AND gone_us IS NULL`,
    [owner],
  );
  const ended: string[] = [];
  for (const run of running) {
    const id = text(run, "id");
    const others = await sql.all(
      "SELECT 1 FROM run_owners WHERE run_id = ? AND gone_us IS NULL LIMIT 1",
      [id],
    );
    if (others.length > 0) continue;
    await sql.run("UPDATE runs SET status = ?, status_message = ?, end_us = ? WHERE id = ?", [
      ending.status,
      ending.message,
      Math.max(number(run, "start_us"), await lastWritten(sql, id)),
      id,
    ]);
    ended.push(id);
  }
  return ended;
}

/** When something of the run was last written; now, if unknown. */
async function lastWritten(sql: Sql, runId: string): Promise<number> {
  const [row = {}] = await sql.all(
    `SELECT MAX(at_us) AS at_us, ${sql.dialect.now} AS now FROM (
       SELECT MAX(ts_us) AS at_us FROM metrics WHERE run = (SELECT inner_id FROM runs WHERE id = ?)
       UNION ALL SELECT MAX(created_us) FROM artifacts WHERE run_id = ?
       UNION ALL SELECT MAX(touched_us) FROM traces WHERE run_id = ?) AS written`,
    [runId, runId, runId],
  );
  const now = number(row, "now");
  return Math.min(now, optionalNumber(row, "at_us") ?? now);
}
