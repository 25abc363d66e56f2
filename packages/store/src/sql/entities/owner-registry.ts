import type { OwnerRegistry, RunEnding } from "../../port/backend.ts";
import type { StoreChange } from "../../port/store.ts";
import type { ChangeWriter } from "../change-log.ts";
import type { Database, Sql } from "../database.ts";
import { abandonSpansOf } from "../spans/open-spans.ts";
import { number, text } from "../values.ts";
import { beat, releaseRuns } from "./run-owners.ts";

/** Owners of anything, with their last heartbeat. */
const LIST = `SELECT w.owner, MAX(o.seen_us) AS seen_us FROM
  (SELECT owner FROM run_owners WHERE gone_us IS NULL UNION SELECT owner FROM open_spans) w
  LEFT JOIN owners o ON o.id = w.owner GROUP BY w.owner ORDER BY w.owner`;

/** Engines that own runs and open spans, in SQL. */
export function ownerRegistry(database: Database, changes?: ChangeWriter): OwnerRegistry {
  return {
    beat: (owner) => beat(database, owner),
    async list() {
      const rows = await database.all(
        `SELECT l.owner, l.seen_us, ${database.dialect.now} AS now FROM (${LIST}) l`,
      );
      return rows.map((row) => ({
        owner: text(row, "owner"),
        silentMs: Math.max(0, number(row, "now") - number(row, "seen_us")) / 1000,
      }));
    },
    release: (owner, ending) =>
      database.transaction(async (sql) => {
        // Same lock order as for writing records: traces first, then runs.
        const traceIds = await abandonSpansOf(sql, owner);
        const runIds = await release(sql, owner, ending);
        const changed: readonly StoreChange[] = [
          { entity: "trace", ids: traceIds },
          { entity: "run", ids: runIds },
        ];
        await changes?.note(
          sql,
          changed.filter(({ ids }) => ids.length > 0),
        );
        return runIds;
      }),
  };
}

/** All owners are gone: ends their running runs. For a store that is not open anywhere. */
export async function releaseAll(sql: Sql, ending: RunEnding): Promise<void> {
  const rows = await sql.all("SELECT DISTINCT owner FROM run_owners WHERE gone_us IS NULL");
  for (const row of rows) await release(sql, text(row, "owner"), ending);
}

/** How long an owner that seemed to be gone may take to come back, in microseconds. */
const COMEBACK_US = 7 * 24 * 60 * 60 * 1_000_000;

async function release(sql: Sql, owner: string, ending: RunEnding): Promise<readonly string[]> {
  const ended = await releaseRuns(sql, owner, ending);
  await sql.run("DELETE FROM owners WHERE id = ?", [owner]);
  for (const [table, column] of [
    ["run_owners", "gone_us"],
    ["owners", "seen_us"],
  ]) {
    await sql.run(`DELETE FROM ${table} WHERE ${column} < ${sql.dialect.now} - ${COMEBACK_US}`);
  }
  return ended;
}
